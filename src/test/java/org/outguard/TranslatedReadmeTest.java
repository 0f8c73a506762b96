package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each translated README has the sections and the commands of the English one. */
class TranslatedReadmeTest {
    private static final Path ENGLISH = Path.of("README.md");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    @ParameterizedTest
    @ValueSource(strings = {"de", "es", "ja", "zh"})
    void hasTheSectionsAndCommandsOfTheEnglishOne(String language) throws IOException {
        Path translated = Path.of("src/docs/README." + language + ".md");

        assertThat(headings(translated)).hasSizeGreaterThan(5).isEqualTo(headings(ENGLISH));
        assertThat(commands(translated)).hasSizeGreaterThan(4).isEqualTo(commands(ENGLISH));
        assertThat(code(translated)).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(code(ENGLISH));
        assertThat(Files.readString(ENGLISH)).contains("](" + translated + ")");
    }

    /** The levels alone, since the words are translated. */
    private static List<String> headings(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    /** Lines of code blocks without their comments, which are translated. */
    private static List<String> commands(Path file) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside && !line.startsWith("#")) {
                commands.add(line.replaceFirst("\\s+# .*", ""));
            }
        }
        return commands;
    }

    private static List<String> code(Path file) throws IOException {
        String prose = Files.readString(file).replaceAll("(?s)```.*?```", "");
        return CODE.matcher(prose).results().map(match -> match.group(1)).toList();
    }
}
