package org.outguard.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A real terminal with a shell in it, under a server of its own. */
public final class Tmux implements AutoCloseable {

    private final String socket;

    /**
     * Opens a terminal.
     *
     * @param environment of the shell, beside the essentials
     */
    public Tmux(int columns, int rows, Map<String, String> environment) {
        socket = "outguard-it-" + ProcessHandle.current().pid() + "-" + System.identityHashCode(this);
        List<String> words = new ArrayList<>(List.of(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-s",
                "it",
                "-x",
                Integer.toString(columns),
                "-y",
                Integer.toString(rows),
                "env",
                "-i",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM=screen-256color",
                "LANG=C.UTF-8",
                "PS1=ready> "));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("sh", "-i"));
        tmux(words.toArray(String[]::new));
        awaitScreen("a prompt", Duration.ofSeconds(10), screen -> screen.contains("ready>"));
    }

    /** The shell's process number. */
    long shellPid() {
        return Long.parseLong(ask("#{pane_pid}"));
    }

    /** The first process that the shell has started; fails where there is none in time. */
    long childPid() {
        long shell = shellPid();
        Patience.until(
                "a child of the shell",
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(shell).stream()
                        .anyMatch(process -> process.children().findAny().isPresent()));
        return ProcessHandle.of(shell)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Types text, letter by letter as it stands. */
    void type(String text) {
        tmux("send-keys", "-t", "it", "-l", "--", text);
    }

    /** Types a line and ends it. */
    public void typeLine(String line) {
        type(line);
        press("Enter");
    }

    /** Presses a key by tmux's name for it. */
    public void press(String key) {
        tmux("send-keys", "-t", "it", key);
    }

    /** Gives the terminal another size. */
    void resize(int columns, int rows) {
        tmux("resize-window", "-t", "it", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What the terminal shows, without colours. */
    String screen() {
        return tmux("capture-pane", "-t", "it", "-p");
    }

    /** The same with the control sequences of its colours. */
    String styledScreen() {
        return tmux("capture-pane", "-t", "it", "-p", "-e");
    }

    /** Sends the program what a terminal would, byte by byte. */
    void send(String ascii) {
        List<String> words = new ArrayList<>(List.of("send-keys", "-t", "it", "-H"));
        ascii.chars().mapToObj(Integer::toHexString).forEach(words::add);
        tmux(words.toArray(String[]::new));
    }

    /** Waits until the screen shows it; fails with what it shows. */
    public String awaitScreen(String what, Duration limit, Predicate<String> shows) {
        Patience.until(() -> what + ", but the screen shows\n" + screen(), limit, () -> shows.test(screen()));
        return screen();
    }

    /** Whether a program has switched to the alternate screen. */
    boolean isAlternateScreen() {
        return "1".equals(ask("#{alternate_on}"));
    }

    /** Whether the cursor is shown. */
    boolean isCursorShown() {
        return "1".equals(ask("#{cursor_flag}"));
    }

    /** Whether a program has asked for the mouse. */
    boolean isMouseTaken() {
        return "1".equals(ask("#{mouse_any_flag}"));
    }

    /** The terminal's settings, as the shell has them; written through a file of this folder. */
    String settings(Path file) {
        typeLine("stty -g > " + file + ".part && mv " + file + ".part " + file);
        Patience.until(
                "stty has said its settings",
                Duration.ofSeconds(5),
                () -> file.toFile().exists());
        return Programs.output("cat", file.toString()).strip();
    }

    private String ask(String format) {
        return tmux("display-message", "-p", "-t", "it", format).strip();
    }

    private String tmux(String... words) {
        List<String> argv = new ArrayList<>(List.of("tmux", "-L", socket));
        argv.addAll(Arrays.asList(words));
        return Programs.output("", argv);
    }

    @Override
    public void close() {
        tmux("kill-server");
    }
}
