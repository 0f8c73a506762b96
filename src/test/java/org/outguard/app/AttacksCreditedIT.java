package org.outguard.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.kernel.EyeBed;

/**
 * The whole program with the kernel eye: what it logs of each way of sending is what the sender says it sent, to the
 * packet, under the program that sent it, from the host and from a container behind its masquerade.
 */
class AttacksCreditedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** One run of a generator, to a port of its own. */
    private record Case(boolean contained, String name, String variant, int port) {

        String remote() {
            return "10.130." + (port - 2000) + ".2";
        }
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        int port = 2001;
        for (String[] way : new String[][] {
            {"b_sendto", ""},
            {"d_newsock", ""},
            {"e_fork", ""},
            {"e_fork", "orphan"},
            {"f_raw", ""},
            {"g_packet", ""},
            {"i_masked", ""},
            {"j_workers", ""},
            {"n_gso", "gso"}
        }) {
            cases.add(new Case(false, way[0], way[1], port++));
        }
        for (String name : List.of("b_sendto", "d_newsock", "j_workers")) {
            cases.add(new Case(true, name, "", port++));
        }
        return cases;
    }

    @Test
    void whatIsLoggedIsWhatWasSentUnderWhoSentIt() throws IOException {
        Programs.requireRoot();
        Path policy = Files.writeString(
                folder.resolve("low.toml"), "[limits]\nsuspect_to_one_remote_pps = 10\nsuspect_in_all_pps = 20\n");
        try (EyeBed bed = new EyeBed()) {
            ProgramUnderTest.Running watch = ProgramUnderTest.watch(
                    folder,
                    "kernel",
                    ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0", "--config", "" + policy));
            Map<Case, EyeBed.Report> sent = new LinkedHashMap<>();
            ProgramUnderTest.Ended ended;
            try {
                for (Case each : cases()) {
                    sent.put(each, attack(bed, each));
                }
                EyeBed.Report last = sent.values().stream().reduce((a, b) -> b).orElseThrow();
                Patience.until(watch::all, PATIENCE, () -> logs(watch.json(), last.pid()));
            } finally {
                watch.terminate();
                ended = watch.await(PATIENCE);
            }
            Map<String, Map<String, Object>> talkers = new LinkedHashMap<>();
            ended.json().stream()
                    .filter(line -> "offender".equals(line.get("type")) || "talker".equals(line.get("type")))
                    .forEach(line -> talkers.put((String) line.get("id"), line));
            SoftAssertions all = new SoftAssertions();
            sent.forEach((each, report) -> check(all, talkers.values(), each, report));
            all.assertAll();
        }
    }

    private static boolean logs(List<Map<String, Object>> lines, int pid) {
        return lines.stream()
                .map(line -> line.get("owner"))
                .anyMatch(owner ->
                        owner instanceof Map<?, ?> map && Integer.valueOf(pid).equals(map.get("pid")));
    }

    private static EyeBed.Report attack(EyeBed bed, Case each) throws IOException {
        String namespace = each.contained() ? bed.container : bed.host;
        Map<String, String> environment =
                Map.of("GEN_IF", "og0", "GEN_SRC", "10.99.0.1", "GEN_DMAC", bed.nextHop(namespace));
        return bed.attack(
                namespace,
                environment,
                List.of(
                        EyeBed.ATTACKS.resolve(each.name()).toString(),
                        each.remote(),
                        "" + each.port(),
                        "2000",
                        "0.8",
                        "100",
                        each.variant()));
    }

    private static void check(
            SoftAssertions all, Iterable<Map<String, Object>> talkers, Case each, EyeBed.Report report) {
        long right = 0;
        for (Map<String, Object> talker : talkers) {
            long packets = packetsTo(talker, each.port());
            if (packets == 0) {
                continue;
            }
            Map<?, ?> owner = (Map<?, ?>) talker.get("owner");
            all.assertThat(owner).as("%s: somebody is named: %s", each, talker).isNotNull();
            if (owner == null) {
                continue;
            }
            all.assertThat("" + owner.get("exe")).as("%s", each).endsWith(program(each, report));
            all.assertThat(talker.get("match")).as("%s", each).isEqualTo("EXACT");
            all.assertThat(owner.get("uid")).as("%s", each).isEqualTo(33);
            right += packets;
        }
        all.assertThat(right).as("%s", each).isEqualTo(report.sent());
    }

    /* Of a file that is gone the kernel says so behind its name, as the generator reads it. */
    private static String program(Case each, EyeBed.Report report) {
        String exe = report.exe().replace(" (deleted)", "");
        return exe.isEmpty() ? each.name() : exe;
    }

    private static long packetsTo(Map<String, Object> talker, int port) {
        long packets = 0;
        List<?> remotes = (List<?>) talker.get("remotes");
        for (Object remote : remotes) {
            Map<?, ?> total = (Map<?, ?>) remote;
            if (Integer.valueOf(port).equals(total.get("port"))) {
                packets += ((Number) total.get("packets")).longValue();
            }
        }
        // Frames that were sent before the device had its hook have no destination, but their talker has one.
        boolean onlyOne = remotes.size() == 1 && packets > 0;
        return onlyOne ? ((Number) talker.get("packets")).longValue() : packets;
    }
}
