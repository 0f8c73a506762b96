package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Counts what a newcomer stumbles over: long files, large packages, names that mean two things, words of this house alone. */
class HouseCountTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final int MOST_LINES = 400;
    private static final int MOST_TYPES = 30;

    /** A name that stands in two packages, and why it may. */
    private static final Map<String, String> SAME_NAME = Map.of();

    /** Not said like that in the field; INTERFACE words such as "nobodysPackets" are no such words. */
    private static final Pattern HOUSE_WORDS = Pattern.compile(
            "\\b(by word|takes? back|is no more|are no more|hands? (it|mail|them) in|the picture|nobody named|nobody (can|could) be named)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern TEXT = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"");

    @Test
    void noFileIsLong() {
        List<String> tooLong = Stream.concat(
                        files(MAIN, ".java"), Stream.of(".c", ".h").flatMap(end -> files(Path.of("native"), end)))
                .filter(file -> lines(file).size() > MOST_LINES)
                .map(file -> file + ": " + lines(file).size())
                .toList();

        assertThat(tooLong).isEmpty();
    }

    @Test
    void noPackageIsLarge() {
        Map<String, Long> types = files(MAIN, ".java")
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(
                        file -> String.valueOf(file.getParent()), TreeMap::new, Collectors.counting()));

        types.values().removeIf(count -> count <= MOST_TYPES);
        assertThat(types).isEmpty();
    }

    @Test
    void testsWithAMailSystemSaySo() {
        Pattern starts = Pattern.compile("MailLab\\.(start\\w*|machine)\\(");
        List<Path> silent = files(Path.of("src/test/java"), "IT.java")
                .filter(file -> lines(file).stream()
                        .anyMatch(line -> starts.matcher(line).find()))
                .filter(file -> !lines(file).contains("@WithMailSystem"))
                .toList();

        assertThat(silent).isEmpty();
    }

    @Test
    void noNameMeansTwoTypes() {
        Map<String, List<Path>> byName = files(MAIN, ".java")
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(
                        file -> String.valueOf(file.getFileName()), TreeMap::new, Collectors.toList()));

        byName.entrySet().removeIf(name -> name.getValue().size() == 1 || SAME_NAME.containsKey(name.getKey()));
        assertThat(byName).isEmpty();
    }

    @Test
    void noTextHasWordsOfThisHouseAlone() {
        List<String> found = new ArrayList<>();
        files(MAIN, ".java")
                .forEach(file -> lines(file).forEach(line -> {
                    Matcher text = TEXT.matcher(line);
                    while (text.find()) {
                        if (HOUSE_WORDS.matcher(text.group(1)).find()) {
                            found.add(file + ": " + line.strip());
                        }
                    }
                }));
        Stream.concat(Stream.of(Path.of("README.md"), Path.of("native/README.md")), files(Path.of("src/docs"), ".md"))
                .forEach(file -> lines(file).stream()
                        .filter(line -> HOUSE_WORDS.matcher(line).find())
                        .forEach(line -> found.add(file + ": " + line.strip())));

        assertThat(found).isEmpty();
    }

    private static Stream<Path> files(Path folder, String end) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> String.valueOf(file.getFileName()).endsWith(end)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
