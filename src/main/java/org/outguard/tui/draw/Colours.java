package org.outguard.tui.draw;

import com.googlecode.lanterna.TextColor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which colour an ink or a ground has, for what a terminal can show. */
final class Colours {

    private static final Pattern RGB = Pattern.compile("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})");
    private static final Pattern INDEX = Pattern.compile("\\d{1,3}");

    private final Look look;
    private final Map<TextRole, TextColor> wanted = new EnumMap<>(TextRole.class);

    Colours(Look look) {
        this.look = look;
        for (TextRole textRole : TextRole.values()) {
            Optional.ofNullable(look.colours().get(textRole.word()))
                    .flatMap(Colours::read)
                    .ifPresent(colour -> wanted.put(textRole, colour));
        }
    }

    /** Reads {@code "#rrggbb"}, a number below 256 or {@code "default"}; empty where it is none of them. */
    static Optional<TextColor> read(String text) {
        Matcher rgb = RGB.matcher(text);
        if (rgb.matches()) {
            return Optional.of(new TextColor.RGB(
                    Integer.parseInt(rgb.group(1), 16),
                    Integer.parseInt(rgb.group(2), 16),
                    Integer.parseInt(rgb.group(3), 16)));
        }
        if (INDEX.matcher(text).matches() && Integer.parseInt(text) < 256) {
            return Optional.of(new TextColor.Indexed(Integer.parseInt(text)));
        }
        return text.equals("default") ? Optional.of(TextColor.ANSI.DEFAULT) : Optional.empty();
    }

    TextColor ink(TextRole textRole, BackgroundRole background) {
        TextColor chosen = wanted.get(textRole);
        if (chosen != null && look.palette() != Palette.NONE && !background.badge()) {
            return chosen;
        }
        // The terminal's own colour can be read on its own background, whatever that is.
        if ((textRole == TextRole.TEXT || textRole == TextRole.STRONG)
                && background == BackgroundRole.NONE
                && look.scheme() != Look.Scheme.SOLARIZED) {
            return TextColor.ANSI.DEFAULT;
        }
        if (look.palette() == Palette.MANY || look.palette() == Palette.TRUE) {
            Schemes other = new Schemes(look);
            if (look.scheme() == Look.Scheme.HIGH_CONTRAST) {
                return other.contrast(textRole, background);
            }
            if (look.scheme() == Look.Scheme.SOLARIZED) {
                return other.solarized(textRole, background);
            }
        }
        return switch (look.palette()) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case SIXTEEN -> few(textRole, background);
            case MANY ->
                new TextColor.Indexed(
                        look.light() ? lightIndex(textRole, background) : darkIndex(textRole, background));
            case TRUE -> rgb(look.light() ? lightRgb(textRole, background) : darkRgb(textRole, background));
        };
    }

    TextColor ground(BackgroundRole background) {
        if (background == BackgroundRole.NONE) {
            return TextColor.ANSI.DEFAULT;
        }
        if (look.palette() == Palette.MANY || look.palette() == Palette.TRUE) {
            Schemes other = new Schemes(look);
            if (look.scheme() == Look.Scheme.HIGH_CONTRAST) {
                return other.contrast(background);
            }
            if (look.scheme() == Look.Scheme.SOLARIZED) {
                return other.solarized(background);
            }
        }
        return switch (look.palette()) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case SIXTEEN -> fewGround(background);
            case MANY -> new TextColor.Indexed(look.light() ? lightIndex(background) : darkIndex(background));
            case TRUE -> rgb(look.light() ? lightRgb(background) : darkRgb(background));
        };
    }

    private static TextColor rgb(int value) {
        return new TextColor.RGB(value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
    }

    private static int darkIndex(TextRole textRole, BackgroundRole background) {
        if (background.badge()) {
            return background == BackgroundRole.BADGE_BAD ? 231 : 233;
        }
        boolean selected = background == BackgroundRole.SELECTED;
        return switch (textRole) {
            case TEXT -> selected ? 255 : 252;
            case STRONG -> 231;
            case DIM -> selected ? 250 : 245;
            case FAINT -> selected ? 66 : 239;
            case ACCENT -> selected ? 123 : 80;
            case TRACE -> selected ? 73 : 30;
            case BAD -> selected ? 217 : 203;
            case WARN -> selected ? 222 : 215;
            case GOOD -> selected ? 157 : 114;
        };
    }

    private static int darkIndex(BackgroundRole background) {
        return switch (background) {
            case NONE -> 0;
            case BAR -> 236;
            case SELECTED -> 23;
            case DIALOG -> 235;
            case BADGE_ACCENT -> 80;
            case BADGE_BAD -> 160;
            case BADGE_WARN -> 215;
            case BADGE_GOOD -> 114;
        };
    }

    private static int lightIndex(TextRole textRole, BackgroundRole background) {
        if (background.badge()) {
            return 231;
        }
        return switch (textRole) {
            case TEXT -> 236;
            case STRONG -> 16;
            case DIM -> 241;
            case FAINT -> 250;
            case ACCENT -> 24;
            case TRACE -> 73;
            case BAD -> 160;
            case WARN -> 130;
            case GOOD -> 28;
        };
    }

    private static int lightIndex(BackgroundRole background) {
        return switch (background) {
            case NONE -> 15;
            case BAR -> 254;
            case SELECTED -> 153;
            case DIALOG -> 255;
            case BADGE_ACCENT -> 24;
            case BADGE_BAD -> 160;
            case BADGE_WARN -> 130;
            case BADGE_GOOD -> 28;
        };
    }

    private static int darkRgb(TextRole textRole, BackgroundRole background) {
        if (background.badge()) {
            return background == BackgroundRole.BADGE_BAD ? 0xffffff : 0x101418;
        }
        boolean selected = background == BackgroundRole.SELECTED;
        return switch (textRole) {
            case TEXT -> selected ? 0xeef2f4 : 0xd0d4d6;
            case STRONG -> 0xffffff;
            case DIM -> selected ? 0xb4c4c8 : 0x8a9094;
            case FAINT -> selected ? 0x5f8a8c : 0x4a5054;
            case ACCENT -> selected ? 0x8df0f0 : 0x5fd0d0;
            case TRACE -> selected ? 0x5fb0b2 : 0x1f8184;
            case BAD -> selected ? 0xffb4b0 : 0xff6460;
            case WARN -> selected ? 0xffdc90 : 0xf4b060;
            case GOOD -> selected ? 0xb4f4a8 : 0x88d488;
        };
    }

    private static int darkRgb(BackgroundRole background) {
        return switch (background) {
            case NONE -> 0;
            case BAR -> 0x2c3236;
            case SELECTED -> 0x0f5560;
            case DIALOG -> 0x22282c;
            case BADGE_ACCENT -> 0x5fd0d0;
            case BADGE_BAD -> 0xd01818;
            case BADGE_WARN -> 0xf4b060;
            case BADGE_GOOD -> 0x88d488;
        };
    }

    private static int lightRgb(TextRole textRole, BackgroundRole background) {
        if (background.badge()) {
            return 0xffffff;
        }
        return switch (textRole) {
            case TEXT -> 0x2c3236;
            case STRONG -> 0x000000;
            case DIM -> 0x5c6468;
            case FAINT -> 0xb8c0c4;
            case ACCENT -> 0x005f87;
            case TRACE -> 0x5fa8a8;
            case BAD -> 0xc01018;
            case WARN -> 0x9a5a00;
            case GOOD -> 0x1e7a1e;
        };
    }

    private static int lightRgb(BackgroundRole background) {
        return switch (background) {
            case NONE -> 0xffffff;
            case BAR -> 0xe4e8ea;
            case SELECTED -> 0xb8dcf0;
            case DIALOG -> 0xf0f2f4;
            case BADGE_ACCENT -> 0x005f87;
            case BADGE_BAD -> 0xc01018;
            case BADGE_WARN -> 0x9a5a00;
            case BADGE_GOOD -> 0x1e7a1e;
        };
    }

    private static TextColor few(TextRole textRole, BackgroundRole background) {
        if (background.badge()) {
            return background == BackgroundRole.BADGE_BAD ? TextColor.ANSI.WHITE_BRIGHT : TextColor.ANSI.BLACK;
        }
        if (background == BackgroundRole.SELECTED) {
            return TextColor.ANSI.BLACK;
        }
        return switch (textRole) {
            case TEXT, DIM, STRONG -> TextColor.ANSI.DEFAULT;
            case FAINT -> TextColor.ANSI.BLACK_BRIGHT;
            case ACCENT, TRACE -> TextColor.ANSI.CYAN;
            case BAD -> TextColor.ANSI.RED;
            case WARN -> TextColor.ANSI.YELLOW;
            case GOOD -> TextColor.ANSI.GREEN;
        };
    }

    private static TextColor fewGround(BackgroundRole background) {
        return switch (background) {
            case NONE, BAR, DIALOG -> TextColor.ANSI.DEFAULT;
            case SELECTED, BADGE_ACCENT -> TextColor.ANSI.CYAN;
            case BADGE_BAD -> TextColor.ANSI.RED;
            case BADGE_WARN -> TextColor.ANSI.YELLOW;
            case BADGE_GOOD -> TextColor.ANSI.GREEN;
        };
    }
}
