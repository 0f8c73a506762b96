package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * src/docs/threads.md lists each thread that the sources name, and of each it is known how an Error in it ends the program: it is
 * planted in the running program ({@code ThreadDeathIT}), or in a test of whoever would keep it to himself, or nobody does.
 */
class ThreadsTest {

    private static final Pattern NAMED =
            Pattern.compile("(?:daemons|scheduled|oneByOne|daemon|new Thread)\\([^;\"]*?\"([a-z -]+)\"");

    /** Somebody waits for what they return, and throws on what they throw. */
    private static final Map<String, String> WAITED_FOR = Map.of(
            "queue files", "mta.ParallelHeaderReaderTest.anErrorOfAHelperIsThrownOn",
            "evidence", "app.enforce.TimedEvidenceTest.anErrorIsNoReasonButTheEndOfTheProgram",
            "program output", "exec.ProcessRunnerTest.anErrorInAThreadOfAPipeEndsWhoeverWaits");

    /** Their factory is handed on; each thread runs one task that nobody waits for, so the handler of all threads is told. */
    private static final Set<String> HANDED_ON = Set.of("kernel eye opens", "notify", "look-ups", "lab mail");

    /** It runs what the JDK's HTTP client makes; a fault there is that of the request, and its target is tried again. */
    private static final Set<String> OF_THE_JDK = Set.of("notify http");

    /** At the end of the program. */
    private static final Set<String> HOOKS = Set.of("terminal", "shutdown", "halt");

    @Test
    void everyThreadIsListed() throws IOException {
        assertThat(named()).contains("guard", "capture", "owners", "enforcement");
        assertThat(listed()).containsAll(named());
    }

    @Test
    void ofEachItIsKnownHowAnErrorInItEndsTheProgram() throws IOException, ReflectiveOperationException {
        Set<String> known = new TreeSet<>(planted());
        known.addAll(WAITED_FOR.keySet());
        known.addAll(HANDED_ON);
        known.addAll(OF_THE_JDK);
        known.addAll(HOOKS);
        String sources = sources().replaceAll("\\s+\\.", ".");
        listed().stream()
                // One task that nobody waits for, or tasks that Faults looks at.
                .filter(name -> sources.contains("daemons(\"" + name + "\").newThread(")
                        || sources.contains("Faults.scheduled(\"" + name + "\")")
                        || sources.contains("Faults.oneByOne(\"" + name + "\")"))
                .forEach(known::add);
        assertThat(known).containsExactlyInAnyOrderElementsOf(listed());
        for (String test : WAITED_FOR.values()) {
            int dot = test.lastIndexOf('.');
            assertThat(Class.forName("org.outguard." + test.substring(0, dot))
                            .getDeclaredMethod(test.substring(dot + 1))
                            .isAnnotationPresent(Test.class))
                    .isTrue();
        }
    }

    private static List<String> planted() throws ReflectiveOperationException {
        return List.of(Class.forName("org.outguard.app.ThreadDeathIT")
                .getDeclaredMethod("theProgramEndsWithTheThread", String.class)
                .getAnnotation(ValueSource.class)
                .strings());
    }

    /* The first column. */
    private static Set<String> listed() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("src/docs/threads.md"))) {
            if (line.startsWith("| `")) {
                Matcher name = Pattern.compile("`([a-z -]+)`").matcher(line.split("\\|")[1]);
                while (name.find()) {
                    names.add(name.group(1));
                }
            }
        }
        return names;
    }

    private static Set<String> named() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAMED.matcher(sources());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/outguard/app"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }
}
