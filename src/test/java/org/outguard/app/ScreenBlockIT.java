package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandRunner;

/**
 * The main job by hand: a flood is on the screen, keys block it, the far side sees it stop and the innocent go on, and
 * keys let it go again. What is on the wire is counted in the other network namespace, by nftables.
 */
class ScreenBlockIT {

    private static final String FLOOD = "203.0.113.80";
    private static final String RESOLVER = "203.0.113.53";

    /** Packets that were under way when the block came. */
    private static final long IN_FLIGHT = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private static Path folder;

    private Tmux terminal;
    private long program = -1;

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @BeforeEach
    void openTerminal() throws Exception {
        Path start = folder.resolve("start");
        Files.writeString(start, "#!/bin/sh\nexec " + CommandRunner.describe(ProgramUnderTest.command("demo")) + "\n");
        Programs.output("chmod", "+x", start.toString());
        terminal = new Tmux(120, 34, Map.of());
    }

    @AfterEach
    void tidyUp() {
        terminal.close();
        if (program > 0) {
            ProcessHandle.of(program).ifPresent(ProcessHandle::destroyForcibly);
            Leftovers.remove(program);
        }
    }

    @Test
    void keysBlockTheFloodAndLetItGoAgain() {
        String settings = terminal.settings(folder.resolve("before"));
        terminal.typeLine(folder.resolve("start").toString());
        program = terminal.childPid();

        FarSide far = awaitFlood();
        long sender = floodPid();
        terminal.press("g");
        terminal.awaitScreen(
                "the flood with its owner",
                PATIENCE,
                screen -> screen.contains(FLOOD) && screen.contains("www-data") && screen.contains(" " + sender + " "));

        terminal.press("b");
        terminal.awaitScreen(
                "a dialog that shows what will be run",
                PATIENCE,
                screen -> screen.contains("nft") && screen.contains(FLOOD));
        terminal.press("y");
        assertThat(awaitSilence(far)).as("from the key to the last packet").isLessThan(Duration.ofSeconds(1));
        assertBystanderGoesOnWithoutFlood(far);
        terminal.awaitScreen("the block", PATIENCE, screen -> screen.contains("blocked"));

        long before = far.packets(FLOOD);
        terminal.press("u");
        terminal.awaitScreen("a dialog that asks", PATIENCE, screen -> screen.contains("nft"));
        assertThat(far.packets(FLOOD) - before).as("still blocked").isLessThanOrEqualTo(IN_FLIGHT);
        terminal.press("y");
        Patience.until("the flood is back", PATIENCE, () -> far.packets(FLOOD) > before + 10_000);

        terminal.press("q");
        assertTerminalIsAsBefore(settings);
        assertThat(Leftovers.namespaces(program)).isEmpty();
        assertThat(Leftovers.senders(program)).isEmpty();
    }

    private FarSide awaitFlood() {
        Path world = Path.of("/run/netns/outguard-demo-world-" + program);
        Patience.until(() -> "the lab stands: " + terminal.screen(), PATIENCE, () -> Files.exists(world));
        Patience.until(
                () -> "the senders run: " + terminal.screen(),
                PATIENCE,
                () -> Leftovers.senders(program).size() == 3);
        FarSide far = new FarSide(world, List.of(FLOOD, RESOLVER));
        Patience.until("packets arrive", PATIENCE, () -> far.packets(FLOOD) > 1000 && far.packets(RESOLVER) > 0);
        return far;
    }

    private long floodPid() {
        return Leftovers.senders(program).stream()
                .filter(sender -> Leftovers.commandLine(sender.pid()).contains(FLOOD))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** How long it takes until no more than what was in flight arrives in a tenth of a second. */
    private static Duration awaitSilence(FarSide far) {
        long start = System.nanoTime();
        long[] since = {System.nanoTime(), far.packets(FLOOD)};
        Patience.until("the flood stops", Duration.ofSeconds(10), () -> {
            long now = far.packets(FLOOD);
            if (now - since[1] > IN_FLIGHT) {
                since[0] = System.nanoTime();
                since[1] = now;
            }
            return System.nanoTime() - since[0] > 100_000_000;
        });
        return Duration.ofNanos(since[0] - start);
    }

    private static void assertBystanderGoesOnWithoutFlood(FarSide far) {
        long flood = far.packets(FLOOD);
        long queries = far.packets(RESOLVER);
        Patience.until("the bystander goes on", Duration.ofSeconds(5), () -> far.packets(RESOLVER) >= queries + 20);
        assertThat(far.packets(FLOOD) - flood)
                .as("packets of the flood meanwhile")
                .isLessThanOrEqualTo(IN_FLIGHT);
    }

    private void assertTerminalIsAsBefore(String settings) {
        terminal.awaitScreen(
                "the prompt", PATIENCE, screen -> screen.stripTrailing().endsWith("ready>"));
        assertThat(terminal.isAlternateScreen()).as("alternate screen").isFalse();
        assertThat(terminal.isCursorShown()).as("cursor").isTrue();
        assertThat(terminal.isMouseTaken()).as("mouse").isFalse();
        assertThat(terminal.settings(folder.resolve("after"))).isEqualTo(settings);
    }
}
