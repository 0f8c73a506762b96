package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.Size;

/** Keys that limit, lock down, put back and follow: what they show, and what they ask of the guard. */
class ResponseKeysTest {

    private static final Size SIZE = new Size(120, 34);
    private static final String BY = "root on pts/0";

    private final FakeDesk desk = new FakeDesk(Scenes.flood());
    private final Stage stage = new Stage(desk, SIZE, Scenes.SETTING);

    private void see(Snapshot snapshot) {
        desk.snapshot = snapshot;
    }

    @Test
    void aLimitAsksRateScopeAndTime() {
        stage.press("l");
        assertThat(stage.text()).contains("Limit php8.2", "rate", "▸100/s", "▸10m", "- + rate", "undo");
        stage.press("+ Down Right y");
        assertThat(desk.commands).singleElement().isInstanceOfSatisfying(Command.Limit.class, command -> {
            assertThat(command.offenderId()).isEqualTo(Scenes.FLOOD);
            assertThat(command.limit().packetsPerSecond()).isEqualTo(1_000);
            assertThat(command.limit().duration()).isEqualTo(Duration.ofHours(1));
            assertThat(command.limit().target().uid())
                    .as("everybody, the second scope")
                    .isEmpty();
            assertThat(command.anyway()).isFalse();
        });
    }

    @Test
    void aRateEndsWhereThereIsNoOther() {
        stage.press("l - - - - - -");
        assertThat(stage.text()).contains("▸1/s");
        stage.press("+ + + + + + + +");
        assertThat(stage.text()).contains("▸10,000/s");
    }

    @Test
    void aLimitOfAllThatAreTagged() {
        stage.press("Space Space l y");
        assertThat(desk.commands).hasSize(2).allMatch(Command.Limit.class::isInstance);
    }

    @Test
    void aLockdownShowsWhatItLetsOutAndItsCommand() {
        see(Scenes.flood());
        stage.press("L");
        assertThat(stage.text())
                .contains("Lock this machine down?", "60 s", "postfix (uid 107): tcp 25, 465, 587")
                .contains("nft 'flush chain inet outguard lockdown", "undo");
        stage.press("y");
        assertThat(desk.commands).singleElement().isInstanceOfSatisfying(Command.Perform.class, command -> {
            assertThat(command.step()).isEqualTo(OccasionScenes.trial());
            assertThat(command.by()).isEqualTo(BY);
        });
    }

    @Test
    void aLongDialogIsTurnedByThePageAndNotBeyondItsEnd() {
        see(Scenes.flood());
        stage.press("L");
        assertThat(stage.text()).contains("effect", "undo", "more lines, PgDn").doesNotContain("lockdown_on { ipv4");
        stage.press("PgDn");
        assertThat(stage.text()).doesNotContain("effect");
        stage.press("PgDn PgDn PgDn PgDn PgDn");
        assertThat(stage.text()).contains("lockdown_on { ipv4").doesNotContain("effect", "PgDn");
        stage.press("PgUp PgUp PgUp PgUp");
        assertThat(stage.text()).contains("effect", "PgDn");
    }

    @Test
    void turnedPageByPageALongDialogShowsEveryLine() {
        see(Scenes.flood());
        stage.press("L");
        StringBuilder shown = new StringBuilder();
        for (int page = 0; page < 6; page++) {
            shown.append(stage.text());
            stage.press("PgDn");
        }
        assertThat(OccasionScenes.ALLOWED)
                .allSatisfy(allowRule -> assertThat(shown.toString().replaceAll("[\\s│]+", " "))
                        .contains((allowRule.kind() == AllowRule.Kind.FROM ? "sport " : "dport ") + allowRule.port()));
    }

    @Test
    void aLockdownThatWouldLetNothingOutIsNotOffered() {
        see(Scenes.flood());
        desk.allowed = List.of();
        stage.press("L");
        assertThat(stage.text()).contains("what may leave is not known yet");
        stage.press("y");
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void itsMinuteIsCountedDownAndItAsks() {
        see(OccasionScenes.onTrial(13));
        assertThat(stage.text()).contains("LOCKDOWN 0:47", "lockdown ends in 0:47 unless you keep it: L");
        see(OccasionScenes.onTrial(14));
        assertThat(stage.text()).contains("LOCKDOWN 0:46");
        stage.press("L");
        assertThat(stage.text()).contains("Keep the lockdown?", "in 0:46");
        see(OccasionScenes.onTrial(15));
        assertThat(stage.text()).as("the dialog counts on").contains("in 0:45");
        stage.press("y");
        assertThat(desk.commands)
                .containsExactly(new Command.Perform(OccasionScenes.trial().confirmed(), "confirmed", BY));
    }

    @Test
    void orItIsLiftedAtOnce() {
        see(OccasionScenes.onTrial(13));
        stage.press("L j y");
        assertThat(desk.commands).containsExactly(new Command.Undo(OccasionScenes.TRIAL, BY));
    }

    @Test
    void aConfirmedOneIsLiftedByTheSameKey() {
        see(OccasionScenes.locked());
        assertThat(stage.text()).contains(" LOCKDOWN ").doesNotContain("unless you keep it");
        stage.press("L y");
        assertThat(desk.commands).containsExactly(new Command.Undo(OccasionScenes.TRIAL, BY));
    }

    @Test
    void aTrialThatIsOverIsNotConfirmed() {
        see(OccasionScenes.onTrial(13));
        stage.press("L");
        see(Scenes.flood());
        stage.press("y");
        assertThat(desk.commands).isEmpty();
        assertThat(stage.text()).contains("the lockdown is over");
    }

    @Test
    void whatSomebodyFlushedIsOfferedAndPutBackForTheTimeThatIsLeft() {
        see(OccasionScenes.flushed());
        assertThat(stage.text()).contains("R puts back: 2 actions were taken out of the kernel", "R  put back");
        stage.press("R");
        assertThat(stage.text()).contains("Put 2 actions back?", "412s").doesNotContain("600s");
        stage.press("y");
        assertThat(desk.commands)
                .containsExactly(new Command.Reapply(OccasionScenes.LOST, BY), new Command.Reapply("a-7", BY));
    }

    @Test
    void inActionsTheSelectedOneIsPutBack() {
        see(OccasionScenes.flushed());
        stage.press("4 g R y");
        assertThat(desk.commands).containsExactly(new Command.Reapply(OccasionScenes.LOST, BY));
    }

    @Test
    void withNothingLostTheKeySaysSo() {
        stage.press("R");
        assertThat(stage.text())
                .contains("R: nothing was taken out by somebody else")
                .doesNotContain("put back");
    }

    @Test
    void whatStartsAKilledProgramAgainIsNamedAndStopped() {
        see(OccasionScenes.respawned());
        assertThat(stage.text())
                .contains(
                        "n stops it: php8.2 is back as process 48213, started by process 812 php-fpm8.2",
                        "n  stop next");
        stage.press("n y");
        assertThat(desk.commands).as("its number is to be typed").isEmpty();
        stage.press("Backspace 8 1 2 Enter");
        assertThat(desk.commands)
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Perform.class,
                        command -> assertThat(command.step())
                                .isInstanceOfSatisfying(
                                        ProcessStep.Kill.class,
                                        kill -> assertThat(kill.process().pid()).isEqualTo(812)));
    }

    @Test
    void whatNoStepOfOursStopsIsSaid() {
        see(OccasionScenes.respawnedByUnit());
        assertThat(stage.text()).contains("started by unit x7.service: systemctl stop x7.service");
        stage.press("n");
        assertThat(stage.text()).contains("n: that is done by hand: systemctl stop x7.service");
    }

    @Test
    void whatSpeaksAgainstABlockIsReadAndConfirmedASecondTime() {
        desk.objections = List.of(new Objection("names could not be looked up any more", false));
        stage.press("b");
        assertThat(stage.text()).contains("against  names could not be looked up any more", "type anyway:");
        stage.press("Enter");
        assertThat(desk.commands).isEmpty();
        stage.type("anyway").press("Enter");
        assertThat(desk.commands)
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Block.class,
                        command -> assertThat(command.anyway()).isTrue());
    }

    @Test
    void whatNobodyMayDoIsRefusedWithTheReason() {
        desk.objections = List.of(new Objection("it would cut off the SSH session", true));
        stage.press("b");
        assertThat(stage.text())
                .contains("refused  it would cut off the SSH session")
                .doesNotContain("type anyway");
        stage.press("y");
        assertThat(desk.commands).isEmpty();
        assertThat(stage.text()).contains("refused: it would cut off the SSH session");
    }
}
