package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/** Mail that came over loopback is the user's whose process had the connection, or it stays unknown whose it is. */
class LoopbackTest {

    private static final MailOrigin.LocalUser WWW_DATA = new MailOrigin.LocalUser(33, "www-data", "/srv/x7.py");
    private static final MailOrigin.LocalUser SITE = new MailOrigin.LocalUser(2055, "site", "");

    private final GuardBench bench = new GuardBench();

    private void connected(int port, long inode, MailOrigin.LocalUser user) {
        bench.observe(new MailObservation.LocalClientsSampled(
                bench.now,
                List.of(new MailObservation.LocalClient(
                        new Endpoint(GuardBench.address("127.0.0.1"), port), inode, user))));
    }

    private String rootOfMessage(int port, Instant arrival) {
        return rootOfMessage("127.0.0.1", port, arrival);
    }

    private String rootOfMessage(String address, int port, Instant arrival) {
        Provenance client =
                Provenance.of(new MailOrigin.Client(address, OptionalInt.of(port)), Provenance.Evidence.QUEUE_FILE);
        bench.queued(new QueueId("", "postfix", "A" + (1_000_000_000L + port)), arrival, client);
        bench.idle(Duration.ofSeconds(1));
        MailSnapshot.Message message = bench.guard.snapshot().mail().messages().stream()
                .filter(one -> one.id().id().endsWith(Integer.toString(port)))
                .findFirst()
                .orElseThrow();
        return message.root().origin().who() + " by "
                + message.root().evidence().word();
    }

    @Test
    void itIsTheUsersWhoseProcessHasThePort() {
        connected(40_000, 1, WWW_DATA);
        connected(40_001, 2, SITE);
        assertThat(rootOfMessage(40_000, bench.now.plusMillis(100))).isEqualTo("www-data by process");
        assertThat(bench.guard
                        .snapshot()
                        .mail()
                        .submitters()
                        .get(0)
                        .scripts()
                        .get(0)
                        .text())
                .isEqualTo("/srv/x7.py");
    }

    @Test
    void aConnectionThatWasNotSeenThenIsNobodys() {
        connected(40_000, 1, WWW_DATA);
        assertThat(rootOfMessage(40_000, bench.now.plusSeconds(2))).isEqualTo("127.0.0.1 by queue file");
        assertThat(rootOfMessage(40_001, bench.now)).isEqualTo("127.0.0.1 by queue file");
    }

    @Test
    void byAnotherAddressOfThisMachineItIsTheUsersToo() {
        bench.observe(new MailObservation.LocalClientsSampled(
                bench.now,
                List.of(
                        new MailObservation.LocalClient(
                                new Endpoint(GuardBench.address("192.0.2.1"), 40_000), 1, WWW_DATA),
                        new MailObservation.LocalClient(
                                new Endpoint(GuardBench.address("192.0.2.1"), 40_001), 2, WWW_DATA))));
        assertThat(rootOfMessage("192.0.2.1", 40_000, bench.now)).isEqualTo("www-data by process");
        assertThat(rootOfMessage("192.0.2.2", 40_001, bench.now)).isEqualTo("192.0.2.2 by queue file");
    }

    @Test
    void onePortOfTwoUsersAtOneTimeIsNobodys() {
        connected(40_000, 1, WWW_DATA);
        connected(40_000, 2, SITE);
        assertThat(rootOfMessage(40_000, bench.now)).isEqualTo("127.0.0.1 by queue file");
    }

    @Test
    void oneUserAfterTheOtherIsToldApart() {
        connected(40_000, 1, WWW_DATA);
        bench.idle(Duration.ofSeconds(3));
        connected(40_000, 2, SITE);
        assertThat(rootOfMessage(40_000, bench.now)).isEqualTo("site by process");
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            connected(1 + i % 60_000, i, WWW_DATA);
            if (i % 10_000 == 0) {
                bench.tick();
            }
        }
        assertThat(rootOfMessage(1 + 99_999 % 60_000, bench.now)).isEqualTo("www-data by process");
        assertThat(rootOfMessage(1 + 50_000, bench.now)).isEqualTo("127.0.0.1 by queue file");
    }
}
