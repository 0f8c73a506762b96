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

/** The threat model and all other documents name tests that there are. */
class ThreatModelTest {

    private static final Path MODEL = Path.of("src/docs/threat-model.md");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))`");

    @Test
    void eachTestInItExists() throws IOException {
        assertThat(named(MODEL)).hasSizeGreaterThan(15).allMatch(tests()::contains);
    }

    @Test
    void eachTestInADocumentExists() throws IOException {
        Set<String> tests = tests();
        List<Path> documents;
        try (var files = Files.walk(Path.of("src/docs"))) {
            documents = files.filter(file -> file.toString().endsWith(".md")).toList();
        }
        assertThat(documents).hasSizeGreaterThan(20);
        for (Path document : documents) {
            assertThat(named(document)).as(document.toString()).allMatch(tests::contains);
        }
        assertThat(named(Path.of("README.md"))).allMatch(tests::contains);
    }

    private static Set<String> tests() throws IOException {
        try (var files = Files.walk(Path.of("src"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> named(Path document) throws IOException {
        return TEST.matcher(Files.readString(document))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
