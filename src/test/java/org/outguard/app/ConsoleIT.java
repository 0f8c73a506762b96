package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandRunner;

/** The console in a real terminal, by {@code -c} and as a script. */
class ConsoleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static ProgramUnderTest.Ended run(String... arguments) {
        return ProgramUnderTest.run(folder, PATIENCE, arguments);
    }

    @Test
    void oneLineEndsWithItsStatus() {
        assertThat(run("console", "-c", "block --remote 192.0.2.1 --dry-run | grep runs | count"))
                .satisfies(ended -> assertThat(ended.status()).isZero())
                .satisfies(ended -> assertThat(ended.stdout().strip()).isEqualTo("1 line"));
        assertThat(run("console", "-c", "block --remote nowhere").status()).isEqualTo(2);
        assertThat(run("console", "-c", "journal | sort").withoutStackTrace().stdout())
                .contains("is no filter");
    }

    @Test
    void aScriptRunsUpToTheFirstLineThatFails() throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(
                script,
                "# a comment\nblock --remote 192.0.2.1 --dry-run\n\nnothing\nblock --remote 192.0.2.2 --dry-run\n");
        ProgramUnderTest.Ended ended = run("console", script.toString());
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.stdout()).contains("192.0.2.1").doesNotContain("192.0.2.2");
        assertThat(ended.stderr()).contains("line 4 ended with 2");
    }

    @Test
    void aPersonHasCompletionHistoryAndPages() throws Exception {
        Path start = folder.resolve("start");
        Files.writeString(start, "exec " + CommandRunner.describe(ProgramUnderTest.command("console")) + "\n");
        try (Tmux terminal = new Tmux(100, 12, Map.of())) {
            String settings = terminal.settings(folder.resolve("before"));
            terminal.typeLine("sh " + start);
            terminal.awaitScreen("a prompt", PATIENCE, screen -> screen.contains("outguard>"));

            terminal.type("blo");
            terminal.press("Tab");
            terminal.awaitScreen("the word completed", PATIENCE, screen -> screen.contains("outguard> block"));
            terminal.type("--dry-run --remote 192.0.2.7");
            terminal.press("Enter");
            terminal.awaitScreen(
                    "what would be run",
                    PATIENCE,
                    screen -> screen.contains("runs:") && screen.stripTrailing().endsWith("outguard>"));

            terminal.press("C-l");
            terminal.press("Up");
            terminal.awaitScreen("the line before", PATIENCE, screen -> screen.contains("--remote 192.0.2.7"));
            terminal.press("C-u");
            terminal.typeLine("block --help | less");
            terminal.awaitScreen("a page", PATIENCE, screen -> screen.contains("q leaves"));
            terminal.press("q");
            terminal.awaitScreen(
                    "a prompt", PATIENCE, screen -> screen.stripTrailing().endsWith("outguard>"));
            terminal.press("C-d");
            terminal.awaitScreen(
                    "the shell", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
            assertThat(terminal.settings(folder.resolve("after"))).isEqualTo(settings);
        }
    }
}
