package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The terminal is given back as it was, however the program ends: in a real terminal with a real shell. */
class TtyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private Tmux terminal;
    private String settings;

    @BeforeEach
    void open() throws Exception {
        terminal = new Tmux(80, 24, Map.of());
        settings = terminal.settings(folder.resolve("before-" + System.nanoTime()));
        Files.writeString(folder.resolve("scene"), "exec " + TtyScene.command() + "\n");
        terminal.typeLine("clear; echo above");
        terminal.awaitScreen("what was there before", PATIENCE, screen -> screen.startsWith("above\nready>"));
    }

    @AfterEach
    void close() {
        terminal.close();
    }

    private long start() {
        terminal.typeLine("sh " + folder.resolve("scene"));
        awaitScene("drawn 1");
        return terminal.childPid();
    }

    /* A shell that gives the terminal back may have it drawn once more than once. */
    private void awaitDrawnAfter(int times) {
        terminal.awaitScreen("drawn anew", PATIENCE, screen -> TtyScene.drawn(screen) > times);
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
    }

    private static void signal(String name, long pid) {
        Programs.output("kill", "-" + name, Long.toString(pid));
    }

    @Test
    void theScreenIsOursUntilTheEnd() {
        start();

        assertThat(terminal.isAlternateScreen()).isTrue();
        assertThat(terminal.isCursorShown()).isFalse();
        assertThat(terminal.screen().lines().toList().get(23))
                .as("the last cell, without scrolling")
                .hasSize(80)
                .endsWith("#");

        terminal.press("q");
        terminal.awaitScreen("its end", PATIENCE, screen -> screen.contains("came to its end"));
        assertAsBefore();
    }

    @Test
    void keysComeAsTheyAreTyped() {
        start();

        terminal.press("Up");
        terminal.press("Enter");
        terminal.type("é");
        terminal.press("C-s");
        terminal.press("C-v");
        terminal.press("C-\\");

        awaitScene("typed 1b 5b 41 0d c3 a9 13 16 1c");
        terminal.press("q");
        assertAsBefore();
    }

    @Test
    void aNewSizeIsSeenAtOnce() {
        start();
        terminal.resize(100, 30);
        awaitScene("size 100x30 ");
        int before = TtyScene.drawn(terminal.screen());
        terminal.resize(41, 11);
        awaitScene("size 41x11 ");
        assertThat(TtyScene.drawn(terminal.screen())).isGreaterThan(before);
        terminal.press("q");
    }

    @Test
    void stoppedTheShellHasTheTerminalAndInFrontWeHaveItAgain() {
        long pid = start();

        for (int times = 1; times <= 2; times++) {
            int before = TtyScene.drawn(terminal.screen());
            terminal.press("C-z");
            terminal.awaitScreen("the shell's word of it", PATIENCE, screen -> screen.contains("Stopped"));
            assertAsBefore();
            assertThat(state(pid)).isEqualTo('T');

            terminal.typeLine("fg");
            awaitDrawnAfter(before);
            assertThat(terminal.isAlternateScreen()).isTrue();
            assertThat(terminal.isCursorShown()).isFalse();
        }
        terminal.press("q");
        assertAsBefore();
    }

    @Test
    void behindTheShellItDrawsNothingAndStopsAgain() {
        long pid = start();
        terminal.press("C-z");
        terminal.awaitScreen("the shell's word of it", PATIENCE, screen -> screen.contains("Stopped"));

        terminal.typeLine("bg; echo in front");
        terminal.awaitScreen("the shell goes on", PATIENCE, screen -> screen.contains("\nin front"));
        Patience.until("stopped again", PATIENCE, () -> state(pid) == 'T');
        assertAsBefore();

        terminal.typeLine("fg");
        awaitDrawnAfter(1);
        terminal.press("q");
        assertAsBefore();
    }

    @Test
    void stoppedWithoutBeingAskedItTakesTheTerminalAgain() {
        long pid = start();
        signal("STOP", pid);
        Patience.until("stopped", PATIENCE, () -> state(pid) == 'T');
        // Nobody could put the modes back, and in raw mode Enter is no end of a line.
        terminal.type("fg");
        terminal.press("C-j");

        awaitDrawnAfter(1);
        terminal.type("k");
        awaitScene("typed 6b");
        terminal.press("q");
    }

    @Test
    void anExceptionGivesItBack() {
        start();
        terminal.press("x");
        terminal.awaitScreen("its message on the shell's screen", PATIENCE, screen -> screen.contains("as asked"));
        assertAsBefore();
    }

    @Test
    void soDoesEachSignalThatEndsIt() {
        for (String name : List.of("TERM", "HUP", "INT")) {
            long pid = start();
            signal(name, pid);
            Patience.until(
                    name + " ends it",
                    PATIENCE,
                    () -> ProcessHandle.of(pid).filter(Leftovers::isRunning).isEmpty());
            assertAsBefore();
        }
    }

    @Test
    void controlCEndsItEvenWhereNobodyReadsKeys() {
        start();
        terminal.press("h");
        terminal.press("C-c");
        assertAsBefore();
    }

    @Test
    void whereThereIsNoScreenItSaysWhy() {
        terminal.typeLine("clear; TERM=dumb sh " + folder.resolve("scene"));
        terminal.awaitScreen("why", PATIENCE, screen -> screen.contains("refused: the terminal is dumb (TERM=dumb)"));
        terminal.typeLine("clear; sh " + folder.resolve("scene") + " | cat");
        terminal.awaitScreen(
                "why",
                PATIENCE,
                screen -> screen.contains("refused: standard input and output are not both a terminal"));
        assertThat(terminal.isAlternateScreen()).isFalse();
    }

    @Test
    void aTerminalThatGoesAwayEndsIt() {
        long pid = start();
        terminal.close();
        Patience.until(
                "its end",
                PATIENCE,
                () -> ProcessHandle.of(pid).filter(Leftovers::isRunning).isEmpty());
        terminal = new Tmux(80, 24, Map.of());
    }

    private static char state(long pid) {
        String stat = Programs.output("cat", "/proc/" + pid + "/stat");
        // The state stands behind the name, which may hold anything (proc(5)).
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
