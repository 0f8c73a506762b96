package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.app.DemoOnScreen.PATIENCE;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender that was killed is told as ended, in its row and in the badges, and cannot be blocked any more. */
class KilledRowIT {

    @TempDir
    private Path folder;

    private DemoOnScreen demo;
    private Tmux terminal;

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @BeforeEach
    void open() throws Exception {
        demo = new DemoOnScreen(folder);
        terminal = demo.terminal();
    }

    @AfterEach
    void tidyUp() {
        demo.close();
    }

    @Test
    void aKilledSenderHasEnded() {
        demo.chooseFloodWithItsOwner();
        String pid = Long.toString(demo.floodPid());
        terminal.awaitScreen("both floods", PATIENCE, screen -> screen.contains(" 2 ATTACKS "));
        demo.keys().ask("K", "Kill ", pid);
        terminal.type(pid);
        terminal.press("Enter");

        demo.awaitFloodRow("† ");
        terminal.awaitScreen(
                "one attack less, and how it ended",
                PATIENCE,
                screen -> screen.contains(" 1 ATTACK ") && screen.contains(", killed by "));
        terminal.press("b");
        // A dialog would come at once: the reason stands where messages do.
        terminal.awaitScreen("no block", PATIENCE, screen -> screen.contains("there is nothing left to stop"));
        Patience.quiet(Duration.ofMillis(300));
        assertThat(terminal.screen()).doesNotContain("nft add element");
    }
}
