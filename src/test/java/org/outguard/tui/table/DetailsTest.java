package org.outguard.tui.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.FakeDesk;
import org.outguard.tui.MailScenes;
import org.outguard.tui.OccasionScenes;
import org.outguard.tui.Scenes;
import org.outguard.tui.Stage;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.Input;

/** Details that are longer than their place can be read to their end, and say what stands against the row. */
class DetailsTest {

    private static final Size SMALL = new Size(80, 24);
    private static final String LAST = "to        udp 203.0.113.80:80";

    private static Stage stage(Snapshot snapshot, Size size) {
        return new Stage(new FakeDesk(snapshot), size, Scenes.SETTING);
    }

    @Test
    void keysTurnThemAndAnotherRowsBeginAtTheirBeginning() {
        Stage stage = stage(Scenes.blocked(), SMALL);
        assertThat(stage.text()).contains("] ").contains(" more ").doesNotContain(LAST);
        assertThat(stage.press("] ] ] ]").text())
                .contains(LAST)
                .contains("[ back")
                .doesNotContain(" more ");
        assertThat(stage.press("[").text()).as("one step back is enough").doesNotContain(LAST);
        assertThat(stage.press("] ] j").text())
                .contains("reason    31 connects/min")
                .doesNotContain("[ back");
        assertThat(stage.press("k").text()).contains("reason    173k packets/s");
    }

    @Test
    void theWheelTurnsWhatItStandsOn() {
        Stage stage = stage(Scenes.blocked(), SMALL);
        for (int i = 0; i < 6; i++) {
            stage.click(Input.Button.WHEEL_DOWN, 10, 15);
        }
        assertThat(stage.text()).contains(LAST).contains("── php8.2 /var");
        assertThat(stage.click(Input.Button.WHEEL_UP, 10, 15).text()).doesNotContain(LAST);
        assertThat(stage.click(Input.Button.WHEEL_DOWN, 10, 6).text()).doesNotContain("── php8.2 /var");
    }

    @Test
    void theWholeOfABlockCanBeReadOnANarrowScreen() {
        String text = stage(Scenes.blocked(), SMALL).text().replaceAll("\\s+", " ");
        assertThat(text)
                .contains("blocked 9:58: uid 33 to 203.0.113.80 udp port 80; 346,112 packets dropped, 173k pps now");
    }

    @Test
    void aStartIsATimeOfDayAndAnAge() {
        assertThat(stage(Scenes.flood(), SMALL).text()).contains("started   16:17:05, 43m ago");
    }

    @Test
    void mailThatGoesOnLeavingIsAnAttackUntilItIsBannedOrHeld() {
        Snapshot spam = Scenes.withMail(Scenes.empty(), MailScenes.picture());
        assertThat(stage(spam, SMALL).text()).contains("1 MAIL ATTACK").doesNotContain("WATCHING");
        assertThat(stage(spam, SMALL).press("2").text()).contains("● open");

        RestrictionStep ban = new RestrictionStep.Impose(new MailRestriction.Banned("www-data"));
        ActionRow stands = OccasionScenes.row("a-9", ban, ActionRow.State.STANDING, Optional.empty());
        Snapshot banned = Scenes.withMail(Scenes.withActions(Scenes.empty(), List.of(stands)), MailScenes.picture());
        assertThat(stage(banned, SMALL).text()).contains("WATCHING").doesNotContain("MAIL ATTACK");
        assertThat(stage(banned, SMALL).press("2").text()).contains("■ banned").doesNotContain("● open");
    }
}
