package org.outguard.headless.ndjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.Samples;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** The lines, read back as whole objects. */
public class NdjsonTest {

    @Test
    void anOffenderHasEveryFieldOfTheContract() throws IOException {
        Talker talker = Samples.talker(
                "o-1", Verdict.OFFENDING, Samples.EXACT, 346_000, Samples.block(ActiveBlock.State.STANDING, 7));

        assertThat(parse(Ndjson.talker(Samples.after(2.0625), talker))).isEqualTo(parse("""
                {"type":"offender","at":"2026-03-01T12:00:02.063Z","id":"o-1","kind":"UDP_FLOOD",
                 "verdict":"OFFENDING","state":"open","endedAt":null,
                 "reason":"173,000 packets/s of UDP, limit 10,000","protocol":"udp",
                 "remotes":[{"address":"203.0.113.80","port":80,"packets":346000,"bytes":10034000}],
                 "remoteCount":1,"packets":346000,"bytes":10034000,
                 "packetsPerSecond":173000,"bitsPerSecond":40136000.3,
                 "firstSeen":"2026-03-01T12:00:00.000Z","lastSeen":"2026-03-01T12:00:01.500Z",
                 "eyes":{"kernel":null,"wire":{"packets":346000,"bytes":10034000,"kernelPackets":0,"kernelBytes":0,
                   "otherPackets":0,"nobodysPackets":0,"sight":"ALL","destinations":0,"leftOut":0},
                   "unaccounted":{"packets":0,"bytes":0},"before":{"packets":0,"bytes":0}},
                 "owner":{"pid":4711,"startTime":98765,"command":"x7","exe":"/tmp/x7","exeDeleted":true,
                   "cwd":"/var/www/html","commandLine":"./x7 203.0.113.80 'a b' ''","uid":33,"user":"www-data",
                   "loginUid":null,"cgroup":"/system.slice/apache2.service","unit":"apache2.service",
                   "container":null,"netns":4026531840,
                   "parents":[{"pid":812,"startTime":1200,"command":"apache2"}],"script":null},
                 "match":"EXACT","matchedBy":"connected UDP socket, sock_diag","mail":null,
                 "actions":[{"id":"a-1","action":"block","expires":"2026-03-01T12:10:00.000Z","state":"STANDING"}]}"""));
    }

    @Test
    void oneWhoseProcessExitedHasEndedAndSaysWhen() throws IOException {
        Talker talker = Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 1)
                .withStatus(new RowStatus(RowStatus.State.ENDED, Optional.of(Samples.after(1)), "root"));
        Map<String, Object> line = parse(Ndjson.talker(Samples.after(2), talker));
        assertThat(line).containsEntry("state", "ended").containsEntry("endedAt", "2026-03-01T12:00:01.000Z");
    }

    @Test
    void whatWasHeardOfSmtpStandsInTheMailOfItsSender() throws IOException {
        SmtpSnapshot smtp = new SmtpSnapshot(
                3,
                1,
                List.of(new MailSnapshot.Counted("\u001b]0;x\u0007.example", 2)),
                "<>",
                1,
                4,
                9,
                List.of(new SmtpSnapshot.Code(421, 1), new SmtpSnapshot.Code(550, 2)),
                List.of(new SmtpSnapshot.Code(250, 7)));
        Talker talker = Samples.withSmtp(Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 1), smtp);
        assertThat(object(parse(Ndjson.talker(Samples.START, talker)), "mail")).isEqualTo(parse("""
                {"origin":{"kind":"unknown","who":"","reason":"no message of a mail system is known of this sender","script":""},
                 "evidence":"NONE","queueIds":[],"queued":null,"sent":null,"bounced":null,"deferred":null,
                 "smtp":{"connections":3,"encrypted":1,"ehlo":[{"text":"\\\\x1b]0;x\\\\x07.example","count":2}],
                   "lastSender":"<>","senders":1,"messages":4,"recipients":9,"refusedRecipients":3,
                   "refusedByCode":{"421":1,"550":2},"replies":{"250":7}}}"""));
    }

    @Test
    void whatBothEyesCountedIsReadBackAsItWasWritten() throws IOException {
        SourceCounts left = new SourceCounts(
                Optional.of(new SourceCounts.Sum(1_234_567, 35_802_443)),
                Optional.of(new SourceCounts.Wire(
                        new SourceCounts.Sum(4_096, 118_784),
                        new SourceCounts.Sum(1_234_570, 35_802_530),
                        3,
                        2,
                        SourceCounts.Sight.LEFT_OUT,
                        1,
                        1)),
                new SourceCounts.Sum(5, 6),
                new SourceCounts.Sum(7, 8));
        SourceCounts alone = new SourceCounts(left.kernel(), Optional.empty(), SourceCounts.Sum.NONE);
        for (SourceCounts eyes : List.of(left, alone, SourceCounts.ofWire(7, 8))) {
            Talker talker = Samples.withEyes(Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 1), eyes);
            assertThat(EyeJson.read(parse(Ndjson.talker(Samples.START, talker))))
                    .contains(eyes);
        }
        assertThat(EyeJson.read(Map.of())).as("an older log").isEmpty();
        assertThat(EyeJson.read(Map.of("eyes", Map.of("wire", Map.of("sight", "?")))))
                .contains(new SourceCounts(Optional.empty(), Optional.empty(), SourceCounts.Sum.NONE));
    }

    @Test
    void nobodyIsNullAndMatchNone() throws IOException {
        assertThat(parse(Ndjson.talker(Samples.START, Samples.talker("o-1", Verdict.SUSPECT, Samples.NOBODY, 1))))
                .containsEntry("owner", null)
                .containsEntry("match", "NONE")
                .containsEntry("matchedBy", "no socket had that port")
                .containsEntry("actions", List.of())
                .doesNotContainKey("pids");
    }

    @Test
    void manyProcessesOfOneProgramAreListed() throws IOException {
        Talker talker = Samples.withPids(
                Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 1),
                new ProcessId(4711, 98765),
                new ProcessId(4712, 98766));

        assertThat(parse(Ndjson.talker(Samples.START, talker))).containsEntry("pids", List.of(4711, 4712));
    }

    @Test
    void theSchemaKnowsEachKindOfOffence() throws IOException {
        for (OffenceKind kind : OffenceKind.values()) {
            assertThat(NdjsonSchema.text()).contains('"' + kind.name() + '"');
        }
    }

    @Test
    void theSchemaRefusesAFieldThatItDoesNotName() {
        String line = Ndjson.talker(Samples.START, Samples.talker("o-1", Verdict.CLEAN, Samples.EXACT, 1));
        assertThatThrownBy(() -> NdjsonSchema.check(line.replace("\"remoteCount\"", "\"remotesInAll\"")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("remotesInAll");
    }

    @Test
    void aCleanTalkerIsNoOffender() throws IOException {
        assertThat(parse(Ndjson.talker(Samples.START, Samples.talker("o-1", Verdict.CLEAN, Samples.EXACT, 1))))
                .containsEntry("type", "talker");
    }

    @Test
    void theSummaryAddsTheSources() throws IOException {
        assertThat(parse(Ndjson.summary(Samples.snapshot(
                        Samples.after(2.5), List.of(), Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 100)))))
                .isEqualTo(parse("""
                {"type":"summary","at":"2026-03-01T12:00:02.500Z","seconds":2.5,"lastTickAgeSeconds":0,"eye":"wire",
                 "degraded":["kernel eye: not built in"],"confined":[],"packets":100,"bytes":2900,"attributedPackets":100,
                 "capture":{"received":112,"dropped":12},"malformed":3}"""));
    }

    @Test
    void anActionIsCompleteAndItsOutcomeNamesIt() throws IOException {
        var target = Samples.block(ActiveBlock.State.STANDING, 0).target();
        var action = new Action(
                "a-1",
                Samples.START,
                "root on pts/0",
                "o-1",
                new NetworkStep.Block(target, Duration.ofMinutes(10)),
                new Action.Plan("nft add", "nft delete"));

        assertThat(parse(Ndjson.action(action))).isEqualTo(parse("""
                {"type":"action","at":"2026-03-01T12:00:00.000Z","id":"a-1","action":"block","by":"root on pts/0",
                 "why":"o-1","target":{"remote":"203.0.113.80","port":80,"protocol":"udp","uid":33,"cgroup":null},"seconds":600,
                 "command":"nft add","undo":"nft delete"}"""));
        assertThat(parse(Ndjson.outcome(new Outcome("a-1", Samples.START, Outcome.Result.FAILED, "no nft"))))
                .isEqualTo(parse("""
                {"type":"outcome","at":"2026-03-01T12:00:00.000Z","action":"a-1","result":"FAILED",
                 "detail":"no nft"}"""));
    }

    @Test
    void whateverAProcessCallsItselfItIsOneLineOfPrintableAscii() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            String line = Ndjson.talker(Samples.START, hostile(random));

            assertThat(line).as("seed %d", seed).endsWith("\n").matches("[ -~]+\\n");
            String command = (String) object(parse(line), "owner").get("command");
            assertThat(command.codePoints().noneMatch(Character::isISOControl))
                    .as("seed %d: %s", seed, line)
                    .isTrue();
        }
    }

    private static Talker hostile(Random random) {
        Owner owner = new Owner(
                new ProcessId(1, 1),
                new Owner.Program(
                        text(random),
                        text(random),
                        false,
                        Optional.empty(),
                        text(random),
                        List.of(text(random), text(random)),
                        text(random)),
                new Owner.Credentials(-1, text(random), OptionalInt.of(-1)),
                new Owner.Placement(text(random), text(random), text(random), 0),
                List.of());
        return Samples.talker("o-1", Verdict.OFFENDING, new Attribution.Exact(owner, text(random)), 1);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(
                    random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(Character.MAX_CODE_POINT + 1));
        }
        return text.toString();
    }

    /** The line as a map; a line of the program's own must keep to the schema. */
    public static Map<String, Object> parse(String line) throws IOException {
        Map<String, Object> fields = JSON.std.mapFrom(line);
        if (fields.containsKey("type")) {
            NdjsonSchema.check(line);
        }
        return fields;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<String, Object> line, String key) {
        return (Map<String, Object>) line.get(key);
    }
}
