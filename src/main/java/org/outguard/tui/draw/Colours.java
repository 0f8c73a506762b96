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
    private final Map<Ink, TextColor> wanted = new EnumMap<>(Ink.class);

    Colours(Look look) {
        this.look = look;
        for (Ink ink : Ink.values()) {
            Optional.ofNullable(look.colours().get(ink.word()))
                    .flatMap(Colours::read)
                    .ifPresent(colour -> wanted.put(ink, colour));
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

    TextColor ink(Ink ink, Ground ground) {
        TextColor chosen = wanted.get(ink);
        if (chosen != null && look.palette() != Palette.NONE && !ground.badge()) {
            return chosen;
        }
        // The terminal's own colour can be read on its own background, whatever that is.
        if ((ink == Ink.TEXT || ink == Ink.STRONG) && ground == Ground.NONE && look.scheme() != Look.Scheme.SOLARIZED) {
            return TextColor.ANSI.DEFAULT;
        }
        if (look.palette() == Palette.MANY || look.palette() == Palette.TRUE) {
            Schemes other = new Schemes(look);
            if (look.scheme() == Look.Scheme.HIGH_CONTRAST) {
                return other.contrast(ink, ground);
            }
            if (look.scheme() == Look.Scheme.SOLARIZED) {
                return other.solarized(ink, ground);
            }
        }
        return switch (look.palette()) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case SIXTEEN -> few(ink, ground);
            case MANY -> new TextColor.Indexed(look.light() ? lightIndex(ink, ground) : darkIndex(ink, ground));
            case TRUE -> rgb(look.light() ? lightRgb(ink, ground) : darkRgb(ink, ground));
        };
    }

    TextColor ground(Ground ground) {
        if (ground == Ground.NONE) {
            return TextColor.ANSI.DEFAULT;
        }
        if (look.palette() == Palette.MANY || look.palette() == Palette.TRUE) {
            Schemes other = new Schemes(look);
            if (look.scheme() == Look.Scheme.HIGH_CONTRAST) {
                return other.contrast(ground);
            }
            if (look.scheme() == Look.Scheme.SOLARIZED) {
                return other.solarized(ground);
            }
        }
        return switch (look.palette()) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case SIXTEEN -> fewGround(ground);
            case MANY -> new TextColor.Indexed(look.light() ? lightIndex(ground) : darkIndex(ground));
            case TRUE -> rgb(look.light() ? lightRgb(ground) : darkRgb(ground));
        };
    }

    private static TextColor rgb(int value) {
        return new TextColor.RGB(value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
    }

    private static int darkIndex(Ink ink, Ground ground) {
        if (ground.badge()) {
            return ground == Ground.BADGE_BAD ? 231 : 233;
        }
        boolean selected = ground == Ground.SELECTED;
        return switch (ink) {
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

    private static int darkIndex(Ground ground) {
        return switch (ground) {
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

    private static int lightIndex(Ink ink, Ground ground) {
        if (ground.badge()) {
            return 231;
        }
        return switch (ink) {
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

    private static int lightIndex(Ground ground) {
        return switch (ground) {
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

    private static int darkRgb(Ink ink, Ground ground) {
        if (ground.badge()) {
            return ground == Ground.BADGE_BAD ? 0xffffff : 0x101418;
        }
        boolean selected = ground == Ground.SELECTED;
        return switch (ink) {
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

    private static int darkRgb(Ground ground) {
        return switch (ground) {
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

    private static int lightRgb(Ink ink, Ground ground) {
        if (ground.badge()) {
            return 0xffffff;
        }
        return switch (ink) {
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

    private static int lightRgb(Ground ground) {
        return switch (ground) {
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

    private static TextColor few(Ink ink, Ground ground) {
        if (ground.badge()) {
            return ground == Ground.BADGE_BAD ? TextColor.ANSI.WHITE_BRIGHT : TextColor.ANSI.BLACK;
        }
        if (ground == Ground.SELECTED) {
            return TextColor.ANSI.BLACK;
        }
        return switch (ink) {
            case TEXT, DIM, STRONG -> TextColor.ANSI.DEFAULT;
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
}
