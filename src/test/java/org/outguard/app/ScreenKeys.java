package org.outguard.app;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The keys of a person who reads before answering: what a key acts on is the row that is selected, whichever that is, so it
 * is made sure that this is the one that is meant, that a dialog speaks of it, and that the answer was taken.
 *
 * @param terminal where the program has its screen, high enough for the details below the table
 * @param patience for each key
 */
record ScreenKeys(Tmux terminal, Duration patience) {

    /** By then a key is on the screen. */
    private static final Duration FRAME = Duration.ofMillis(150);

    /** Rows among which the one that is meant is looked for. */
    private static final int ROWS = 6;

    /**
     * Chooses the row whose details have this in their title, from the first row down, wherever it is: the order of the
     * rows changes while the figures come in, and holds still while keys choose among them.
     */
    void choose(String inTitle) {
        Patience.until(
                () -> "the row of '" + inTitle + "' is selected, but the screen shows\n" + terminal.screen(),
                patience,
                () -> {
                    terminal.press("g");
                    for (int row = 1; row < ROWS && !isChosen(inTitle); row++) {
                        terminal.press("j");
                    }
                    return isChosen(inTitle);
                });
    }

    /* Twice, since the first may be what was on the screen before the key. */
    private boolean isChosen(String inTitle) {
        for (int times = 1; times <= 2; times++) {
            Patience.quiet(FRAME);
            if (!title(terminal.screen()).contains(inTitle)) {
                return false;
            }
        }
        return true;
    }

    /** Presses a key, and waits for a dialog that has all of these words. */
    void ask(String key, String... words) {
        terminal.press(key);
        terminal.awaitScreen(
                "a dialog with " + List.of(words),
                patience,
                screen -> Arrays.stream(words).allMatch(dialog(screen)::contains));
    }

    /** Answers the dialog with yes, and waits until it has gone. */
    void yes() {
        terminal.press("y");
        terminal.awaitScreen(
                "the dialog answered", patience, screen -> dialog(screen).isEmpty());
    }

    /** The same as {@link #ask} and {@link #yes}. */
    void confirm(String key, String... words) {
        ask(key, words);
        yes();
    }

    /** The title of the details: what is known of the selected row stands below it. */
    private static String title(String screen) {
        // A line without words is the rule below rows that stay on top.
        return screen.lines().filter(line -> line.startsWith("── ")).findFirst().orElse("");
    }

    /** What stands in the box of a dialog, its broken lines put together; empty where there is none. */
    private static String dialog(String screen) {
        List<String> lines =
                screen.lines().dropWhile(line -> line.indexOf('╭') < 0).toList();
        if (lines.isEmpty()) {
            return "";
        }
        int from = lines.get(0).indexOf('╭');
        int to = lines.get(0).indexOf('╮');
        return lines.stream()
                .takeWhile(line -> line.indexOf('╰') != from)
                .map(line -> line.length() > to ? line.substring(from + 1, to).strip() : line)
                .collect(Collectors.joining(" "));
    }
}
