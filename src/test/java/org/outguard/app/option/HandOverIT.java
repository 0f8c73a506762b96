package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.OwnNamespace;
import org.outguard.app.Patience;
import org.outguard.app.ProgramUnderTest;
import org.outguard.app.Programs;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.run.Watcher;
import org.outguard.app.wiring.Wiring;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.journal.Journal;
import org.outguard.kernel.KernelEye;
import org.outguard.owner.MatchQuality;

/** A flood that goes on while the kernel eye opens, and after it has or was refused: the real eyes, and an opener that waits. */
class HandOverIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String VICTIM = "192.0.2.9";
    private static final String OPENING = "eBPF is opening; libpcap counts meanwhile";

    @TempDir
    private Path folder;

    private final ExecutorService inside = Executors.newSingleThreadExecutor();
    private final CountDownLatch mayOpen = new CountDownLatch(1);
    private OwnNamespace namespace;
    private Watcher watcher;

    @BeforeEach
    void makeNamespace() {
        namespace = new OwnNamespace("handover").withWayOut("out");
        Programs.output(
                "ip", "-n", namespace.name, "neigh", "add", VICTIM, "lladdr", "02:00:00:00:00:09", "dev", "out");
    }

    @AfterEach
    void remove() {
        mayOpen.countDown();
        if (watcher != null) {
            watcher.close();
        }
        inside.shutdown();
        if (namespace != null) {
            namespace.close();
        }
    }

    private void watch(Supplier<KernelEye.Opening> opener, String... interfaces) throws Exception {
        Callable<Watcher> start = () -> {
            assertThat(PlaceOptions.enter(namespace.name)).isEmpty();
            CommonOptions options = new CommonOptions();
            options.interfaces = List.of(interfaces);
            StringWriter complaints = new StringWriter();
            SessionFactory session = SessionFactory.open(
                    options,
                    new Journal(folder.resolve("journal.ndjson"), "boot"),
                    SessionFactory.Role.LOOKS,
                    () -> {
                        awaitUninterruptibly();
                        return opener.get();
                    },
                    new PrintWriter(complaints));
            assertThat(session).as(complaints.toString()).isInstanceOf(SessionFactory.Ready.class);
            Watcher made = ((SessionFactory.Ready) session).watcher();
            made.start();
            return made;
        };
        watcher = inside.submit(start).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void awaitUninterruptibly() {
        try {
            mayOpen.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process flood(int packetsPerSecond, int seconds) throws Exception {
        return new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace.name,
                        ProgramUnderTest.NATIVE.resolve("outguard-lab-sender").toString(),
                        "flood",
                        VICTIM,
                        "80",
                        Integer.toString(packetsPerSecond),
                        Integer.toString(seconds),
                        "21",
                        "33")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static long sent(Process sender) throws Exception {
        List<String> reports = new String(sender.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(sender.waitFor()).as(reports.toString()).isZero();
        return ((Number) JSON.std.mapFrom(reports.get(reports.size() - 1)).get("sent")).longValue();
    }

    private Snapshot now() {
        return watcher.guardClient().snapshot();
    }

    private Talker flooder() {
        return now().talkers().stream()
                .filter(talker -> talker.remotes().stream()
                        .anyMatch(to -> to.remote().address().toString().equals(VICTIM)))
                .findFirst()
                .orElseThrow();
    }

    private long toTheVictim() {
        return now().talkers().stream()
                .flatMap(talker -> talker.remotes().stream())
                .filter(to -> to.remote().address().toString().equals(VICTIM))
                .mapToLong(Talker.RemoteTotal::packets)
                .sum();
    }

    private boolean offends() {
        return now().talkers().stream().anyMatch(talker -> talker.verdict() == Verdict.OFFENDING);
    }

    @Test
    void aFloodThatGoesOnIsCountedOnceKeepsItsRowAndIsJudgedThroughout() throws Exception {
        watch(() -> Wiring.kernelEye(null), "out");
        Patience.until("the capture runs", LIMIT, () -> now().noVerdict().isEmpty());
        assertThat(now().eye()).isEqualTo(Snapshot.Eye.OPENING);
        assertThat(now().degraded()).contains(OPENING);
        Process sender = flood(12_000, 12);
        Patience.until("it is an offender by the wire eye", LIMIT, this::offends);
        String id = flooder().id();
        assertThat(now().eye()).isEqualTo(Snapshot.Eye.OPENING);

        mayOpen.countDown();
        Patience.until("the kernel eye counts: " + now().degraded(), LIMIT, () -> {
            assertThat(offends()).isTrue();
            return now().eye() != Snapshot.Eye.OPENING;
        });
        assertThat(now().eye()).as(now().whyNotKernel()).isEqualTo(Snapshot.Eye.KERNEL);
        long sent = sent(sender);
        assertThat(flooder().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(flooder().attribution().quality()).isEqualTo(MatchQuality.EXACT);
        assertThat(flooder().id()).isEqualTo(id);
        Patience.until(
                () -> toTheVictim() + " of " + sent + ", " + now().talkers(), LIMIT, () -> toTheVictim() == sent);
        // And it stays so once both eyes have told all that they had.
        Patience.quiet(Duration.ofSeconds(3));
        assertThat(toTheVictim()).isEqualTo(sent);
        assertThat(flooder().eyes().kernel().orElseThrow().packets()
                        + flooder().eyes().before().packets())
                .isEqualTo(flooder().packets());
        assertThat(now().degraded()).doesNotContain(OPENING);
    }

    @Test
    void aRefusalIsSaidAtOnceAndTheWireEyeGoesOn() throws Exception {
        watch(() -> new KernelEye.Opening.Unavailable("the kernel is locked down"), "out");
        Patience.until("the capture runs", LIMIT, () -> now().noVerdict().isEmpty());
        Process sender = flood(12_000, 5);
        Patience.until("it is an offender by the wire eye", LIMIT, this::offends);
        mayOpen.countDown();
        Patience.until(
                () -> now().degraded().toString(),
                LIMIT,
                () -> now().degraded().contains("the wire eye counts: the kernel is locked down"));
        assertThat(now().whyNotKernel()).isEqualTo("the kernel is locked down");
        long sent = sent(sender);
        Patience.until(() -> toTheVictim() + " of " + sent, LIMIT, () -> toTheVictim() == sent);
        assertThat(offends()).isTrue();
    }

    @Test
    void whatProvesThatItCountsIsNoTraffic() throws Exception {
        watch(() -> Wiring.kernelEye(null), "out");
        Patience.until("the capture runs", LIMIT, () -> now().noVerdict().isEmpty());
        mayOpen.countDown();
        Patience.until("it counts", LIMIT, () -> now().eye() == Snapshot.Eye.KERNEL);
        Patience.quiet(Duration.ofSeconds(2));
        // Neighbour discovery is all that there is.
        assertThat(now().talkers())
                .allSatisfy(talker -> assertThat(talker.protocol()).isEqualTo(Protocol.ICMPV6));
    }

    @Test
    void itEndsAtOnceWhileItOpens() throws Exception {
        watch(() -> Wiring.kernelEye(null), "out");
        Patience.until("the capture runs", LIMIT, () -> now().noVerdict().isEmpty());
        Process sender = flood(2_000, 2);
        long sent = sent(sender);
        Patience.until(() -> toTheVictim() + " of " + sent, LIMIT, () -> toTheVictim() == sent);
        long from = Clock.systemUTC().millis();
        Snapshot last = watcher.stop();
        assertThat(Clock.systemUTC().millis() - from).isLessThan(10_000);
        assertThat(last.eye()).isEqualTo(Snapshot.Eye.OPENING);
    }
}
