package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.app.DemoOnScreen.FLOOD;
import static org.outguard.app.DemoOnScreen.PATIENCE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.Alone;
import org.outguard.guard.Guard;

/**
 * How long it takes from a key pressed in a real terminal until the kernel has the element that it asks for: from before
 * tmux is started to press the key, to the kernel's event of the new element. The flood goes on meanwhile. Beside it, in
 * the same run, what of this is not Outguard's: the start of a tmux and a plain {@code nft add element}.
 */
@Alone("milliseconds are compared with those of a plain nft")
class KeyPressToKernelIT {

    private static final int ROUNDS = 21;

    /** What a key waited for on average while the guard took commands up with its beat only. */
    private static final double HALF_BEAT_MILLIS = Guard.TICK_NANOS / 2e6;

    @TempDir
    private Path folder;

    private DemoOnScreen demo;
    private Tmux terminal;
    private NftMonitor kernel;

    @BeforeEach
    void open() throws Exception {
        Programs.requireRoot();
        demo = new DemoOnScreen(folder);
        terminal = demo.terminal();
        kernel = new NftMonitor(demo.namespace());
    }

    @AfterEach
    void tidyUp() {
        if (kernel != null) {
            kernel.close();
        }
        demo.close();
    }

    @Test
    void aKeyIsInTheKernelAtOnce() {
        demo.chooseFloodWithItsOwner();
        demo.inside("nft", "add table inet plain; add set inet plain remotes { type ipv4_addr; }");
        List<Double> keys = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        for (int i = 1; i <= ROUNDS; i++) {
            keys.add(block());
            String byHand = "198.51.100." + i;
            plain.add(millis(
                    byHand,
                    () -> demo.inside("nft", "add element inet plain remotes { " + byHand + " }"),
                    event -> event.startsWith("add element inet plain") && event.contains(byHand)));
            starts.add(startOfTmux());
        }
        System.out.printf(
                "from a key in a terminal to the element in the kernel: median %.1f ms of %d, %.1f to %.1f ms; in the same"
                        + " run a plain nft add element %.1f ms, and tmux itself %.1f ms%n",
                median(keys), ROUNDS, Collections.min(keys), Collections.max(keys), median(plain), median(starts));
        // What is ours beside nft: neither the beat of the guard nor a frame of the screen is in it.
        assertThat(median(keys) - median(plain)).as("beyond a plain nft, ms").isLessThan(HALF_BEAT_MILLIS);
    }

    /* The key that answers the dialog blocks; the block is undone for the next round. */
    private double block() {
        demo.keys().ask("b", "Block ", "nft add element ", FLOOD);
        double millis = millis("the block", () -> terminal.press("y"), event -> isBlock(event, "add"));
        terminal.awaitScreen("the block", PATIENCE, screen -> screen.contains(" 1 BLOCKED "));
        demo.keys().ask("u", "Take this back?", FLOOD);
        millis("no block", () -> terminal.press("y"), event -> isBlock(event, "delete"));
        terminal.awaitScreen("no block", PATIENCE, screen -> !screen.contains(" 1 BLOCKED "));
        return millis;
    }

    private static boolean isBlock(String event, String verb) {
        return event.startsWith(verb + " element inet outguard ") && event.contains(FLOOD);
    }

    private double millis(String what, Runnable act, Predicate<String> event) {
        long start = System.nanoTime();
        act.run();
        return (kernel.await(what, start, event).nanos() - start) / 1e6;
    }

    private double startOfTmux() {
        long start = System.nanoTime();
        assertThat(terminal.isAlternateScreen()).isTrue();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(List<Double> millis) {
        return millis.stream().sorted().toList().get(millis.size() / 2);
    }
}
