package org.outguard.guard.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** What was heard of SMTP on the wire goes to the row of whoever said it, and to no other. */
class SmtpHeardTest {

    private static final Owner SCRIPT = GuardBench.process(4711, "php", 33, "www-data");
    private static final Owner OTHER = GuardBench.process(4712, "perl", 34, "backup");
    private static final Owner ROOT = GuardBench.process(4713, "curl", 0, "root");
    private static final Owner SMTP = GuardBench.process(900, "smtp", 101, "postfix");
    private static final FlowKey CONNECTION = GuardBench.tcp(40_000, "203.0.113.25", 25);

    private GuardBench bench = new GuardBench();

    private void kernelEye() {
        bench = new GuardBench(GuardBench.POLICY, Snapshot.Eye.KERNEL);
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    private void counted(Owner who, Endpoint remote) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        new Attribution.Exact(who, "counted as it was sent"),
                        Protocol.TCP,
                        Optional.of(remote),
                        false,
                        5,
                        300,
                        1,
                        at,
                        at)),
                0,
                0));
    }

    private void heard(FlowKey connection, long recipients, Map<Integer, Long> refused) {
        long at = Nanos.of(bench.now) + 120_000_000L;
        SmtpReport report = new SmtpReport(
                connection,
                at,
                true,
                false,
                List.of("mail.example"),
                List.of("a@b.example", "c@b.example"),
                2,
                recipients,
                refused,
                Map.of(220, 1L, 250, recipients));
        bench.observe(new TrafficObservation.SmtpParsed(List.of(report), 0));
    }

    private Optional<Talker> talker(String user) {
        return bench.guard.snapshot().talkers().stream()
                .filter(talker -> talker.attribution()
                        .account()
                        .filter(account -> account.user().equals(user))
                        .isPresent())
                .findFirst();
    }

    private Optional<SmtpSnapshot> of(String user) {
        return talker(user).flatMap(Talker::smtp);
    }

    private Verdict verdictOf(String user) {
        return talker(user).orElseThrow().verdict();
    }

    private void connected(FlowKey connection, Owner owner) {
        bench.sent(connection, 5, 60, 1);
        bench.tick();
        bench.found(connection, owner);
    }

    @Test
    void itIsOfWhoHasTheConnectionThatThePacketsWereCountedBy() {
        connected(CONNECTION, SCRIPT);
        heard(CONNECTION, 3, Map.of(550, 2L));
        bench.idle(Duration.ofSeconds(2));
        SmtpSnapshot smtp = of("www-data").orElseThrow();
        assertThat(smtp.greetings()).containsExactly(new MailSnapshot.Counted("mail.example", 1));
        assertThat(smtp.lastSender()).isEqualTo("c@b.example");
        assertThat(smtp.senders()).isEqualTo(2);
        assertThat(smtp.messages()).isEqualTo(2);
        assertThat(smtp.recipients()).isEqualTo(3);
        assertThat(smtp.refused()).containsExactly(new SmtpSnapshot.Code(550, 2));
        assertThat(smtp.replies()).containsExactly(new SmtpSnapshot.Code(220, 1), new SmtpSnapshot.Code(250, 3));
        assertThat(smtp.connections()).isEqualTo(1);
        assertThat(smtp.encrypted()).isZero();
    }

    @Test
    void whereTheKernelCountsByProcessTheSocketIsAskedFor() {
        kernelEye();
        counted(SCRIPT, CONNECTION.remote());
        counted(OTHER, CONNECTION.remote());
        heard(CONNECTION, 3, Map.of());
        bench.tick();
        assertThat(bench.asked).containsExactly(CONNECTION);
        bench.found(CONNECTION, OTHER);
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("backup").orElseThrow().recipients()).isEqualTo(3);
        assertThat(of("www-data")).isEmpty();
        assertThat(bench.asked).as("each connection is asked for once").hasSize(1);
    }

    @Test
    void aConnectionThatWasGoneBeforeTheLookIsTheOnlySendersThatThereIs() {
        kernelEye();
        counted(SCRIPT, CONNECTION.remote());
        heard(CONNECTION, 3, Map.of());
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("www-data").orElseThrow().recipients()).isEqualTo(3);
    }

    @Test
    void whereSeveralMayHaveSaidItNobodyIsGuessed() {
        kernelEye();
        counted(SCRIPT, CONNECTION.remote());
        counted(OTHER, CONNECTION.remote());
        heard(CONNECTION, 3, Map.of());
        bench.idle(Duration.ofSeconds(15));
        assertThat(of("www-data")).isEmpty();
        assertThat(of("backup")).isEmpty();
    }

    @Test
    void whatAMailSystemSaysIsItsSubmitters() {
        kernelEye();
        counted(SMTP, CONNECTION.remote());
        MailOrigin user = new MailOrigin.LocalUser(33, "www-data", "x7.php");
        Delivery delivery = new Delivery(
                SMTP.id(),
                Optional.of(SMTP),
                CONNECTION.local(),
                CONNECTION.remote(),
                new QueueId("", "postfix", "A1"),
                Provenance.of(user, Provenance.Evidence.QUEUE_FILE));
        bench.observe(new MailObservation.DeliveriesSeen(bench.now.plusMillis(150), List.of(delivery)));
        heard(CONNECTION, 3, Map.of(550, 1L));
        bench.idle(Duration.ofSeconds(2));
        Talker row = bench.guard.snapshot().talkers().stream()
                .filter(talker -> talker.mail().isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(row.smtp().orElseThrow().recipients()).isEqualTo(3);
    }

    @Test
    void whoIsRefusedOftenHasABoughtList() {
        connected(CONNECTION, ROOT);
        heard(CONNECTION, 100, Map.of(550, 19L));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("root")).isPresent();
        assertThat(verdictOf("root")).isEqualTo(Verdict.SUSPECT);
        heard(CONNECTION, 100, Map.of(550, 60L, 421, 1L));
        bench.idle(Duration.ofSeconds(2));
        assertThat(verdictOf("root")).isEqualTo(Verdict.OFFENDING);
        assertThat(bench.guard.snapshot().talkers().get(0).reason())
                .isEqualTo("80 recipients refused within an hour, 40 %, limit 50");
    }

    @Test
    void aMailSystemsOwnRowIsOfManyAndNotJudgedByRefusals() {
        connected(CONNECTION, SMTP);
        heard(CONNECTION, 100, Map.of(550, 100L));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("postfix").orElseThrow().refusedRecipients()).isEqualTo(100);
        assertThat(verdictOf("postfix")).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void processesThatBecomeOneProgramBringWhatWasHeardOfEach() {
        for (int i = 0; i < 8; i++) {
            FlowKey connection = GuardBench.tcp(40_000 + i, "203.0.113.25", 25);
            connected(connection, GuardBench.process(5_000 + i, "php", 33, "www-data"));
            heard(connection, 10, Map.of(421, 1L));
            bench.idle(Duration.ofSeconds(2));
        }
        SmtpSnapshot smtp = of("www-data").orElseThrow();
        assertThat(smtp.recipients()).isEqualTo(80);
        assertThat(smtp.refused()).containsExactly(new SmtpSnapshot.Code(421, 8));
        assertThat(smtp.connections()).isEqualTo(8);
    }

    @Test
    void packetsThatWereNotReadAreSaidForAMinute() {
        bench.observe(new TrafficObservation.SmtpParsed(List.of(), 7));
        bench.idle(Duration.ofSeconds(2));
        assertThat(bench.guard.snapshot().degraded())
                .contains("7 packets with SMTP were not read so far: more came than are read");
        bench.idle(Duration.ofSeconds(62));
        assertThat(bench.guard.snapshot().degraded()).noneMatch(words -> words.contains("SMTP"));
    }
}
