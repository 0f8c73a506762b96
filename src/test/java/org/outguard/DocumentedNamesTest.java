package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name types and packages that exist, and the architecture page has the import rules that the build enforces. */
class DocumentedNamesTest {

    private static final Path ARCHITECTURE = Path.of("src/docs/architecture.md");
    /** The design of something that is not built yet. */
    private static final Path DESIGN = Path.of("src/docs/actor.md");
    /** A Java type, with packages before it and members behind it where they are written. */
    private static final Pattern TYPE = Pattern.compile("`((?:[a-z]+\\.)*)([A-Z]\\w*[a-z]\\w*)((?:\\.\\w+)*)`");

    private static final Pattern GUARD_PACKAGE = Pattern.compile("`guard\\.([a-z]+)`");
    private static final Pattern ARROW = Pattern.compile("^ *(\\w+) --> ([\\w &]+)$", Pattern.MULTILINE);
    private static final Set<String> OF_THE_JDK = Set.of("Throwable", "System");

    @Test
    void eachTypeInADocumentExists() throws IOException {
        Map<String, List<Path>> sources = sources();
        List<Path> documents = documents();
        assertThat(documents).hasSizeGreaterThan(20);
        var missing = new ArrayList<String>();
        int types = 0;
        for (Path document : documents) {
            for (MatchResult found : found(TYPE, Files.readString(document))) {
                types++;
                if (!OF_THE_JDK.contains(found.group(2)) && !exists(found, sources)) {
                    missing.add(document + ": " + found.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(types).isGreaterThan(200);
    }

    @Test
    void theGuardsPackagesAreAllNamed() throws IOException {
        try (var folders = Files.list(Path.of("src/main/java/org/outguard/guard"))) {
            Set<String> there = folders.filter(Files::isDirectory)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> named = found(GUARD_PACKAGE, Files.readString(ARCHITECTURE)).stream()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(named).isEqualTo(there);
        }
    }

    @Test
    void theTableHasTheImportsThatTheBuildEnforces() throws IOException {
        Map<String, String[]> rows = Files.readAllLines(ARCHITECTURE).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split(" *\\| *"))
                .filter(cells -> cells.length == 5)
                .collect(Collectors.toMap(cells -> cells[1], Function.identity()));
        for (HouseRules.HousePackage of : HouseRules.PACKAGES) {
            String[] row = rows.get(of.name());
            assertThat(row).as(of.name()).isNotNull();
            Set<String> written = Stream.of(
                            row[3].replace("words", "flow, owner, mail").split(", "))
                    .filter(name -> !name.equals("–"))
                    .collect(Collectors.toSet());
            assertThat(written).as(of.name()).isEqualTo(of.name().equals("app") ? Set.of("everything") : of.mayUse());
            long libraries =
                    row[4].equals("–") ? 0 : row[4].replaceAll("\\(.*?\\)", "").split(", ").length;
            assertThat(libraries)
                    .as("libraries of " + of.name())
                    .isEqualTo(of.libraries().size());
        }
    }

    @Test
    void noArrowIsDrawnThatTheBuildRefuses() throws IOException {
        Map<String, Set<String>> mayUse = HouseRules.PACKAGES.stream()
                .collect(Collectors.toMap(HouseRules.HousePackage::name, HouseRules.HousePackage::mayUse));
        List<MatchResult> arrows = found(ARROW, Files.readString(ARCHITECTURE));
        assertThat(arrows).hasSizeGreaterThan(15);
        for (MatchResult arrow : arrows) {
            for (String to : arrow.group(2).split(" & ")) {
                assertThat(to.equals("edges")
                                || mayUse.getOrDefault(arrow.group(1), Set.of()).contains(to))
                        .as(arrow.group().strip())
                        .isTrue();
            }
        }
    }

    /** Whether a source of that name declares it, in that package, and each of the members occurs there. */
    private static boolean exists(MatchResult type, Map<String, List<Path>> sources) throws IOException {
        String folder = "/" + type.group(1).replace('.', '/') + type.group(2) + ".java";
        for (Path source : sources.getOrDefault(type.group(2), List.of())) {
            String text = Files.readString(source);
            if (source.toString().endsWith(folder)
                    && Stream.of(type.group(3).split("\\.")).allMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<Path>> sources() throws IOException {
        try (var files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            file -> String.valueOf(file.getFileName()).replace(".java", "")));
        }
    }

    private static List<Path> documents() throws IOException {
        try (var files = Files.walk(Path.of("src/docs"))) {
            return Stream.concat(
                            files.filter(file -> file.toString().endsWith(".md") && !file.equals(DESIGN)),
                            Stream.of("README.md", "native/README.md", ".github/CONTRIBUTING.md")
                                    .map(Path::of))
                    .toList();
        }
    }

    private static List<MatchResult> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }
}
