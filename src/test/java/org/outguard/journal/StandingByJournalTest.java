package org.outguard.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.mail.QueueId;

/** What of a journal still stands, as {@code outguard undo} finds it after a restart. */
class StandingByJournalTest {

    private static final Instant START = Instant.parse("2025-12-05T16:00:00Z");
    private static final BlockTarget FLOOD = JournalTest.target(33, "192.0.2.1", Protocol.UDP, 80);
    private static final BlockTarget USER = JournalTest.target(33, null, null, 0);

    @TempDir
    private Path directory;

    private Journal journal;

    @BeforeEach
    void makeJournal() {
        journal = new Journal(directory.resolve("journal.ndjson"));
    }

    @Test
    void aBlockStandsFromWhenItWasDoneUntilItsTimeIsOver() throws IOException {
        Action action = block("a-1", FLOOD, 0, 10);
        done("a-1", 1);

        assertThat(standing(1)).containsExactly(new StandingByJournal(action, minute(11), true));
        assertThat(standing(10)).hasSize(1);
        assertThat(standing(11)).isEmpty();
    }

    @Test
    void whatFailedOrWasTakenBackDoesNotStand() throws IOException {
        block("a-1", FLOOD, 0, 10);
        ended("a-1", 0, Outcome.Result.FAILED);
        block("a-2", USER, 0, 10);
        done("a-2", 0);
        assertThat(ids(1)).containsExactly("a-2");

        unblock("a-3", USER, "a-2");
        assertThat(ids(1)).as("not before it is known to be done").containsExactly("a-2");
        done("a-3", 1);

        assertThat(ids(1)).isEmpty();
    }

    @Test
    void anUndoThatFailedLeavesTheBlock() throws IOException {
        block("a-1", FLOOD, 0, 10);
        done("a-1", 0);
        unblock("a-2", FLOOD, "a-1");
        ended("a-2", 1, Outcome.Result.FAILED);

        assertThat(ids(1)).containsExactly("a-1");
    }

    @Test
    void theNewestBlockOfATargetIsTheOneThatStands() throws IOException {
        block("a-1", FLOOD, 0, 60);
        done("a-1", 0);
        block("a-2", FLOOD, 1, 5);
        done("a-2", 1);

        assertThat(ids(2)).containsExactly("a-2");
        assertThat(ids(7)).as("the kernel has the time of the second").isEmpty();

        unblock("a-3", FLOOD, "a-1");
        done("a-3", 2);
        assertThat(ids(2))
                .as("one element, so taking out either takes out both")
                .isEmpty();
    }

    @Test
    void aBlockWithoutAnOutcomeMayStand() throws IOException {
        Action action = block("a-1", FLOOD, 0, 10);

        assertThat(standing(1)).containsExactly(new StandingByJournal(action, minute(10), false));
        assertThat(standing(10)).isEmpty();
    }

    @Test
    void whatADamagedLineNamesIsAskedAboutAndKeepsItsTime() throws IOException {
        Action action = block("a-1", FLOOD, 0, 10);
        done("a-1", 1);
        block("a-11", USER, 0, 60);
        done("a-11", 1);
        unblock("a-2", FLOOD, "a-1");
        damageLastLine();
        done("a-2", 2);

        assertThat(standing(3)).contains(new StandingByJournal(action, minute(11), false));
        assertThat(journal.unsettled(minute(3)))
                .as("the other has the same letters in its id")
                .containsExactly(new StandingByJournal.Unsettled(action, true));
        assertThat(journal.unsettled(minute(12))).as("its time is over").isEmpty();

        done("a-1", 4);
        assertThat(standing(5)).contains(new StandingByJournal(action, minute(11), true));
        assertThat(journal.unsettled(minute(5))).isEmpty();

        unblock("a-3", FLOOD, "a-1");
        damageLastLine();
        ended("a-1", 6, Outcome.Result.FAILED);
        assertThat(ids(7)).containsExactly("a-11");
    }

    @Test
    void anOutcomeThatIsDamagedLeavesTheActionOpen() throws IOException {
        Action action = block("a-1", FLOOD, 0, 10);
        done("a-1", 1);
        damageLastLine();

        assertThat(standing(2)).containsExactly(new StandingByJournal(action, minute(10), false));
        assertThat(journal.unsettled(minute(2))).containsExactly(new StandingByJournal.Unsettled(action, true));
    }

    @Test
    void aDamagedLineThatNamesNothingChangesNothing() throws IOException {
        Action action = block("a-1", FLOOD, 0, 10);
        done("a-1", 1);
        Files.writeString(journal.file(), "{\"type\":\"outcome\",\"id\":\"a-9\"\n", StandardOpenOption.APPEND);

        assertThat(standing(2)).containsExactly(new StandingByJournal(action, minute(11), true));
        assertThat(journal.unsettled(minute(2))).isEmpty();
    }

    private void damageLastLine() throws IOException {
        byte[] whole = Files.readAllBytes(journal.file());
        whole[whole.length - 4] ^= 1;
        Files.write(journal.file(), whole);
    }

    @Test
    void aTimeWithoutEndHidesNothing() throws IOException {
        journal.before(action("a-1", USER, 0, Duration.ofSeconds(Long.MAX_VALUE)));
        done("a-1", 0);
        block("a-2", FLOOD, 0, 10);
        done("a-2", 0);

        assertThat(ids(1)).containsExactly("a-1", "a-2");
    }

    private List<StandingByJournal> standing(int minute) throws IOException {
        return journal.standing(minute(minute));
    }

    private List<String> ids(int minute) throws IOException {
        return standing(minute).stream().map(block -> block.action().id()).toList();
    }

    @Test
    void ofAHoldOnlyWhatNothingCameAfterStands() throws IOException {
        mail("a-1", new MessageStep.Hold(messages("A1", "A2", "A3")));
        mail("a-2", new MessageStep.Release(messages("A2", "B1"), ""));
        assertThat(standing(1))
                .extracting(one -> one.action().id(), one -> one.action().step())
                .containsExactly(tuple("a-1", new MessageStep.Hold(messages("A1", "A3"))));

        mail("a-3", new MessageStep.Release(messages("A1", "A3"), ""));
        assertThat(standing(1)).isEmpty();
    }

    private void mail(String id, MessageStep step) {
        Action action = new Action(id, minute(0), "test", "", step, new Action.Plan("", ""));
        assertThat(journal.before(action)).isEmpty();
        done(id, 0);
    }

    private static List<MessageRef> messages(String... ids) {
        return Stream.of(ids)
                .map(id -> new MessageRef(new QueueId("", "postfix", id), START, "a@example.org"))
                .toList();
    }

    private Action block(String id, BlockTarget target, int minute, int minutes) {
        Action action = action(id, target, minute, Duration.ofMinutes(minutes));
        assertThat(journal.before(action)).isEmpty();
        return action;
    }

    private static Action action(String id, BlockTarget target, int minute, Duration length) {
        return new Action(
                id, minute(minute), "test", "", new NetworkStep.Block(target, length), new Action.Plan("", ""));
    }

    private void unblock(String id, BlockTarget target, String undoes) {
        assertThat(journal.before(new Action(
                        id, minute(1), "test", "", new NetworkStep.Unblock(target, undoes), new Action.Plan("", ""))))
                .isEmpty();
    }

    private void done(String id, int minute) {
        ended(id, minute, Outcome.Result.DONE);
    }

    private void ended(String id, int minute, Outcome.Result result) {
        assertThat(journal.after(new Outcome(id, minute(minute), result, ""))).isEmpty();
    }

    private static Instant minute(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }
}
