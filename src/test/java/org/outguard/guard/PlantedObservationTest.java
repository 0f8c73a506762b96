package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of observation that the guard forgets to handle does not compile. */
class PlantedObservationTest {

    private static final Path SOURCES = Path.of("src/main/java/org/outguard/guard");
    private static final String VISITOR = "    interface Visitor {\n";
    private static final String PLANTED_METHOD = "        void planted(Planted observation);\n";
    private static final String PLANTED_KIND = """
                record Planted(String what) implements HostObservation {
                    @Override
                    public void accept(Observation.Visitor visitor) {
                        visitor.planted(this);
                    }
                }
            """;

    @TempDir
    Path folder;

    @Test
    void theKindsThatThereAreCompile() throws IOException {
        assertThat(errorsWith("", "")).isEmpty();
    }

    @Test
    void aKindThatTheGuardDoesNotHandleDoesNotCompile() throws IOException {
        assertThat(errorsWith(PLANTED_KIND, PLANTED_METHOD))
                .singleElement()
                .asString()
                .contains("ObservationHandler is not abstract and does not override abstract method planted");
    }

    @Test
    void aKindWithoutItsMethodDoesNotCompile() throws IOException {
        assertThat(errorsWith(PLANTED_KIND, "")).singleElement().asString().contains("cannot find symbol");
    }

    @Test
    void aKindThatVisitsNothingDoesNotCompile() throws IOException {
        assertThat(errorsWith("    record Planted(String what) implements HostObservation {}\n", ""))
                .singleElement()
                .asString()
                .contains("Planted is not abstract and does not override abstract method accept");
    }

    private List<String> errorsWith(String kind, String method) throws IOException {
        String source = Files.readString(SOURCES.resolve("observation/HostObservation.java"));
        int visitor = source.indexOf(VISITOR);
        assertThat(visitor).isPositive();
        int comment = source.lastIndexOf("    /**", visitor);
        String planted = source.substring(0, comment)
                + kind
                + source.substring(comment, visitor + VISITOR.length())
                + method
                + source.substring(visitor + VISITOR.length());
        Path changed = Files.writeString(folder.resolve("HostObservation.java"), planted);
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            compiler.getTask(
                            null,
                            files,
                            found,
                            List.of(
                                    "-proc:none",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    folder.toString()),
                            null,
                            files.getJavaFileObjects(changed, SOURCES.resolve("ObservationHandler.java")))
                    .call();
        }
        return found.getDiagnostics().stream()
                .map(problem -> problem.getMessage(Locale.ROOT))
                .toList();
    }
}
