package org.outguard.app.screen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.tui.state.KeptColumns;

/** Hidden columns in a file, a line for each view: {@code "Offenders: score, match"}. */
final class ColumnsFile implements KeptColumns {

    private static final int MOST_BYTES = 4_096;

    private final Path file;

    ColumnsFile(Path file) {
        this.file = file;
    }

    @Override
    public Map<String, Set<String>> read() {
        Map<String, Set<String>> hidden = new LinkedHashMap<>();
        for (String line : lines()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                Set<String> titles = Arrays.stream(line.substring(colon + 1).split(","))
                        .map(String::strip)
                        .filter(title -> !title.isEmpty())
                        .collect(Collectors.toSet());
                hidden.put(line.substring(0, colon), titles);
            }
        }
        return hidden;
    }

    private List<String> lines() {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
                    ? Files.readAllLines(file, StandardCharsets.UTF_8)
                    : List.of();
        } catch (IOException e) {
            // All of them are shown.
            return List.of();
        }
    }

    @Override
    public void write(Map<String, Set<String>> hidden) {
        List<String> lines = hidden.entrySet().stream()
                .filter(view -> !view.getValue().isEmpty())
                .map(view ->
                        view.getKey() + ": " + view.getValue().stream().sorted().collect(Collectors.joining(", ")))
                .toList();
        try {
            Files.write(file, lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            // They are hidden until the end, and chosen once more at the next start.
            return;
        }
    }
}
