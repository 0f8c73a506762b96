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

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static ProgramUnderTest.Ended run(String... arguments) {
        return ProgramUnderTest.run(folder, PATIENCE, arguments);
    }

    @Test
    void oneLineEndsWithItsStatus() {
        assertThat(run("console", "-c", "block --remote 198.51.100.91 --dry-run | grep runs | count"))
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
                "# a comment\nblock --remote 198.51.100.91 --dry-run\n\nnothing\nblock --remote 192.0.2.2 --dry-run\n");
        ProgramUnderTest.Ended ended = run("console", script.toString());
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.stdout()).contains("198.51.100.91").doesNotContain("192.0.2.2");
        assertThat(ended.stderr()).contains("line 4 ended with 2");
    }

    @Test
    void standardInputIsAScriptToo() {
        String lines = "block --remote 198.51.100.91 --dry-run\nexit\nblock --remote 192.0.2.2 --dry-run\n";
        assertThat(Programs.output(lines, ProgramUnderTest.command("console", "-")))
                .contains("198.51.100.91")
                .doesNotContain("192.0.2.2");
    }

    @Test
    void onADumbTerminalThereAreOnlyLinesSoThatItCanBeReadAloud() throws Exception {
        Path start = folder.resolve("dumb");
        Path said = folder.resolve("said");
        Files.writeString(start, "exec " + CommandRunner.describe(ProgramUnderTest.command("console")) + "\n");
        try (Tmux terminal = new Tmux(100, 30, Map.of("TERM", "dumb"))) {
            terminal.typeLine("script -q -c 'sh " + start + "' " + said);
            terminal.awaitScreen("a prompt", PATIENCE, ConsoleIT::atPrompt);
            terminal.typeLine("help | less");
            terminal.awaitScreen(
                    "the end of the help, without a page to turn",
                    PATIENCE,
                    screen -> screen.contains("unban") && atPrompt(screen));
            terminal.press("C-d");
            terminal.awaitScreen(
                    "the shell", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
        }
        assertThat(Files.readString(said))
                .contains("lockdown")
                .doesNotContain("\u001b")
                .doesNotContain("\u0007");
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

    private Tmux console(String name) throws Exception {
        Path start = folder.resolve(name);
        Files.writeString(start, "exec " + CommandRunner.describe(ProgramUnderTest.command("console")) + "\n");
        Tmux terminal = new Tmux(100, 24, Map.of());
        terminal.typeLine("sh " + start);
        terminal.awaitScreen("a prompt", PATIENCE, screen -> screen.contains("outguard>"));
        return terminal;
    }

    private static boolean atPrompt(String screen) {
        return screen.stripTrailing().endsWith("outguard>");
    }

    @Test
    void completionKnowsCommandsOptionsPidsAndUsersAndWhatTheyAre() throws Exception {
        try (Tmux terminal = console("completion")) {
            terminal.type("ban ww");
            terminal.press("Tab");
            terminal.awaitScreen("the user", PATIENCE, screen -> screen.contains("outguard> ban www-data"));
            terminal.press("C-u");

            terminal.type("lockdown --co");
            terminal.press("Tab");
            terminal.awaitScreen(
                    "options with what they do",
                    PATIENCE,
                    screen -> screen.contains("--confirm-within") && screen.contains("which the kernel lifts it"));
            terminal.press("C-u");

            long pid = ProcessHandle.current().pid();
            terminal.type("freeze " + pid);
            terminal.press("Tab");
            terminal.awaitScreen("the number", PATIENCE, screen -> screen.contains("outguard> freeze " + pid));
            terminal.press("C-u");
            terminal.press("C-d");
        }
    }

    @Test
    void anAnswerOfTheTerminalThatComesLateIsNeitherTypedNorAKey() throws Exception {
        try (Tmux terminal = console("late")) {
            terminal.send("\033[0n");
            terminal.type("block --dry");
            terminal.send("\033[0n");
            terminal.typeLine("-run --remote 192.0.2.6");
            String screen = terminal.awaitScreen(
                    "what would be run", PATIENCE, text -> text.contains("runs:") && atPrompt(text));
            assertThat(screen)
                    .contains("outguard> block --dry-run --remote 192.0.2.6")
                    .doesNotContain("0n");
            terminal.typeLine("block --help | less");
            terminal.awaitScreen("a page", PATIENCE, text -> text.contains("q leaves"));
            terminal.send("\033[0n/");
            terminal.awaitScreen(
                    "the key behind it", PATIENCE, text -> text.stripTrailing().endsWith("\n/"));
            terminal.press("Escape");
            terminal.press("q");
            terminal.awaitScreen("a prompt", PATIENCE, ConsoleIT::atPrompt);
            terminal.press("C-d");
        }
    }

    @Test
    void watchRepeatsACommandUntilAKeyAndLinesAreKept() throws Exception {
        try (Tmux terminal = console("watch")) {
            terminal.typeLine("watch 1s block --remote 192.0.2.9 --dry-run");
            terminal.awaitScreen(
                    "what is repeated",
                    PATIENCE,
                    screen -> screen.contains("every 1s: block --remote 192.0.2.9") && screen.contains("runs:"));
            terminal.press("x");
            terminal.awaitScreen("a prompt", PATIENCE, ConsoleIT::atPrompt);
            terminal.press("C-d");
            terminal.awaitScreen(
                    "the shell", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
            terminal.typeLine("clear; sh " + folder.resolve("watch"));
            terminal.awaitScreen("a prompt", PATIENCE, ConsoleIT::atPrompt);
            terminal.press("Up");
            terminal.awaitScreen(
                    "the line of the run before",
                    PATIENCE,
                    screen -> screen.contains("outguard> watch 1s block --remote 192.0.2.9"));
            terminal.press("C-u");
            terminal.press("C-d");
        }
    }

    @Test
    void keysTypedAheadOfTheConsoleOnTheScreenAreForIt() throws Exception {
        Path start = folder.resolve("screen");
        Files.writeString(start, "exec " + CommandRunner.describe(ProgramUnderTest.command("-i", "lo")) + "\n");
        try (Tmux terminal = new Tmux(100, 24, Map.of())) {
            terminal.typeLine("sh " + start);
            terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("q  quit"));
            terminal.type(":block --dry-run --remote 192.0.2.8\r");
            terminal.awaitScreen(
                    "what would be run",
                    PATIENCE,
                    screen -> screen.contains("runs:") && screen.contains("192.0.2.8") && atPrompt(screen));
            terminal.press("C-d");
            terminal.awaitScreen("the screen again", PATIENCE, screen -> screen.contains("q  quit"));
            terminal.press("q");
            terminal.awaitScreen(
                    "the shell", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
        }
    }
}
