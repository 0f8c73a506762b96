package org.outguard.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.text.Columns;
import org.outguard.tui.SceneDesk;
import org.outguard.tui.draw.Size;

/** Clicks and turns of the wheel do what the keys do, as a real terminal reports them (xterm's mode 1006). */
class MouseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Size SIZE = new Size(120, 34);
    private static final int LEFT = 0;
    private static final int WHEEL_UP = 64;
    private static final int WHEEL_DOWN = 65;

    @TempDir
    private static Path folder;

    private Tmux terminal;

    @BeforeEach
    void start() throws Exception {
        Path script = folder.resolve("scene-" + System.nanoTime());
        Files.writeString(script, "exec " + ScreenScene.command("still") + "\n");
        terminal = new Tmux(SIZE.columns(), SIZE.rows(), Map.of());
        terminal.typeLine("sh " + script);
        awaitAsAfter("");
    }

    @AfterEach
    void close() {
        terminal.close();
    }

    private void awaitAsAfter(String keys) {
        String expected = SceneDesk.expected(SIZE, keys).stripTrailing();
        terminal.awaitScreen(
                "as after keys '" + keys + "':\n" + expected,
                PATIENCE,
                screen -> screen.stripTrailing().equals(expected));
    }

    /* At a word that is on the screen. */
    private void mouse(int button, String word) {
        mouse(button, word, "");
    }

    /* At a word in a row that has another. */
    private void mouse(int button, String word, String beside) {
        String[] rows = terminal.screen().split("\n", -1);
        for (int row = 0; row < rows.length; row++) {
            int column = rows[row].indexOf(word);
            if (column >= 0 && rows[row].contains(beside)) {
                int at = Columns.width(rows[row].substring(0, column));
                terminal.send("\033[<" + button + ";" + (at + 1) + ";" + (row + 1) + "M");
                // Let go again, which says nothing.
                terminal.send("\033[<" + button + ";" + (at + 1) + ";" + (row + 1) + "m");
                return;
            }
        }
        throw new AssertionError("no '" + word + "' on the screen");
    }

    @Test
    void aClickOnATabShowsItsView() {
        mouse(LEFT, "3 Flows");
        awaitAsAfter("3");
        mouse(LEFT, "5 Timeline");
        awaitAsAfter("5");
        mouse(LEFT, "1 Offenders");
        awaitAsAfter("1");
    }

    @Test
    void aClickOnARowChoosesIt() {
        mouse(LEFT, "unbound");
        awaitAsAfter("j j j j j");
    }

    @Test
    void aClickOnATitleSortsAndAnotherTurnsItRound() {
        mouse(LEFT, "pps", "state");
        terminal.awaitScreen("sorted by packets", PATIENCE, screen -> screen.contains("pps▾"));
        mouse(LEFT, "pps▾", "state");
        terminal.awaitScreen("the other way round", PATIENCE, screen -> screen.contains("pps▴"));
    }

    @Test
    void theWheelMovesTheChoiceByThreeRows() {
        mouse(WHEEL_DOWN, "unbound");
        awaitAsAfter("j j j");
        mouse(WHEEL_UP, "unbound");
        awaitAsAfter("");
    }

    @Test
    void aClickAnswersNoQuestion() {
        terminal.press("b");
        awaitAsAfter("b");
        mouse(LEFT, "y Enter");
        mouse(LEFT, "n Esc");
        // A key that does nothing there comes after both clicks.
        terminal.press("n");
        awaitAsAfter("");
    }
}
