package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The glossary names types that there are, and is short enough to be read. */
class GlossaryTest {

    private static final Path GLOSSARY = Path.of("src/docs/glossary.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w+)[^`]*`");
    private static final int MOST_TERMS = 60;

    private static List<String[]> rows() throws IOException {
        return Files.readAllLines(GLOSSARY).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| term"))
                .map(line -> line.split("\\|"))
                .toList();
    }

    @Test
    void eachTypeInItExists() throws IOException {
        Set<String> types;
        try (var files = Files.walk(SOURCES)) {
            types = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        List<String> named = rows().stream()
                .flatMap(row -> TYPE.matcher(row[3]).results())
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(40).allMatch(types::contains);
    }

    @Test
    void itIsShort() throws IOException {
        assertThat(rows()).hasSizeBetween(40, MOST_TERMS).allMatch(row -> row.length == 4);
    }
}
