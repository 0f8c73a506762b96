package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.app.DemoOnScreen.FLOOD;
import static org.outguard.app.DemoOnScreen.IN_FLIGHT;
import static org.outguard.app.DemoOnScreen.PATIENCE;
import static org.outguard.app.DemoOnScreen.RESOLVER;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
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

    private void press(String key, String asks) {
        terminal.press(key);
        terminal.awaitScreen("a dialog with " + asks, PATIENCE, screen -> screen.contains(asks));
        terminal.press("y");
    }

    @Test
    void keysBlockTheFloodAndLetItGoAgain() {
        demo.awaitFloodWithItsOwner();
        terminal.press("b");
        terminal.awaitScreen(
                "a dialog that shows what will be run",
                PATIENCE,
                screen -> screen.contains("nft") && screen.contains(FLOOD));
        terminal.press("y");
        assertThat(far.awaitSilence(FLOOD, IN_FLIGHT))
                .as("from the key to the last packet")
                .isLessThan(Duration.ofSeconds(1));
        terminal.awaitScreen("the block", PATIENCE, screen -> screen.contains(" 1 BLOCKED "));
        assertBystanderGoesOnWithoutFlood();

        long before = far.packets(FLOOD);
        terminal.press("u");
        terminal.awaitScreen("a dialog that asks", PATIENCE, screen -> screen.contains("nft"));
        assertThat(far.packets(FLOOD) - before).as("still blocked").isLessThanOrEqualTo(IN_FLIGHT);
        terminal.press("y");
        Patience.until("the flood is back", PATIENCE, () -> far.packets(FLOOD) > before + 10_000);

        terminal.press("q");
        assertTerminalIsAsBefore();
        assertThat(Leftovers.namespaces(demo.program())).isEmpty();
        assertThat(Leftovers.senders(demo.program())).isEmpty();
    }

    @Test
    void aLimitLetsSoManyThroughAndAFlushedOneIsPutBack() {
        demo.awaitFloodWithItsOwner();
        press("l", "rate over 100/second");
        terminal.awaitScreen("the limit", PATIENCE, screen -> screen.contains("limit "));
        assertLimited();

        demo.inside("nft", "flush", "ruleset");
        terminal.awaitScreen("that it was taken out", PATIENCE, screen -> screen.contains("R puts back"));
        press("R", "Put this back?");
        terminal.awaitScreen("nothing to put back", PATIENCE, screen -> !screen.contains("R puts back"));
        assertLimited();
    }

    /* A bucket of a limit holds a few packets more than its rate, and the seconds here are not exact. */
    private void assertLimited() {
        Patience.until("fewer than 500 packets in a second", PATIENCE, () -> {
            long before = far.packets(FLOOD);
            LockSupport.parkNanos(1_000_000_000L);
            long passed = far.packets(FLOOD) - before;
            return passed > 20 && passed < 500;
        });
    }

    @Test
    void aLockdownCountsItsMinuteDownAndIsKeptOrLifted() {
        demo.awaitFloodWithItsOwner();
        terminal.press("L");
        terminal.awaitScreen(
                "the guard's own list, and its undo before the many commands",
                PATIENCE,
                screen -> screen.contains("lets out loopback")
                        && screen.contains("SSH sessions: tcp ")
                        && screen.contains("root (uid 0): tcp 53, 443")
                        && screen.contains("flush set inet outguard lockdown_on"));
        terminal.press("y");
        terminal.awaitScreen("its countdown", PATIENCE, screen -> screen.contains("LOCKDOWN 0:5"));
        far.awaitSilence(FLOOD, IN_FLIGHT);
        terminal.awaitScreen("the countdown goes on", PATIENCE, screen -> screen.contains("LOCKDOWN 0:4"));

        press("L", "Keep the lockdown?");
        terminal.awaitScreen(
                "no end any more",
                PATIENCE,
                screen -> screen.contains(" LOCKDOWN ") && !screen.contains("LOCKDOWN 0:"));
        long before = far.packets(FLOOD);
        press("L", "Take this back?");
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
