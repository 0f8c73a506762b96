package org.outguard.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.outguard.app.FarSide;
import org.outguard.app.Patience;
import org.outguard.app.Programs;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.owner.ProcessId;

/** The lab alone: it sends what it says, where it says, and takes itself down. */
class LabIT {

    private static final Path SENDER = Path.of(System.getProperty("outguard.native"), "outguard-lab-sender");
    private static final Duration LENGTH = Duration.ofSeconds(20);

    private static final long PID = ProcessHandle.current().pid();

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @Test
    void whatIsReportedArrives() throws Exception {
        List<SenderReport> reports;
        try (Lab lab = lab(PID)) {
            FarSide far = new FarSide(lab.worldNamespace(), List.of("203.0.113.80", "203.0.113.81", "203.0.113.53"));
            assertThat(lab.startBystander(LENGTH)).isEmpty();
            assertThat(lab.startFloods(LENGTH)).isEmpty();
            Patience.until(
                    "two seconds of flood", Duration.ofSeconds(10), () -> far.packets("203.0.113.80") > 2 * 173_000);
            lab.stopFloods();
            lab.stopBystander();
            reports = lab.reports();

            assertThat(reports).hasSize(3).allSatisfy(report -> {
                assertThat(report.sent())
                        .hasValue(far.packets(report.remote().address().toString()));
                assertThat(report.errors()).hasValue(0);
                assertThat(report.process().startTicks()).isPositive();
            });
        }
        assertThat(reports)
                .extracting(SenderReport::role, SenderReport::uid, SenderReport::remote)
                .containsExactlyInAnyOrder(
                        tuple(SenderReport.Role.FLOOD, 33, Lab.LARGE_FLOOD),
                        tuple(SenderReport.Role.FLOOD, 33, Lab.SMALL_FLOOD),
                        tuple(SenderReport.Role.BYSTANDER, 65534, Lab.RESOLVER));
        assertNothingLeft(PID);
    }

    @Test
    void sendersAreWhatTheyClaimToBe() throws Exception {
        try (Lab lab = lab(PID)) {
            assertThat(lab.startFloods(LENGTH)).isEmpty();
            SenderReport small = lab.reports().get(1);
            Path process = Path.of("/proc", Integer.toString(small.process().pid()));

            assertThat(small.sent()).as("it still runs").isEmpty();
            assertThat(Files.readSymbolicLink(process.resolve("exe")).getFileName())
                    .hasToString("x7");
            assertThat(Files.readString(process.resolve("comm"))).isEqualTo("x7\n");
            assertThat(Files.readAllLines(process.resolve("status"))).anyMatch("Uid:\t33\t33\t33\t33"::equals);
            assertThat(Files.readSymbolicLink(process.resolve("ns/net")))
                    .hasToString("net:[" + Files.getAttribute(lab.serverNamespace(), "unix:ino") + "]");
        }
    }

    @Test
    void aDemonstrationEndsInSilence() {
        try (Lab lab = lab(PID)) {
            long begin = 1_000;
            DemoRun run = new DemoRun(lab, begin, Duration.ofSeconds(20));

            assertThat(run.doWork(begin)).isEmpty();
            assertThat(run.reports()).extracting(SenderReport::role).containsExactly(SenderReport.Role.BYSTANDER);

            assertThat(run.doWork(begin + 1_000_000_000L)).isEmpty();
            assertThat(run.reports())
                    .hasSize(3)
                    .allMatch(report -> report.sent().isEmpty());

            assertThat(run.doWork(begin + 18_600_000_000L)).isEmpty();
            assertThat(run.reports())
                    .hasSize(3)
                    .allMatch(report -> report.sent().isPresent());
            assertThat(run.isOver())
                    .as("the last packets have time to be counted")
                    .isFalse();

            assertThat(run.doWork(begin + 20_000_000_000L)).isEmpty();
            assertThat(run.isOver()).isTrue();
        }
    }

    @Test
    void aReportIsOneLineOfJson() {
        SenderReport report = new SenderReport(
                SenderReport.Role.FLOOD,
                new ProcessId(4242, 17),
                33,
                Lab.LARGE_FLOOD,
                Instant.parse("2025-12-05T16:00:45.5Z"),
                OptionalLong.of(7),
                OptionalLong.empty());

        assertThat(report.toJson())
                .isEqualTo("{\"type\":\"lab\",\"role\":\"flood\",\"pid\":4242,\"uid\":33,"
                        + "\"address\":\"203.0.113.80\",\"port\":80,\"sent\":7,\"errors\":null,"
                        + "\"startedAt\":\"2025-12-05T16:00:45.500Z\"}");
    }

    @Test
    void versionSixGoesTheSameWay() {
        try (Lab lab = lab(PID)) {
            FarSide far = new FarSide(lab.worldNamespace(), List.of("2001:db8:1::80"));
            Endpoint remote = new Endpoint(IpAddress.parse("2001:db8:1::80").orElseThrow(), 80);
            assertThat(lab.startFlood(remote, 2000, LENGTH)).isEmpty();
            Patience.until("packets", Duration.ofSeconds(5), () -> far.packets("2001:db8:1::80") > 100);

            assertThat(lab.stopFloods().get(0).sent()).hasValue(far.packets("2001:db8:1::80"));
        }
    }

    @Test
    void noFloodLeavesForTheRealInternet() {
        try (Lab lab = lab(PID)) {
            Endpoint real = new Endpoint(IpAddress.parse("1.1.1.1").orElseThrow(), 80);

            assertThat(lab.startFlood(real, 1, LENGTH))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("set aside for documentation"));
        }
    }

    @Test
    void whatAKilledDemonstrationLeftIsTakenDownByTheNext() throws Exception {
        long dead = deadPid();
        Programs.output("ip", "netns", "add", "outguard-demo-server-" + dead);
        Programs.output("ip", "netns", "add", "outguard-demo-world-" + dead);

        lab(PID).close();

        assertNothingLeft(dead);
    }

    @Test
    void withoutASenderThereIsAReason() {
        assertThat(Lab.build(Programs.RUNNER, Path.of("/nonexistent/sender"), PID))
                .isEqualTo(new LabResult.NotBuilt(false, "there is no program /nonexistent/sender"));
    }

    private static Lab lab(long pid) {
        LabResult result = Lab.build(Programs.RUNNER, SENDER, pid);
        assertThat(result).isInstanceOf(LabResult.Ready.class);
        return ((LabResult.Ready) result).lab();
    }

    private static void assertNothingLeft(long pid) throws Exception {
        try (Stream<Path> names = Files.list(Path.of("/run/netns"))) {
            assertThat(names.map(Path::toString)).noneMatch(name -> name.endsWith("-" + pid));
        }
    }

    private static long deadPid() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }
}
