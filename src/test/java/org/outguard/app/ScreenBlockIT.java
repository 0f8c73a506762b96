package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.app.DemoOnScreen.FLOOD;
import static org.outguard.app.DemoOnScreen.IN_FLIGHT;
import static org.outguard.app.DemoOnScreen.PATIENCE;
import static org.outguard.app.DemoOnScreen.RESOLVER;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job by hand: a flood is on the screen, keys block it, the far side sees it stop and the innocent go on, and
 * keys let it go again. What is on the wire is counted in the other network namespace, by nftables.
 */
class ScreenBlockIT {

    @TempDir
    private Path folder;

    private DemoOnScreen demo;
    private Tmux terminal;
    private FarSide far;

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @BeforeEach
    void open() throws Exception {
        demo = new DemoOnScreen(folder);
        terminal = demo.terminal();
        far = demo.far();
    }

    @AfterEach
    void tidyUp() {
        demo.close();
    }

    @Test
    void keysBlockTheFloodAndLetItGoAgain() {
        demo.chooseFloodWithItsOwner();
        demo.keys().ask("b", "Block ", "nft add element ", FLOOD);
        terminal.press("y");
        assertThat(far.awaitSilence(FLOOD, IN_FLIGHT))
                .as("from the key to the last packet")
                .isLessThan(Duration.ofSeconds(1));
        terminal.awaitScreen("the block", PATIENCE, screen -> screen.contains(" 1 BLOCKED "));
        demo.awaitFloodRow("blocked ");
        assertBystanderGoesOnWithoutFlood();

        long before = far.packets(FLOOD);
        demo.keys().ask("u", "Take this back?", "nft delete element ", FLOOD);
        assertThat(far.packets(FLOOD) - before).as("still blocked").isLessThanOrEqualTo(IN_FLIGHT);
        demo.keys().yes();
        Patience.until("the flood is back", PATIENCE, () -> far.packets(FLOOD) > before + 10_000);

        terminal.press("q");
        assertTerminalIsAsBefore();
        assertThat(Leftovers.namespaces(demo.program())).isEmpty();
        assertThat(Leftovers.senders(demo.program())).isEmpty();
    }

    @Test
    void aLimitLetsSoManyThroughAndAFlushedOneIsPutBack() {
        demo.chooseFloodWithItsOwner();
        demo.keys().confirm("l", "Limit ", FLOOD, "limit rate over 100/second");
        demo.awaitFloodRow("limited ");
        assertLimited();

        demo.inside("nft", "flush", "ruleset");
        terminal.awaitScreen("that it was taken out", PATIENCE, screen -> screen.contains("R puts back"));
        demo.keys().confirm("R", "Put this back?", FLOOD);
        terminal.awaitScreen("nothing to put back", PATIENCE, screen -> !screen.contains("R puts back"));
        assertLimited();
    }

    /* A bucket of a limit holds a few packets more than its rate, and the seconds here are not exact. */
    private void assertLimited() {
        List<Long> seconds = new ArrayList<>();
        Patience.until(
                () -> "21 to 499 packets in a second, but these passed: " + seconds + "; the kernel has\n"
                        + demo.inside("nft", "list", "table", "inet", "outguard") + "\nand the screen shows\n"
                        + terminal.screen(),
                PATIENCE,
                () -> {
                    long before = far.packets(FLOOD);
                    Patience.quiet(Duration.ofSeconds(1));
                    seconds.add(far.packets(FLOOD) - before);
                    long passed = seconds.get(seconds.size() - 1);
                    return passed > 20 && passed < 500;
                });
    }

    @Test
    void aLockdownCountsItsMinuteDownAndIsKeptOrLifted() {
        demo.chooseFloodWithItsOwner();
        terminal.press("L");
        terminal.awaitScreen(
                "the guard's own list, and its undo before the many commands",
                PATIENCE,
                screen -> screen.contains("lets out loopback")
                        && screen.contains("SSH sessions: tcp ")
                        && screen.contains("root (uid 0): tcp 53, 443")
                        && screen.contains("flush set inet outguard lockdown_on"));
        demo.keys().yes();
        terminal.awaitScreen("its countdown", PATIENCE, screen -> screen.contains("LOCKDOWN 0:5"));
        far.awaitSilence(FLOOD, IN_FLIGHT);
        terminal.awaitScreen("the countdown goes on", PATIENCE, screen -> screen.contains("LOCKDOWN 0:4"));

        demo.keys().confirm("L", "Keep the lockdown?");
        terminal.awaitScreen(
                "no end any more",
                PATIENCE,
                screen -> screen.contains(" LOCKDOWN ") && !screen.contains("LOCKDOWN 0:"));
        long before = far.packets(FLOOD);
        demo.keys().confirm("L", "Take this back?");
        Patience.until("the flood is back", PATIENCE, () -> far.packets(FLOOD) > before + 10_000);
    }

    private void assertBystanderGoesOnWithoutFlood() {
        long flood = far.packets(FLOOD);
        long queries = far.packets(RESOLVER);
        Patience.until("the bystander goes on", Duration.ofSeconds(5), () -> far.packets(RESOLVER) >= queries + 20);
        assertThat(far.packets(FLOOD) - flood)
                .as("packets of the flood meanwhile")
                .isLessThanOrEqualTo(IN_FLIGHT);
    }

    private void assertTerminalIsAsBefore() {
        terminal.awaitScreen(
                "the prompt", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
        assertThat(terminal.isAlternateScreen()).as("alternate screen").isFalse();
        assertThat(terminal.isCursorShown()).as("cursor").isTrue();
        assertThat(terminal.isMouseTaken()).as("mouse").isFalse();
        assertThat(terminal.settings(folder.resolve("after"))).isEqualTo(demo.settings());
    }
}
