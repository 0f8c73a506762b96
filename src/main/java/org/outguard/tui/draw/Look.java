package org.outguard.tui.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a terminal can show.
 *
 * @param palette its colours
 * @param light whether its background is light
 * @param ascii whether it shows ASCII only
 * @param scheme which colours
 * @param isCertain whether the background is known, so that the terminal need not be asked
 * @param colours colours that somebody wants for an ink, {@code "#rrggbb"}, a number of xterm's 256 or {@code "default"}
 */
public record Look(
        Palette palette, boolean light, boolean ascii, Scheme scheme, boolean isCertain, Map<String, String> colours) {

    /** Names of the themes that need no file. */
    public static final List<String> THEMES = List.of("auto", "dark", "light", "mono", "high-contrast", "solarized");

    /** Which colours are taken. */
    public enum Scheme {
        STANDARD,
        /** As far from the background as there is. */
        HIGH_CONTRAST,
        /** Those of Solarized (ethanschoonover.com/solarized). */
        SOLARIZED
    }

    public Look {
        colours = Map.copyOf(colours);
    }

    /** Dark, with all characters. */
    public static Look of(Palette palette) {
        return new Look(palette, false, false, Scheme.STANDARD, true, Map.of());
    }

    /**
     * What the environment says of the terminal: TERM, COLORTERM, COLORFGBG, LC_ALL, LC_CTYPE, LANG; OUTGUARD_LOCALE before
     * these where the launcher has set them for the names of files.
     *
     * @param colour whether colour is wanted at all (NO_COLOR, {@code --color})
     */
    public static Look of(Map<String, String> environment, boolean colour) {
        String term = environment.getOrDefault("TERM", "");
        String depth = environment.getOrDefault("COLORTERM", "");
        Palette palette = Palette.of(colour, term);
        if (palette == Palette.MANY && (depth.equals("truecolor") || depth.equals("24bit"))) {
            palette = Palette.TRUE;
        }
        boolean certain = palette == Palette.NONE || environment.containsKey("COLORFGBG");
        return new Look(palette, light(environment), !utf8(environment), Scheme.STANDARD, certain, Map.of());
    }

    /* rxvt's variable, "foreground;background" by numbers of the sixteen; 7 and 15 are white. */
    private static boolean light(Map<String, String> environment) {
        String colours = environment.getOrDefault("COLORFGBG", "");
        String ground = colours.substring(colours.lastIndexOf(';') + 1);
        return ground.equals("7") || ground.equals("15");
    }

    /* locale(7): the first of these that is set and not empty counts. */
    private static boolean utf8(Map<String, String> environment) {
        String[] names = environment.containsKey("OUTGUARD_LOCALE")
                ? new String[] {"OUTGUARD_LOCALE"}
                : new String[] {"LC_ALL", "LC_CTYPE", "LANG"};
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                String charset = value.toLowerCase(Locale.ROOT);
                return charset.contains("utf-8") || charset.contains("utf8");
            }
        }
        // Nothing was said, as under cron or in a bare container: terminals of today show UTF-8.
        return true;
    }

    /** What is wrong with the colours that somebody wants. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        colours.forEach((name, colour) -> {
            if (Arrays.stream(TextRole.values())
                    .noneMatch(textRole -> textRole.word().equals(name))) {
                faults.add("colours." + name + ": unknown; there are: "
                        + Arrays.stream(TextRole.values()).map(TextRole::word).collect(Collectors.joining(" ")));
            } else if (Colours.read(colour).isEmpty()) {
                faults.add("colours." + name + ": '" + colour + "' is no colour; it is #rrggbb, 0 to 255 or default");
            }
        });
        return faults;
    }

    /** The same with colours of somebody's choice. */
    public Look withColours(Map<String, String> wanted) {
        return new Look(palette, light, ascii, scheme, isCertain, wanted);
    }

    /** The same on a light or a dark background. */
    public Look onLight(boolean lit) {
        return new Look(palette, lit, ascii, scheme, true, colours);
    }

    /**
     * The same with a theme.
     *
     * @param theme one of {@link #THEMES}; another name changes nothing
     */
    public Look withTheme(String theme) {
        return switch (theme) {
            case "dark" -> onLight(false);
            case "light" -> onLight(true);
            case "mono" -> new Look(Palette.NONE, light, ascii, scheme, true, colours);
            case "high-contrast" -> new Look(palette, light, ascii, Scheme.HIGH_CONTRAST, isCertain, colours);
            case "solarized" -> new Look(palette, light, ascii, Scheme.SOLARIZED, isCertain, colours);
            default -> this;
        };
    }
}
