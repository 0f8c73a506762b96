package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.MessageStep;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Palette;
import org.outguard.tui.draw.Size;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.KeptColumns;
import org.outguard.tui.state.Setting;

/** One row a sender: who has mail sent by a mail system stands in the first view, with the keys that stop mail. */
class SenderRowsTest {

    private static final Size SIZE = new Size(160, 34);

    private final FakeDesk desk = new FakeDesk(Scenes.withMail(Scenes.flood(), MailScenes.picture()));
    private final Stage stage = new Stage(desk, SIZE, Scenes.SETTING);

    private static String row(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).findFirst().orElse("");
    }

    @Test
    void aScriptThatHandsInMailHasARowWithTheStateOfItsMail() {
        assertThat(row(stage.text(), "x7.php → Postfix"))
                .contains("● open", "mail", "www-data", "4.2k queued")
                .doesNotContain("203.0.113");
        assertThat(stage.text())
                .as("one that is within its limits is in Mail only")
                .doesNotContain("192.0.2.77");
    }

    @Test
    void whatAMailSystemSendsForItIsNoSecondRow() {
        desk.snapshot = MailScenes.heard();
        assertThat(row(stage.text(), "x7.php → Postfix")).contains(" 62 ");
        assertThat(stage.text().lines().filter(line -> line.contains("198.51.100.25:25")))
                .isEmpty();
        assertThat(stage.text()).contains("1 MAIL ATTACK").doesNotContain(" 1 ATTACK");
    }

    @Test
    void theKeysOfMailStopIt() {
        stage.press("j");
        assertThat(stage.text()).contains("h  hold", "B  ban", "m  messages").doesNotContain("z  freeze");
        stage.press("b");
        assertThat(stage.text()).contains("b: a mail system sends this for many");
        stage.press("h y");
        assertThat(desk.commands)
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Perform.class,
                        command -> assertThat(command.step()).isInstanceOf(MessageStep.Hold.class));
    }

    @Test
    void aKeyShowsItsMessages() {
        stage.press("j m");
        assertThat(stage.text()).contains("878D313894B deferred", "Esc back");
        stage.press("Enter");
        assertThat(stage.text()).contains("message", "878D313894B   Esc goes back to the list");
        stage.press("Esc Esc g m");
        assertThat(stage.text()).contains("no message is known to be of this row");
    }

    @Test
    void theTreeShowsWhoStartedWhom() {
        stage.press("t");
        assertThat(stage.text()).contains("812  ├ php-fpm8.2", "│ └ php8.2", "by the processes that started them");
        stage.press("s");
        assertThat(stage.text()).as("a sorted column is no tree").doesNotContain("│ └ php8.2");
        stage.press("3 t");
        assertThat(stage.text()).contains("there is a tree in the first view only");
    }

    @Test
    void inTheTreeAKeyActsOnTheRowThatIsSelected() {
        stage.press("t g b");
        assertThat(stage.text()).as("systemd sends nothing").contains("b: ");
        assertThat(desk.commands).isEmpty();
        stage.press("Down Down Down Down b");
        assertThat(stage.text()).contains("Block php8.2");
    }

    @Test
    void aGroupOfProcessesIsNamedByTheFileThatItRuns() {
        assertThat(row(stage.text(), "3× perl")).contains("/tmp/.x/mailer.pl");
        stage.press("j j j Enter");
        assertThat(stage.text()).contains("members", "pid 47990 47991 47992");
    }

    @Test
    void columnsAreChosenAndKept() {
        Kept kept = new Kept();
        ScreenLoop[] loop = new ScreenLoop[1];
        FakeTerminal terminal = new FakeTerminal(SIZE);
        terminal.type("\033OQ").type("jj ").type("\r").type("q");
        loop[0] = new ScreenLoop(terminal, desk, kept.setting(), terminal::nanoTime);
        loop[0].run();
        assertThat(kept.hidden).containsEntry("Offenders", Set.of("pid")).containsEntry("Mail", Set.of());
        String again = new Stage(desk, SIZE, kept.setting()).text();
        assertThat(row(again, "state▾")).contains("process").doesNotContain("pid");
    }

    @Test
    void theFirstColumnStaysAndEscapeKeepsAllOfThem() {
        stage.press("F2 Space Down Space Esc");
        assertThat(row(stage.text(), "state▾")).contains("score", "pid");
        stage.press("F2 Space Enter");
        assertThat(row(stage.text(), "state▾")).contains("score", "pid");
    }

    private static final class Kept implements KeptColumns {
        private Map<String, Set<String>> hidden = Map.of();

        @Override
        public Map<String, Set<String>> read() {
            return hidden;
        }

        @Override
        public void write(Map<String, Set<String>> other) {
            hidden = other;
        }

        Setting setting() {
            return new Setting(
                    "mx7.example.net",
                    "root on pts/0",
                    Look.of(Palette.MANY),
                    Scenes.TIMES,
                    false,
                    false,
                    Keys.usual(),
                    "/tmp",
                    this);
        }
    }
}
