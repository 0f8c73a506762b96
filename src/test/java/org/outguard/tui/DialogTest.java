package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.mail.QueuedMessage;
import org.outguard.tui.draw.Size;

/** What a dialog says is what is done: how many messages, with which commands, and for how long an undo would last. */
class DialogTest {

    private static final Size SIZE = new Size(120, 40);

    private final FakeDesk desk = new FakeDesk(Scenes.withMail(Scenes.flood(), MailScenes.picture()));
    private final Stage stage = new Stage(desk, SIZE, Scenes.SETTING);

    private static Snapshot withOneMore() {
        MailSnapshot picture = MailScenes.picture();
        List<MailSnapshot.Message> messages = new ArrayList<>(picture.messages());
        messages.add(
                0,
                MailScenes.message("NEWER", MailScenes.SCRIPT, QueuedMessage.Status.ACTIVE, "Your parcel is waiting"));
        return Scenes.withMail(
                Scenes.flood(),
                new MailSnapshot(
                        true,
                        List.of(),
                        picture.totals(),
                        picture.submitters(),
                        picture.submitterCount(),
                        messages,
                        picture.news(),
                        picture.reading()));
    }

    private List<String> held() {
        assertThat(desk.commands).hasSize(1);
        MessageStep.Hold hold = (MessageStep.Hold) ((Command.Perform) desk.commands.get(0)).step();
        return hold.messages().stream().map(message -> message.id().id()).toList();
    }

    @Test
    void whatIsHeldIsWhatWasShown() {
        stage.press("2 h");
        assertThat(stage.text())
                .contains("these 2 of 4,200 messages, none that is newer", "4,198 others are in the queue");
        desk.snapshot = withOneMore();
        stage.press("y");
        assertThat(held()).containsExactly("878D313894B", "9A1C4138951");
    }

    @Test
    void orThatAndWhatComesUntilItIsConfirmed() {
        stage.press("2 h j");
        assertThat(stage.text())
                .contains("keeps 2 messages in the queue, undelivered, until released, and those that come");
        desk.snapshot = withOneMore();
        stage.press("y");
        assertThat(held()).containsExactly("NEWER", "878D313894B", "9A1C4138951");
    }

    @Test
    void deleteSaysHowManyStay() {
        stage.press("2 d");
        assertThat(stage.text())
                .contains("these 1 of 4,201 message", "4,200 others are in the queue, not on hold or not listed");
    }

    @Test
    void anUndoSaysTheTimeThatIsLeft() {
        desk.snapshot = Scenes.blocked();
        stage.press("u");
        assertThat(stage.text()).contains("598s }").doesNotContain("600s }");
    }

    @Test
    void theFileBehindASenderIsTakenAwayAndNothingOfTheSystem() {
        desk.snapshot = Scenes.flood();
        stage.press("Enter Q");
        assertThat(stage.text()).contains("Quarantine /", "undo puts it back", "K kills it");
        stage.press("y");
        assertThat(desk.commands).hasSize(1);
        assertThat(((Command.Perform) desk.commands.get(0)).step())
                .isInstanceOfSatisfying(
                        FileStep.Quarantine.class,
                        step -> assertThat(step.path()).endsWith(".php"));

        desk.commands.clear();
        stage.press("Esc G Q");
        assertThat(stage.text()).contains("no file is known behind it that is none of the system's");
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void aBlockSaysWhatPassesItAndWhatStopsThat() {
        Stage large = new Stage(new FakeDesk(Scenes.flood()), new Size(160, 50), Scenes.SETTING);
        large.press("b");
        assertThat(large.text())
                .contains(
                        "passes   sockets that another user opened",
                        "passes   AF_PACKET sockets",
                        "passes   later fragments",
                        "passes   frames sent by XDP",
                        "--remote alone stops these");
        large.press("j j");
        assertThat(large.text()).contains("passes   frames sent by XDP").doesNotContain("AF_PACKET sockets");
    }

    @Test
    void whatPassesIsNotSaidOfOneProcessNorOfALockdown() {
        Stage large = new Stage(new FakeDesk(Scenes.flood()), new Size(160, 50), Scenes.SETTING);
        large.press("b j j j j");
        assertThat(large.text())
                .contains("only process 48213 to anywhere for 10m")
                .doesNotContain("passes ");
        large.press("n L");
        assertThat(large.text()).contains("lockdown").doesNotContain("passes ");
    }

    @Test
    void commandsAreFoldedToALineEachAndUnfolded() {
        stage.press("L");
        assertThat(stage.text()).contains("add rule inet outguard lockdown", "c fold");
        stage.press("c");
        assertThat(stage.text()).contains(" more", "c unfold").doesNotContain("add rule inet outguard lockdown");
        stage.press("c");
        assertThat(stage.text()).contains("add rule inet outguard lockdown");
    }
}
