package org.outguard.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What the file of the policy says of the screen. Which names and colours there are is known where they are used.
 *
 * @param keys names of keys by the name of what they do, section {@code [keys]}
 * @param colours colours by the name of what they are for, section {@code [colours]}
 * @param theme {@code screen.theme}, in lower case; empty where none is named
 * @param themes colours by the name of what they are for, by the name of a theme, sections {@code [themes.NAME]}
 * @param lightBackground {@code screen.background}; empty where the terminal is to say it
 * @param faults what is wrong with it
 */
public record ScreenFile(
        Map<String, List<String>> keys,
        Map<String, String> colours,
        Optional<String> theme,
        Map<String, Map<String, String>> themes,
        Optional<Boolean> lightBackground,
        List<PolicyResult.Fault> faults) {

    /** Sections that are read here and not as policy. */
    static final List<String> SECTIONS = List.of("keys", "colours", "themes", "screen");

    private static final int MOST = 200;

    public ScreenFile {
        keys = Map.copyOf(keys);
        colours = Map.copyOf(colours);
        themes = Map.copyOf(themes);
        faults = List.copyOf(faults);
    }

    /** Reads a file; one that is not there, or that cannot be read as TOML, says nothing of the screen. */
    public static ScreenFile read(Path path) {
        Reading reading = new Reading(path.toString());
        try {
            TomlParseResult toml = CondensedToml.of(Files.readString(path, StandardCharsets.UTF_8))
                    .parse();
            if (!toml.hasErrors()) {
                reading.take(toml);
            }
        } catch (IOException e) {
            // The policy of that file is complained about where it is wanted.
            return reading.done();
        }
        return reading.done();
    }

    private static final class Reading {
        private final String file;
        private final Map<String, List<String>> keys = new LinkedHashMap<>();
        private final Map<String, String> colours = new LinkedHashMap<>();
        private final List<PolicyResult.Fault> faults = new ArrayList<>();
        private final Map<String, Map<String, String>> themes = new LinkedHashMap<>();
        private Optional<String> theme = Optional.empty();
        private Optional<Boolean> light = Optional.empty();

        Reading(String file) {
            this.file = file;
        }

        ScreenFile done() {
            return new ScreenFile(keys, colours, theme, themes, light, faults);
        }

        void take(TomlTable toml) {
            if (toml.get(List.of("keys")) instanceof TomlTable table) {
                for (String name : names(table)) {
                    List<String> wanted = texts(table.get(List.of(name)));
                    if (wanted.isEmpty()) {
                        fault("keys." + name, "must be a key or a list of keys, as in [\"b\", \"F5\"]");
                    } else {
                        keys.put(name, wanted);
                    }
                }
            }
            if (toml.get(List.of("colours")) instanceof TomlTable table) {
                colours("colours", table, colours);
            }
            if (toml.get(List.of("themes")) instanceof TomlTable table) {
                for (String name : names(table)) {
                    if (table.get(List.of(name)) instanceof TomlTable own) {
                        Map<String, String> made = new LinkedHashMap<>();
                        colours("themes." + name, own, made);
                        themes.put(name.toLowerCase(Locale.ROOT), Map.copyOf(made));
                    } else {
                        fault("themes." + name, "must be a section with colours, as [themes." + name + "]");
                    }
                }
            }
            if (toml.get(List.of("screen")) instanceof TomlTable table) {
                for (String name : names(table)) {
                    screen(name, table.get(List.of(name)));
                }
            }
        }

        private void colours(String section, TomlTable table, Map<String, String> into) {
            for (String name : names(table)) {
                if (table.get(List.of(name)) instanceof String colour) {
                    into.put(name, colour);
                } else {
                    fault(section + "." + name, "must be a text: \"#rrggbb\", \"0\" to \"255\" or \"default\"");
                }
            }
        }

        private void screen(String name, @org.jspecify.annotations.Nullable Object value) {
            if (name.equals("theme") && value instanceof String named) {
                theme = Optional.of(named.toLowerCase(Locale.ROOT));
            } else if (name.equals("theme")) {
                fault("screen.theme", "must be the name of a theme, as \"dark\"");
            } else if (!name.equals("background")) {
                fault("screen." + name, "unknown; there are screen.theme and screen.background");
            } else if ("light".equals(value) || "dark".equals(value)) {
                light = Optional.of("light".equals(value));
            } else if (!"auto".equals(value)) {
                fault("screen.background", "must be \"light\", \"dark\" or \"auto\"");
            }
        }

        private static List<String> names(TomlTable table) {
            return table.keySet().stream().limit(MOST).toList();
        }

        private static List<String> texts(@org.jspecify.annotations.Nullable Object value) {
            if (value instanceof String text) {
                return List.of(text);
            }
            List<String> texts = new ArrayList<>();
            if (value instanceof TomlArray array) {
                for (int i = 0; i < Math.min(MOST, array.size()); i++) {
                    if (array.get(i) instanceof String text) {
                        texts.add(text);
                    }
                }
            }
            return texts;
        }

        private void fault(String key, String text) {
            faults.add(new PolicyResult.Fault(file, 0, key, text));
        }
    }
}
