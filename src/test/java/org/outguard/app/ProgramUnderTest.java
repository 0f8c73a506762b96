package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a user has it: its own process, started from the built jar with the flags of packaging/run. */
public final class ProgramUnderTest {

    private static final Pattern STACK_TRACE =
            Pattern.compile("(?m)^\\s*at [\\w.$/<>]+\\(|\\b\\w*(?:Exception|Error)\\b:");

    /** Where the build puts the native parts. */
    public static final Path NATIVE = Path.of(System.getProperty("outguard.native"));

    private static final Path TARGET = NATIVE.toAbsolutePath().getParent();

    /** One of their own, so that tests neither read nor write what was done on this machine. */
    static final Path JOURNAL =
            TARGET.resolve("it-" + ProcessHandle.current().pid()).resolve("journal.ndjson");

    /** The longest that a watch may take to say with which eye it watches. */
    private static final Duration EYE_PATIENCE = Duration.ofSeconds(60);

    private ProgramUnderTest() {}

    /** Where it journals what it does in a network namespace. */
    public static Path journal(String netns) {
        return JOURNAL.resolveSibling("journal-netns-" + netns + ".ndjson");
    }

    /** The command line; packaging/run is not used because it would build again. */
    public static List<String> command(String... arguments) {
        return command(TARGET, arguments);
    }

    /** The command line for a copy of the program, see {@link #copyTo}. */
    static List<String> command(Path target, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Xshare:auto",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-Djava.awt.headless=true",
                "-Doutguard.native=" + target.resolve("native"),
                "-Doutguard.journal=" + JOURNAL,
                "-cp",
                classPath(target),
                "org.outguard.app.Main"));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String classPath(Path target) {
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            return Stream.concat(Stream.of(target.resolve("outguard.jar")), jars.sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new UncheckedIOException("mvn package has to run first", e);
        }
    }

    /** Copies what is built, for users who may not look into this folder. */
    static void copyTo(Path folder) {
        Programs.output(
                "cp",
                "-r",
                TARGET.resolve("outguard.jar").toString(),
                TARGET.resolve("lib").toString(),
                NATIVE.toString(),
                folder.toString());
        Programs.output("chmod", "-R", "a+rX", folder.toString());
    }

    /**
     * What came out of a run.
     *
     * @param pid its process number
     * @param status its exit status
     * @param stdout its standard output
     * @param stderr its standard error
     */
    public record Ended(long pid, int status, String stdout, String stderr) {

        /** Both outputs, for a look at everything that a person sees. */
        public String all() {
            return stdout + stderr;
        }

        /** Standard output as NDJSON; fails where it holds anything else. */
        public List<Map<String, Object>> json() {
            return ndjson(stdout);
        }

        /** Fails where there is a stack trace or the name of an exception. */
        public Ended withoutStackTrace() {
            assertThat(STACK_TRACE.matcher(all()).find()).as(all()).isFalse();
            return this;
        }
    }

    /** A run that goes on. */
    public static final class Running {
        private final Process process;
        private final Path stdout;
        private final Path stderr;

        private Running(Process process, Path stdout, Path stderr) {
            this.process = process;
            this.stdout = stdout;
            this.stderr = stderr;
        }

        long pid() {
            return process.pid();
        }

        /** What it has written to standard output so far. */
        String stdout() {
            return read(stdout);
        }

        /** What it has written so far, for messages. */
        public String all() {
            return read(stdout) + read(stderr);
        }

        /** Whole lines of standard output so far, as NDJSON. */
        List<Map<String, Object>> json() {
            String text = stdout();
            return ndjson(text.substring(0, text.lastIndexOf('\n') + 1));
        }

        /** Sends SIGTERM, as systemd and kill(1) do. */
        void terminate() {
            program().destroy();
        }

        /* nsenter(1) with another pid namespace waits for what it started, and hands no signal on. */
        private ProcessHandle program() {
            boolean enters = process.info().command().orElse("").endsWith("/nsenter");
            return enters ? process.children().findFirst().orElse(process.toHandle()) : process.toHandle();
        }

        /** Ends it without a chance to tidy up. */
        public void kill() {
            process.toHandle().destroyForcibly();
        }

        /** Waits for its end; one that does not end is killed, and that is a failure. */
        public Ended await(Duration limit) {
            try {
                boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    terminate();
                    if (!process.waitFor(5, TimeUnit.SECONDS)) {
                        kill();
                    }
                }
                assertThat(ended).as("it ends within " + limit + ": " + all()).isTrue();
            } catch (InterruptedException e) {
                kill();
                throw new AssertionError(e);
            }
            return new Ended(process.pid(), process.exitValue(), read(stdout), read(stderr));
        }
    }

    /** Runs the program to its end. */
    public static Ended run(Path folder, Duration limit, String... arguments) {
        return start(folder, command(arguments)).await(limit);
    }

    /** Starts a command with its outputs in files of this folder. */
    public static Running start(Path folder, List<String> command) {
        try {
            Path stdout = Files.createTempFile(folder, "stdout", "");
            Path stderr = Files.createTempFile(folder, "stderr", "");
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            return new Running(process, stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a watch, and waits until it has said that it watches with this eye. What it logs is its standard output to whoever
     * asks for that, though it goes to a file: else the log alone says which eye it is, and that not before ten seconds.
     *
     * @param command without {@code --eye} and {@code --json}
     */
    public static Running watch(Path folder, String eye, List<String> command) {
        try {
            Path log = Files.createTempFile(folder, "log", "");
            Path said = Files.createTempFile(folder, "said", "");
            List<String> whole = new ArrayList<>(command);
            whole.addAll(List.of("--eye", eye, "--json", log.toString()));
            Process process = new ProcessBuilder(whole)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            Running running = new Running(process, log, said);
            try {
                Patience.until(running::all, EYE_PATIENCE, () -> read(said).contains(" with the " + eye + " eye"));
            } catch (AssertionError e) {
                running.kill();
                throw e;
            }
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Map<String, Object>> ndjson(String text) {
        return text.lines()
                .map(line -> {
                    try {
                        Map<String, Object> object = JSON.std.mapFrom(line);
                        assertThat(object).as(line).containsKey("type");
                        return object;
                    } catch (IOException e) {
                        throw new AssertionError("not NDJSON: " + line, e);
                    }
                })
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
