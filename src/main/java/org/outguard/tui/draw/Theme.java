package org.outguard.tui.draw;

import com.googlecode.lanterna.SGR;
import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.outguard.text.Columns;

/**
 * Makes the cells, each only once: a frame of cached cells costs next to no garbage. It is the last guard before the
 * terminal, too: what is not printable becomes a question mark, whoever forgot to clean it.
 */
public final class Theme {

    /* Foreign text makes cells without end; when there are more than this, all are forgotten and made again. */
    private static final int MOST_RARE = 4_096;
    private static final int ASCII_END = 0x7f;

    private final Look look;
    private final Colours colours;
    private final Map<TextRole, Map<BackgroundRole, Style>> styles = new EnumMap<>(TextRole.class);
    private int rare;

    public Theme(Look look) {
        this.look = look;
        this.colours = new Colours(look);
        for (TextRole textRole : TextRole.values()) {
            Map<BackgroundRole, Style> row = new EnumMap<>(BackgroundRole.class);
            for (BackgroundRole background : BackgroundRole.values()) {
                row.put(background, made(textRole, background));
            }
            styles.put(textRole, row);
        }
    }

    /** A cell with one code point. */
    TextCharacter cell(int point, TextRole textRole, BackgroundRole background) {
        Style style = style(textRole, background);
        if (point >= ' ' && point < ASCII_END) {
            return style.ascii(point);
        }
        if (look.ascii()) {
            return style.ascii(Ascii.of(point));
        }
        return printable(point) && Columns.width(point) > 0
                ? rareCell(Character.toString(point), style)
                : style.ascii('?');
    }

    /** A cell with a base and the combining marks upon it. */
    TextCharacter cell(String cluster, TextRole textRole, BackgroundRole background) {
        Style style = style(textRole, background);
        if (look.ascii()) {
            return style.ascii(Ascii.of(cluster.codePointAt(0)));
        }
        boolean based = Columns.width(cluster.codePointAt(0)) > 0;
        return based && cluster.codePoints().allMatch(Theme::printable) ? rareCell(cluster, style) : style.ascii('?');
    }

    private TextCharacter rareCell(String cluster, Style style) {
        TextCharacter known = style.rare.get(cluster);
        if (known != null) {
            return known;
        }
        if (rare++ > MOST_RARE) {
            rare = 0;
            styles.values().forEach(row -> row.values().forEach(each -> each.rare.clear()));
        }
        TextCharacter[] made = TextCharacter.fromString(cluster, style.foreground, style.background, style.modifiers);
        TextCharacter cell = made.length == 1 ? made[0] : style.ascii('?');
        style.rare.put(cluster, cell);
        return cell;
    }

    /** Columns that a character takes here. */
    int width(int point) {
        return !look.ascii() && Columns.width(point) == 2 && printable(point) ? 2 : 1;
    }

    /** Whether it stands in a cell and does nothing else. */
    public static boolean printable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private Style style(TextRole textRole, BackgroundRole background) {
        return Objects.requireNonNull(
                Objects.requireNonNull(styles.get(textRole)).get(background));
    }

    private Style made(TextRole textRole, BackgroundRole background) {
        EnumSet<SGR> modifiers = EnumSet.noneOf(SGR.class);
        if (textRole == TextRole.STRONG || background.badge()) {
            modifiers.add(SGR.BOLD);
        }
        if (look.palette() == Palette.NONE) {
            return plain(textRole, background, modifiers);
        }
        return new Style(colours.ink(textRole, background), colours.ground(background), modifiers);
    }

    private static Style plain(TextRole textRole, BackgroundRole background, EnumSet<SGR> modifiers) {
        if (textRole == TextRole.BAD) {
            modifiers.add(SGR.BOLD);
        }
        if (background == BackgroundRole.SELECTED || background.badge()) {
            modifiers.add(SGR.REVERSE);
        }
        if (background == BackgroundRole.BAR) {
            modifiers.add(SGR.UNDERLINE);
        }
        return new Style(TextColor.ANSI.DEFAULT, TextColor.ANSI.DEFAULT, modifiers);
    }

    /** One look and the cells that have it. */
    private static final class Style {
        private final TextColor foreground;
        private final TextColor background;
        private final EnumSet<SGR> modifiers;
        private final @Nullable TextCharacter[] ascii = new @Nullable TextCharacter[ASCII_END];
        private final Map<String, TextCharacter> rare = new HashMap<>();

        Style(TextColor foreground, TextColor background, EnumSet<SGR> modifiers) {
            this.foreground = foreground;
            this.background = background;
            this.modifiers = modifiers;
        }

        TextCharacter ascii(int point) {
            TextCharacter cell = ascii[point];
            if (cell == null) {
                cell = TextCharacter.fromString(Character.toString(point), foreground, background, modifiers)[0];
                ascii[point] = cell;
            }
            return cell;
        }
    }
}
