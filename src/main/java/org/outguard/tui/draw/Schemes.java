package org.outguard.tui.draw;

import com.googlecode.lanterna.TextColor;

/** The colours of the schemes that are not the standard one; 256 colours, which every terminal with more has too. */
final class Schemes {

    private final Look look;

    Schemes(Look look) {
        this.look = look;
    }

    /** Black on white or white on black; what is dim is not. Hues are those that differ for colour-blind people as well. */
    TextColor contrast(TextRole textRole, BackgroundRole background) {
        boolean light = look.light();
        if (background.badge() || background == BackgroundRole.SELECTED) {
            return index(light || background == BackgroundRole.BADGE_BAD ? 231 : 16);
        }
        return switch (textRole) {
            case TEXT, STRONG -> index(light ? 16 : 231);
            case DIM -> index(light ? 16 : 255);
            case FAINT, TRACE -> index(light ? 240 : 250);
            case ACCENT -> index(light ? 18 : 51);
            case BAD -> index(light ? 88 : 209);
            case WARN -> index(light ? 94 : 226);
            case GOOD -> index(light ? 22 : 120);
        };
    }

    TextColor contrast(BackgroundRole background) {
        boolean light = look.light();
        return switch (background) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case BAR, DIALOG -> index(light ? 254 : 233);
            case SELECTED -> index(light ? 18 : 226);
            case BADGE_ACCENT -> index(light ? 18 : 51);
            case BADGE_BAD -> index(light ? 88 : 124);
            case BADGE_WARN -> index(light ? 94 : 226);
            case BADGE_GOOD -> index(light ? 22 : 120);
        };
    }

    /* The accents are the same on both backgrounds, which is what Solarized is for. */
    TextColor solarized(TextRole textRole, BackgroundRole background) {
        boolean light = look.light();
        if (background.badge()) {
            return index(light ? 230 : 234);
        }
        return switch (textRole) {
            case TEXT -> index(light ? 241 : 244);
            case STRONG -> index(light ? 240 : 245);
            case DIM -> index(light ? 245 : 241);
            case FAINT -> index(light ? 254 : 240);
            case ACCENT -> index(33);
            case TRACE -> index(37);
            case BAD -> index(160);
            case WARN -> index(136);
            case GOOD -> index(64);
        };
    }

    TextColor solarized(BackgroundRole background) {
        boolean light = look.light();
        return switch (background) {
            case NONE -> TextColor.ANSI.DEFAULT;
            case BAR, DIALOG -> index(light ? 254 : 235);
            case SELECTED -> index(light ? 187 : 236);
            case BADGE_ACCENT -> index(33);
            case BADGE_BAD -> index(160);
            case BADGE_WARN -> index(136);
            case BADGE_GOOD -> index(64);
        };
    }

    private static TextColor index(int number) {
        return new TextColor.Indexed(number);
    }
}
