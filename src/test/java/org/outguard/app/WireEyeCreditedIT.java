package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.kernel.EyeBed;

/**
 * The whole program without the kernel eye: what of each way of sending it credits to the program that sent it, what to
 * the user who opened the socket, by nft, and that it credits nothing to anybody else. It prints the table of the README.
 */
class WireEyeCreditedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PPS = Integer.getInteger("outguard.wire.pps", 2_000);
    private static final String SECONDS = System.getProperty("outguard.wire.seconds", "3");

    @TempDir
    private Path folder;

    /**
     * One run of a generator, to a remote of its own.
     *
     * @param uid who opened the socket, as nft sees it
     * @param process percent of the packets that go to the right process at least
     * @param named percent that goes to it or to that user at least
     */
    private record Case(String name, String variant, String remote, int port, int uid, int process, int named) {}

    private static List<Case> cases() {
        return List.of(
                new Case("j_workers", "", "10.130.4.2", 2004, 0, 99, 99),
                new Case("d_newsock", "", "10.130.5.2", 2005, 33, 0, 60),
                new Case("e_fork", "", "10.130.6.2", 2006, 33, 0, 60),
                new Case("f_raw", "hdrincl", "10.130.8.2", 2008, 0, 60, 60),
                new Case("g_packet", "", "10.130.9.2", 2009, 0, 60, 60),
                new Case("k_smtp", "", "10.130.12.2", 25, 33, 0, 50),
                new Case("s_million", "", "10.140.0.1", 2003, 33, 60, 60));
    }

    @Test
    void whatIsCreditedIsCreditedToWhoSentIt() throws IOException {
        Programs.requireRoot();
        Path policy = Files.writeString(
                folder.resolve("low.toml"), "[limits]\nsuspect_to_one_remote_pps = 10\nsuspect_in_all_pps = 20\n");
        SoftAssertions all = new SoftAssertions();
        try (EyeBed bed = new EyeBed()) {
            for (Case each : cases()) {
                one(all, bed, each, policy);
            }
        }
        all.assertAll();
    }

    @Test
    void theCountsOfNftGoWithTheProgramAndAfterAKillWithTheNextOne() throws IOException {
        Programs.requireRoot();
        try (EyeBed bed = new EyeBed()) {
            ProgramUnderTest.Running killed = watch(bed, "wire");
            Patience.until(killed::all, PATIENCE, () -> counts(bed));
            killed.kill();
            killed.await(PATIENCE);
            assertThat(counts(bed)).as("after a kill").isTrue();

            ProgramUnderTest.Running kernel = watch(bed, "kernel");
            Patience.until(kernel::all, PATIENCE, () -> !counts(bed));
            kernel.terminate();
            kernel.await(PATIENCE);

            ProgramUnderTest.Running wire = watch(bed, "wire");
            Patience.until(wire::all, PATIENCE, () -> counts(bed));
            wire.terminate();
            wire.await(PATIENCE);
            assertThat(counts(bed)).as("after an end").isFalse();
        }
    }

    private ProgramUnderTest.Running watch(EyeBed bed, String eye) {
        return ProgramUnderTest.watch(folder, eye, ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0"));
    }

    private static boolean counts(EyeBed bed) {
        return Programs.output("ip", "netns", "exec", bed.host, "nft", "list", "tables")
                .contains("outguard_accounting");
    }

    private void one(SoftAssertions all, EyeBed bed, Case each, Path policy) throws IOException {
        ProgramUnderTest.Running watch = ProgramUnderTest.watch(
                folder,
                "wire",
                ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0", "--config", "" + policy));
        EyeBed.Report report;
        ProgramUnderTest.Ended ended;
        try {
            Patience.until(watch::all, PATIENCE, () -> counts(bed));
            report = bed.attack(
                    bed.host,
                    Map.of("GEN_IF", "og0", "GEN_SRC", "10.99.0.1", "GEN_DMAC", bed.nextHop(bed.host)),
                    List.of(
                            EyeBed.ATTACKS.resolve(each.name()).toString(),
                            each.remote(),
                            "" + each.port(),
                            "" + PPS,
                            SECONDS,
                            "100",
                            each.variant()));
        } finally {
            watch.terminate();
            ended = watch.await(PATIENCE);
        }
        Map<String, Map<String, Object>> talkers = new LinkedHashMap<>();
        for (Map<String, Object> line : ended.json()) {
            if ("offender".equals(line.get("type")) || "talker".equals(line.get("type"))) {
                talkers.put((String) line.get("id"), line);
            } else if ("moved".equals(line.get("type"))) {
                talkers.remove((String) line.get("id"));
            }
        }
        check(all, new ArrayList<>(talkers.values()), each, report);
    }

    private static void check(SoftAssertions all, List<Map<String, Object>> talkers, Case each, EyeBed.Report report) {
        long process = 0;
        long user = 0;
        long nobody = 0;
        for (Map<String, Object> talker : talkers) {
            long packets = ((Number) talker.get("packets")).longValue();
            Map<?, ?> owner = (Map<?, ?>) talker.get("owner");
            if (owner == null) {
                nobody += packets;
            } else if (owner.get("pid") == null) {
                user += packets;
                all.assertThat(owner.get("uid")).as("%s: %s", each, talker).isEqualTo(each.uid());
            } else {
                process += packets;
                all.assertThat(Objects.toString(owner.get("exe")))
                        .as("%s", talker)
                        .endsWith(each.name());
            }
        }
        System.out.printf(
                "%-12s %-8s sent %6d  process %3d %%  user %3d %%  nobody %3d %%%n",
                each.name(),
                each.variant(),
                report.sent(),
                100 * process / report.sent(),
                100 * user / report.sent(),
                100 * nobody / report.sent());
        if (!each.name().equals("k_smtp")) {
            // Of connections what is sent besides the one that opens them counts, too.
            all.assertThat(process + user + nobody)
                    .as("%s: each packet once", each)
                    .isLessThanOrEqualTo(report.sent());
        }
        all.assertThat(100 * process / report.sent()).as("%s: process", each).isGreaterThanOrEqualTo(each.process());
        all.assertThat(100 * (process + user) / report.sent())
                .as("%s: process or user", each)
                .isGreaterThanOrEqualTo(each.named());
    }
}
