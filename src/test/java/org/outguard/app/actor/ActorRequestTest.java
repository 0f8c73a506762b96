package org.outguard.app.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.mail.QueueId;
import org.outguard.owner.ProcessId;

/** What is understood, and what is left out or refused of what is not a client's to say. */
class ActorRequestTest {

    private static final ActorRequest.Heading HEADING = new ActorRequest.Heading("a-1x2y-1", "policy", "o-1: \u202e");
    private static final BlockTarget USER =
            new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(33));
    private static final NetworkStep.Block BLOCK = new NetworkStep.Block(USER, Duration.ofMinutes(10));

    private static ActorRequest read(ActorRequest request) {
        return ActorRequestReader.read(new String(request.line(), StandardCharsets.UTF_8).strip());
    }

    private static ActorRequest perform(Step step) {
        return read(new ActorRequest.Perform(HEADING, step, false));
    }

    private static String complaint(String line) {
        assertThat(ActorRequestReader.read(line)).as(line).isInstanceOf(ActorRequest.Malformed.class);
        return ((ActorRequest.Malformed) ActorRequestReader.read(line)).reason();
    }

    @Test
    void whatIsWrittenIsRead() {
        MessageStep.MessageRef message =
                new MessageStep.MessageRef(new QueueId("", "postfix", "878D313894B"), Instant.EPOCH, "www@example.org");
        for (Step step : List.of(
                BLOCK,
                new NetworkStep.Limit(USER, 100, Duration.ofSeconds(1)),
                new NetworkStep.Unblock(USER, ""),
                new LockdownStep.Lockdown(List.of(), Optional.of(Duration.ofMinutes(1))),
                new ProcessStep.Freeze(new ProcessId(4711, 99), "sh", ProcessStep.Scope.TREE),
                new MessageStep.Hold(List.of(message)),
                new MessageStep.Flush(List.of(), "example.org"),
                new RestrictionStep.Impose(new MailRestriction.Banned("info@example.org")),
                new FileStep.Quarantine("/tmp/x"),
                new FileStep.Disable("/etc/cron.d/x", 1))) {
            for (boolean anyway : new boolean[] {true, false}) {
                ActorRequest request = new ActorRequest.Perform(HEADING, step, anyway);
                assertThat(read(request)).isEqualTo(request);
            }
            assertThat(read(new ActorRequest.Plan(step))).isEqualTo(new ActorRequest.Plan(step));
        }
        ActorRequest undo = new ActorRequest.Undo(HEADING, "a-2");
        assertThat(read(undo)).isEqualTo(undo);
    }

    @Test
    void whatWasSetBeforeIsNotTheClientsToSay() {
        List<RestrictionStep.Setting> settings =
                List.of(new RestrictionStep.Setting("/etc/passwd", "", Optional.of("root::0:0")));
        MailRestriction all = new MailRestriction.AllHeld();
        assertThat(perform(new RestrictionStep.Impose(all, settings)))
                .isEqualTo(new ActorRequest.Perform(HEADING, new RestrictionStep.Impose(all), false));
        assertThat(perform(new RestrictionStep.Lift(all, settings, "")))
                .isEqualTo(new ActorRequest.Perform(HEADING, new RestrictionStep.Lift(all), false));
        FileStep.Kept kept = new FileStep.Kept("/etc/shadow", 0777, 0, 0, 1, "t", "t", "x");
        assertThat(perform(new FileStep.Quarantine("/tmp/x", Optional.of(kept))))
                .isEqualTo(new ActorRequest.Perform(HEADING, new FileStep.Quarantine("/tmp/x"), false));
        assertThat(perform(new FileStep.Disable("/tmp/x", 3, "evil")))
                .isEqualTo(new ActorRequest.Perform(HEADING, new FileStep.Disable("/tmp/x", 3), false));
    }

    @Test
    void whatPutsSomethingBackNamesItsAction() {
        FileStep.Kept kept = new FileStep.Kept("/etc/shadow", 0777, 0, 0, 1, "t", "t", "x");
        for (Step step : List.of(
                new FileStep.Restore("/etc/shadow", kept, ""),
                new FileStep.Enable("/etc/crontab", 1, "* * * * * root x", ""),
                new FileStep.Restore("/etc/shadow", kept, "a-1"),
                new NetworkStep.Unblock(USER, "a-1"),
                new LockdownStep.Lift("a-1"),
                new RestrictionStep.Lift(new MailRestriction.AllHeld(), List.of(), "a-1"))) {
            assertThat(perform(step)).as("%s", step).isInstanceOf(ActorRequest.Malformed.class);
        }
    }

    @Test
    void aBlockOfOneProcessNeedsAProgramThatStays() {
        assertThat(perform(new NetworkStep.Block(
                        BlockTarget.ofProcess(new ProcessId(4711, 99), 33), Duration.ofMinutes(1))))
                .isInstanceOfSatisfying(
                        ActorRequest.Malformed.class,
                        none -> assertThat(none.reason()).contains("ends when it is idle"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0000",
                "[]",
                "null",
                "{}",
                "{\"request\":\"perform\"}",
                "{\"request\":\"run\",\"command\":\"sh\"}",
                "{\"request\":7}",
                "{\"request\":\"plan\",\"action\":\"block\",\"uid\":33}",
                "{\"request\":\"plan\",\"action\":\"block\",\"uid\":33,\"length\":\"PT1S\"} x",
                "{\"request\":\"plan\",\"action\":\"block\",\"uid\":33,\"uid\":34,\"length\":\"PT1S\"}",
                "{\"request\":\"plan\",\"action\":\"block\",\"uid\":33,\"length\":\"PT1S\",\"anyway\":true}",
                "{\"request\":\"plan\",\"action\":\"block\",\"uid\":33,\"length\":\"PT1S\",\"journal\":\"/tmp/j\"}",
                "{\"request\":\"undo\",\"id\":\"a-1\",\"undoes\":\"../a\",\"by\":\"\",\"why\":\"\"}",
                "{\"request\":\"undo\",\"id\":\"a-1\",\"undoes\":\"a-2\",\"by\":\"\",\"why\":\"\",\"settings\":[]}",
                "{\"request\":\"undo\",\"id\":\"o-1\",\"undoes\":\"a-2\",\"by\":\"\",\"why\":\"\"}",
                "{\"request\":\"plan\",\"action\":\"ban\",\"user\":\"x\\ny: z\",\"settings\":[]}",
                "{\"request\":\"plan\",\"action\":\"hold\",\"messages\":[{\"instance\":\"postfix\",\"queueId\":\"../../x\",\"arrival\":\"1970-01-01T00:00:00Z\",\"sender\":\"\"}]}"
            })
    void nothingElseIsUnderstood(String line) {
        assertThat(complaint(line)).isNotEmpty();
    }

    @Test
    void whatIsTooLongIsRefused() {
        ActorRequest.Heading talkative = new ActorRequest.Heading("a-1", "policy", "x".repeat(4_001));
        assertThat(read(new ActorRequest.Perform(talkative, BLOCK, false)))
                .isEqualTo(new ActorRequest.Malformed("it cannot be read: no why of at most 4000 characters"));
    }

    @Test
    void whatTheReaderThrowsIsAReasonAndNothingElse() {
        assertThat(complaint("{\"a\":".repeat(100_000))).isNotEmpty();
        assertThat(complaint("{\"request\":\"plan\",\"action\":\"block\",\"uid\":33,\"length\":\"for ever\"}"))
                .contains("cannot be read");
    }

    @Test
    void soAreAnswersRead() {
        assertThat(ActorAnswer.read("{\"type\":\"plan\",\"command\":\"c\"}")).isEmpty();
        assertThat(ActorAnswer.read("")).isEmpty();
        ActorAnswer refused = new ActorAnswer.Refused(Instant.EPOCH, "no");
        assertThat(ActorAnswer.read(new String(refused.line(), StandardCharsets.UTF_8)))
                .contains(refused);
    }
}
