package org.outguard.tui;

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
final class Theme {

    /* Foreign text makes cells without end; when there are more than this, all are forgotten and made again. */
    private static final int MOST_RARE = 4_096;
    private static final int ASCII_END = 0x7f;

    private final Palette palette;
    private final Map<Ink, Map<Ground, Style>> styles = new EnumMap<>(Ink.class);
    private int rare;

    Theme(Palette palette) {
        this.palette = palette;
        for (Ink ink : Ink.values()) {
            Map<Ground, Style> row = new EnumMap<>(Ground.class);
            for (Ground ground : Ground.values()) {
                row.put(ground, made(ink, ground));
            }
            styles.put(ink, row);
        }
    }

    /** A cell with one code point. */
    TextCharacter cell(int point, Ink ink, Ground ground) {
        Style style = style(ink, ground);
        if (point >= ' ' && point < ASCII_END) {
            return style.ascii(point);
        }
        return printable(point) && Columns.width(point) > 0
                ? rareCell(Character.toString(point), style)
                : style.ascii('?');
    }

    /** A cell with a base and the combining marks upon it. */
    TextCharacter cell(String cluster, Ink ink, Ground ground) {
        Style style = style(ink, ground);
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

    /** Whether it stands in a cell and does nothing else. */
    static boolean printable(int point) {
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

    private Style style(Ink ink, Ground ground) {
        return Objects.requireNonNull(Objects.requireNonNull(styles.get(ink)).get(ground));
    }

    private Style made(Ink ink, Ground ground) {
        EnumSet<SGR> modifiers = EnumSet.noneOf(SGR.class);
        if (ink == Ink.STRONG || ground.badge()) {
            modifiers.add(SGR.BOLD);
        }
        return switch (palette) {
            case MANY -> new Style(many(ink, ground), manyGround(ground), modifiers);
            case SIXTEEN -> new Style(few(ink, ground), fewGround(ground), modifiers);
            case NONE -> plain(ink, ground, modifiers);
        };
    }

    private static TextColor many(Ink ink, Ground ground) {
        if (ground.badge()) {
            return new TextColor.Indexed(ground == Ground.BADGE_BAD ? 231 : 233);
        }
        boolean selected = ground == Ground.SELECTED;
        return new TextColor.Indexed(
                switch (ink) {
                    case TEXT -> selected ? 255 : 252;
                    case STRONG -> 231;
                    case DIM -> selected ? 250 : 245;
                    case FAINT -> selected ? 66 : 239;
                    case ACCENT -> selected ? 123 : 80;
                    case TRACE -> selected ? 73 : 30;
                    case BAD -> selected ? 217 : 203;
                    case WARN -> selected ? 222 : 215;
                    case GOOD -> selected ? 157 : 114;
                });
    }

    private static TextColor manyGround(Ground ground) {
        return switch (ground) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case BAR -> new TextColor.Indexed(236);
            case SELECTED -> new TextColor.Indexed(23);
            case DIALOG -> new TextColor.Indexed(235);
            case BADGE_ACCENT -> new TextColor.Indexed(80);
            case BADGE_BAD -> new TextColor.Indexed(160);
            case BADGE_WARN -> new TextColor.Indexed(215);
            case BADGE_GOOD -> new TextColor.Indexed(114);
        };
    }

    private static TextColor few(Ink ink, Ground ground) {
        if (ground.badge()) {
            return ground == Ground.BADGE_BAD ? TextColor.ANSI.WHITE_BRIGHT : TextColor.ANSI.BLACK;
        }
        if (ground == Ground.SELECTED) {
            return TextColor.ANSI.BLACK;
        }
        return switch (ink) {
            case TEXT, DIM -> TextColor.ANSI.DEFAULT;
            case STRONG -> TextColor.ANSI.DEFAULT;
            case FAINT -> TextColor.ANSI.BLACK_BRIGHT;
            case ACCENT, TRACE -> TextColor.ANSI.CYAN;
            case BAD -> TextColor.ANSI.RED;
            case WARN -> TextColor.ANSI.YELLOW;
            case GOOD -> TextColor.ANSI.GREEN;
        };
    }

    private static TextColor fewGround(Ground ground) {
        return switch (ground) {
            case NONE, BAR, DIALOG -> TextColor.ANSI.DEFAULT;
            case SELECTED, BADGE_ACCENT -> TextColor.ANSI.CYAN;
            case BADGE_BAD -> TextColor.ANSI.RED;
            case BADGE_WARN -> TextColor.ANSI.YELLOW;
            case BADGE_GOOD -> TextColor.ANSI.GREEN;
        };
    }

    private static Style plain(Ink ink, Ground ground, EnumSet<SGR> modifiers) {
        if (ink == Ink.BAD) {
            modifiers.add(SGR.BOLD);
        }
        if (ground == Ground.SELECTED || ground.badge()) {
            modifiers.add(SGR.REVERSE);
        }
        if (ground == Ground.BAR) {
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
