package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;
import org.outguard.exec.CommandRunner;

/** The incident by hand: the site that sends is a row of the screen, one key holds its mail, another lets it go. */
@WithMailSystem
class ScreenMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SPAM = 25;

    private MailLab lab;
    private Tmux terminal;

    @BeforeEach
    void start() {
        lab = MailLab.start("postfix");
        terminal = new Tmux(120, 34, Map.of());
    }

    @AfterEach
    void end() {
        terminal.close();
        lab.close();
    }

    @Test
    void keysHoldTheMailOfOneUserAndLetItGoAgain() {
        lab.php(SPAM).await(PATIENCE.multipliedBy(3));
        MailLab.write(lab.work().resolve("screen"), "exec " + CommandRunner.describe(lab.program("-i", "lo")) + "\n");
        terminal.typeLine("sh " + lab.work().resolve("screen"));
        terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("OUTGUARD"));
        terminal.press("2");
        ScreenKeys keys = new ScreenKeys(terminal, PATIENCE);
        keys.choose("user www-data ");
        terminal.awaitScreen("its script", PATIENCE, screen -> screen.contains("x7.php"));

        keys.confirm("h", "www-data", "postsuper");
        Patience.until("its mail is held", PATIENCE, () -> held().size() == SPAM);
        terminal.awaitScreen("the row says so", PATIENCE, screen -> screen.contains(SPAM + " held"));

        keys.confirm("r", "www-data", "postsuper");
        Patience.until("its mail is let go", PATIENCE, () -> held().isEmpty());
        assertThat(lab.deliveredFrom("www-data@mail.example.org")).isZero();
        terminal.press("q");
        terminal.awaitScreen("the shell again", PATIENCE, screen -> screen.contains("ready>"));
    }

    private List<String> held() {
        Path hold = lab.path("/var/spool/postfix/hold");
        return MailLab.files(hold);
    }
}
