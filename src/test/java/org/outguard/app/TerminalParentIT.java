package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/** native/parent/outguard-terminal gives the terminal back, whatever becomes of the program that had it. */
class TerminalParentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PARENT =
            Path.of(System.getProperty("outguard.native")).toAbsolutePath().resolve("outguard-terminal");

    /* What was typed ahead is echoed before the prompt. */
    private static final Pattern STATUS = Pattern.compile("(?m)^(?:ready> )?status (\\d+)$");

    @TempDir
    private static Path folder;

    private Tmux terminal;
    private String settings;
    private long parent;
    private long program;

    @BeforeEach
    void start() throws Exception {
        terminal = new Tmux(80, 24, Map.of());
        settings = terminal.settings(folder.resolve("before-" + System.nanoTime()));
        Files.writeString(
                folder.resolve("scene"),
                "exec " + CommandRunner.describe(List.of(PARENT.toString())) + " " + TtyScene.command() + "\n");
        terminal.typeLine("clear; echo above");
        terminal.awaitScreen("what was there before", PATIENCE, screen -> screen.startsWith("above\nready>"));
        terminal.typeLine("sh " + folder.resolve("scene"));
        awaitScene("drawn 1");
        parent = terminal.childPid();
        program = ProcessHandle.of(parent)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    @AfterEach
    void close() {
        terminal.close();
        ProcessHandle.of(program).ifPresent(ProcessHandle::destroyForcibly);
    }

    /* A shell that gives the terminal back may have it drawn once more than once. */
    private void awaitDrawnAnew() {
        terminal.awaitScreen("drawn anew", PATIENCE, screen -> TtyScene.drawn(screen) > 1);
    }

    private void awaitScene(String words) {
        terminal.awaitScreen(words, PATIENCE, screen -> screen.startsWith("size") && screen.contains(words));
    }

    private void assertAsBefore() {
        terminal.awaitScreen("the shell again", PATIENCE, screen -> screen.startsWith("above"));
        assertThat(terminal.settings(folder.resolve("after-" + System.nanoTime())))
                .isEqualTo(settings);
        assertThat(terminal.isAlternateScreen()).isFalse();
        assertThat(terminal.isCursorShown()).isTrue();
        assertThat(terminal.isMouseTaken()).isFalse();
    }

    private void assertStatus(int status) {
        // What is typed before that is not kept, as after any screen.
        terminal.awaitScreen(
                "a prompt",
                PATIENCE,
                screen -> screen.startsWith("above") && screen.stripTrailing().endsWith("ready>"));
        terminal.typeLine("echo status $?");
        terminal.awaitScreen(
                "exit status",
                PATIENCE,
                screen -> STATUS.matcher(screen)
                        .results()
                        .anyMatch(found -> found.group(1).equals("" + status)));
    }

    private static void signal(String name, long pid) {
        Programs.output("kill", "-" + name, Long.toString(pid));
    }

    @Test
    void killedOutright() {
        signal("KILL", program);
        assertStatus(128 + 9);
        assertAsBefore();
    }

    @Test
    void haltedFromWithin() {
        terminal.press("H");
        assertStatus(3);
        assertAsBefore();
    }

    @Test
    void endedInOrder() {
        terminal.press("q");
        assertStatus(0);
        assertAsBefore();
    }

    @Test
    void endedByAnException() {
        terminal.press("x");
        assertStatus(1);
        assertAsBefore();
    }

    @Test
    void aSignalToTheParentIsMeantForTheProgram() {
        signal("TERM", parent);
        assertStatus(128 + 15);
        assertAsBefore();
    }

    @Test
    void controlC() {
        terminal.press("C-c");
        assertStatus(128 + 2);
        assertAsBefore();
    }

    @Test
    void theProgramDoesNotOutliveItsParent() {
        signal("KILL", parent);
        Patience.until(
                "the program ends too",
                PATIENCE,
                () -> ProcessHandle.of(program).filter(Leftovers::isRunning).isEmpty());
        assertAsBefore();
    }

    @Test
    void stoppedAndInFrontAgain() {
        terminal.press("C-z");
        terminal.awaitScreen("the shell's word of it", PATIENCE, screen -> screen.contains("Stopped"));
        assertAsBefore();
        terminal.typeLine("fg");
        awaitDrawnAnew();
        terminal.type("k");
        awaitScene("typed 6b");
        terminal.press("q");
        assertAsBefore();
    }

    @Test
    void stoppedOutrightTheShellHasTheTerminal() {
        signal("STOP", program);
        terminal.awaitScreen("the shell's word of it", PATIENCE, screen -> screen.contains("Stopped"));
        assertAsBefore();
        terminal.typeLine("fg");
        awaitDrawnAnew();
        terminal.press("q");
        assertAsBefore();
    }

    @Test
    void withoutATerminalItIsTheProgram() throws Exception {
        terminal.press("q");
        assertStatus(0);
        terminal.typeLine("clear; " + PARENT + " sh -c 'readlink /proc/$PPID/exe; exit 5' | cat; " + PARENT
                + " sh -c 'exit 5' </dev/null; echo status $?");
        terminal.awaitScreen(
                "no process between",
                PATIENCE,
                screen -> !screen.contains(PARENT.toString() + "\n") && screen.contains("\nstatus 5"));
    }

    @ParameterizedTest
    @CsvSource({"exit 5, 5", "kill -9 $$, 137", "kill -9 $PPID; sleep 1, 137"})
    void whatItUnpackedIsRemovedWhateverItEndsBy(String end, int status, @TempDir Path above) throws Exception {
        terminal.press("q");
        assertStatus(0);
        Path unpacked = Files.createDirectories(above.resolve("unpacked/in/there"))
                .getParent()
                .getParent();
        Files.writeString(unpacked.resolve("in/file"), "");
        CommandResult ended = Programs.RUNNER.run(
                List.of("sh", "-c", PARENT + " --remove " + unpacked + " sh -c '" + end + "'; exit $?"), "", PATIENCE);
        assertThat(ended)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.exitStatus()).isEqualTo(status));
        Patience.until("the folder is gone", PATIENCE, () -> Files.notExists(unpacked));
        assertThat(above).exists();
    }

    @Test
    void itIsSmall() throws Exception {
        assertThat(Files.size(PARENT)).isLessThan(20_000);
        String status = Files.readString(Path.of("/proc/" + parent + "/status"));
        long resident = status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        assertThat(resident).as("kB resident").isLessThan(2_500);
    }
}
