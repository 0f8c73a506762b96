package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.Outcome;
import org.outguard.mail.QueueId;

/** A program that fails in the midst of a batch: what was done stands and is said, and what has half ended has not. */
class PartlyDoneTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String FATAL = "postsuper: fatal: scan_dir_push: open directory hold: Permission denied";

    @ParameterizedTest
    @CsvSource({
        // Of five messages: how many were done, whether a program failed, a hold's outcome, a release's outcome.
        "5, false, DONE, DONE",
        "5, true, PARTLY, PARTLY",
        "3, true, PARTLY, FAILED",
        "3, false, DONE, DONE",
        "0, true, FAILED, FAILED",
        "0, false, FAILED, FAILED",
    })
    void outcomesSayHowMuch(int count, boolean failed, Outcome.Result held, Outcome.Result released) {
        List<MessageRef> five = refs(5);
        List<String> problems = failed ? List.of(FATAL) : count < 5 ? List.of("2 no longer there") : List.of();
        MailSystem.Done done = new MailSystem.Done(count, problems, failed);

        Outcome hold = outcome(new MessageStep.Hold(five), done);
        assertThat(hold.result()).isEqualTo(held);
        assertThat(hold.detail()).startsWith(count + " of 5 messages");
        assertThat(hold.detail()).matches(text -> !failed || text.endsWith(FATAL));
        assertThat(outcome(new MessageStep.Release(five, "a-1"), done).result()).isEqualTo(released);
    }

    @Test
    void whatIsPartlyDoneTookEffectSoItCanBeUndone() {
        Outcome partly = outcome(new MessageStep.Hold(refs(5)), new MailSystem.Done(1, List.of(FATAL), true));
        assertThat(partly.result()).isEqualTo(Outcome.Result.PARTLY);
        assertThat(partly.tookEffect()).isTrue();
    }

    private static Outcome outcome(MessageStep step, MailSystem.Done done) {
        MailSystems systems =
                new MailSystems(List.of(new Doing(done)), Path.of("/nowhere"), Clock.fixed(NOW, ZoneOffset.UTC));
        Action action = new Action("a-1", NOW, "you", "o-1", step, new Action.Plan("", ""));
        return systems.run(action, step);
    }

    private static List<MessageRef> refs(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> new MessageRef(new QueueId("", "postfix", "56B3F23238" + i), NOW, "a@b.example"))
                .toList();
    }

    /** A mail system that does as it is told. */
    private record Doing(Done done) implements MailSystem, MailSystem.MessageActions {
        @Override
        public String instance() {
            return "postfix";
        }

        @Override
        public QueueReader reader() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String text(QueueId id, boolean body) {
            return "";
        }

        @Override
        public DeliveryFiles deliveries() {
            throw new UnsupportedOperationException();
        }

        @Override
        public MessageActions messages() {
            return this;
        }

        @Override
        public SubmissionActions submission() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String commands(MessageStep step) {
            return "";
        }

        @Override
        public Done run(MessageStep step) {
            return done;
        }

        @Override
        public List<MessageRef> found(List<MessageRef> messages, boolean onHold) {
            return messages;
        }
    }
}
