package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.tui.SceneDesk;
import org.outguard.tui.draw.Size;

/** What a real terminal shows is what was drawn, for every view and size; and a frame is one write. */
class ScreenTerminalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Size> SIZES =
            List.of(new Size(80, 24), new Size(40, 10), new Size(120, 34), new Size(200, 50));
    private static final Pattern WRITE = Pattern.compile("write\\(\\d+, \"(.*)\", (\\d+)\\)\\s+= (\\d+)$");

    @TempDir
    private static Path folder;

    private Tmux terminal;

    @AfterEach
    void close() {
        terminal.close();
    }

    private void start(String command) throws Exception {
        Path script = folder.resolve("scene-" + System.nanoTime());
        Files.writeString(script, "exec " + command + "\n");
        terminal = new Tmux(80, 24, Map.of());
        terminal.typeLine("sh " + script);
        terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("OUTGUARD"));
    }

    private void awaitExactly(Size size, String keys) {
        String expected = SceneDesk.expected(size, keys);
        terminal.awaitScreen(
                "keys '" + keys + "' at " + size + ":\n" + expected,
                PATIENCE,
                screen -> screen.stripTrailing().equals(expected.stripTrailing()));
    }

    @Test
    void everyViewAtEverySizeIsAsItWasDrawn() throws Exception {
        start(ScreenScene.command("still"));
        for (Size size : SIZES) {
            terminal.resize(size.columns(), size.rows());
            for (String view : List.of("1", "2", "3", "4", "5")) {
                terminal.press(view);
                awaitExactly(size, view);
            }
        }
        terminal.press("1");
        terminal.press("?");
        awaitExactly(SIZES.get(3), "1 ?");
        terminal.press("q");
        terminal.press("E");
        terminal.awaitScreen("a key without meaning", PATIENCE, screen -> screen.contains("no key E; ? lists them"));
        terminal.press("Enter");
        terminal.press("Right");
        awaitExactly(SIZES.get(3), "1 Enter Right");
        terminal.press("q");
        terminal.awaitScreen("the shell", PATIENCE, screen -> !screen.contains("OUTGUARD"));
        assertThat(terminal.screen())
                .as("no answer of the terminal is typed at the shell")
                .doesNotContain("[0n");
        assertThat(terminal.isMouseTaken()).isFalse();
    }

    @Test
    void aFrameIsOneWrite() throws Exception {
        Path trace = folder.resolve("trace");
        start("strace -f -s 100000 -e trace=write -o " + trace + " " + ScreenScene.command("changing"));
        terminal.resize(120, 34);
        Patience.until("six frames", PATIENCE, () -> frames(trace).size() >= 6);
        terminal.press("q");
        List<String> frames = frames(trace);
        assertThat(frames).allMatch(frame -> frame.endsWith("\\33[5n"));
        assertThat(frames).allMatch(frame -> frame.indexOf("\\33[5n") == frame.length() - "\\33[5n".length());
        long large = frames.stream().filter(frame -> frame.length() > 3_000).count();
        assertThat(large)
                .as("frames that are sent whole: the first, and one for the new size")
                .isLessThanOrEqualTo(2);
    }

    /* What was written to the terminal in one call each, the switch to the alternate screen left out. */
    private static List<String> frames(Path trace) {
        try {
            return Files.readString(trace)
                    .lines()
                    .map(WRITE::matcher)
                    .filter(write -> write.find() && write.group(1).contains("\\33["))
                    .filter(write -> !write.group(1).contains("\\33[?1049"))
                    .map(write -> {
                        assertThat(write.group(3)).as("all of it at once").isEqualTo(write.group(2));
                        return write.group(1);
                    })
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
