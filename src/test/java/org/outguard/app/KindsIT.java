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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.kernel.EyeBed;

/**
 * The kinds of abuse that are no flood of packets, each by a process of its own in a network namespace, beside programs that mean no
 * harm: the whole program names each kind and who it is, with either eye, and makes no offender of the others.
 */
class KindsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String SECONDS = "40";
    private static final int WWW_DATA = 33;

    /** Innocent programs and their users, which the policy below names where it is about users. */
    private static final Map<String, Integer> INNOCENT = new LinkedHashMap<>(
            Map.of("resolver", 13, "mta", 8, "monitor", 5, "crawler", 9, "sharer", 10, "backup", 1000));

    private static final String POLICY = """
            [services]
            users = ["proxy"]
            [users]
            exempt = ["news"]
            [limits]
            suspect_beacon_seconds = 9
            """;

    /** What is said on a connection is not captured, so that only the kernel eye sees one that is kept. */
    private static final String UNSEEN_ON_THE_WIRE = "miner";

    /** A program of the lab and the kind that it is named. */
    private record Abuse(String program, String kind) {}

    private static final List<Abuse> ABUSE = List.of(
            new Abuse("scan", "SCAN"),
            new Abuse("rawscan", "SCAN"),
            new Abuse("udpscan", "SCAN"),
            new Abuse("bytes", "BYTE_FLOOD"),
            new Abuse("guess", "BRUTE_FORCE"),
            new Abuse("tunnel", "TUNNEL"),
            new Abuse("relay", "FOREIGN_SMTP"),
            new Abuse("requests", "L7_FLOOD"),
            new Abuse("reflector", "REFLECTOR"),
            new Abuse("caller", "LISTED"),
            new Abuse(UNSEEN_ON_THE_WIRE, "BEACON"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "wire"})
    void eachKindIsNamedWithItsProcessAndNobodyElseIs(String eye) throws IOException {
        Programs.requireRoot();
        Path feed = Files.writeString(folder.resolve("drop.txt"), "; a feed\n10.99.131.64/30 ; SBL1\n");
        Path policy =
                Files.writeString(folder.resolve("policy.toml"), POLICY + "[feeds]\nfiles = [\"" + feed + "\"]\n");
        List<Process> started = new ArrayList<>();
        try (EyeBed bed = new EyeBed()) {
            ProgramUnderTest.Running watch = ProgramUnderTest.watch(
                    folder,
                    eye,
                    ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0", "--config", "" + policy));
            Map<Long, Abuse> abusers = new LinkedHashMap<>();
            try {
                started.add(start(bed.far, "listen", 0, "22,25,80,443,587,873"));
                for (Map.Entry<String, Integer> one : INNOCENT.entrySet()) {
                    started.add(start(bed.host, one.getKey(), one.getValue()));
                }
                started.add(start(bed.far, "victim", 0, "10.99.0.1"));
                for (Abuse one : ABUSE) {
                    Process process = start(bed.host, one.program, WWW_DATA);
                    started.add(process);
                    abusers.put(process.pid(), one);
                }
                Patience.until(
                        () -> abusers + " named by " + named(watch.json()) + watch.all(),
                        PATIENCE,
                        () -> eye.equals("kernel")
                                ? named(watch.json())
                                        .entrySet()
                                        .containsAll(abusers.entrySet().stream()
                                                .map(abuser -> Map.entry(abuser.getKey(), abuser.getValue().kind))
                                                .toList())
                                : kinds(watch.json())
                                        .containsAll(abusers.values().stream()
                                                .filter(abuse -> !abuse.program.equals(UNSEEN_ON_THE_WIRE))
                                                .map(Abuse::kind)
                                                .toList()));
            } finally {
                watch.terminate();
                List<Map<String, Object>> lines = watch.await(PATIENCE).json();
                assertThat(lines)
                        // Rows of mail are about a mail system that may run on this machine.
                        .filteredOn(line ->
                                "OFFENDING".equals(line.get("verdict")) && line.get("remotes") instanceof List<?>)
                        .allSatisfy(KindsIT::isOfAnAbuser);
            }
        } finally {
            started.forEach(Process::destroyForcibly);
        }
    }

    /* Of connections that are over before anybody asks whose they are, the wire eye knows no process. */
    private static void isOfAnAbuser(Map<String, Object> line) {
        if (line.get("owner") instanceof Map<?, ?> owner) {
            assertThat(owner.get("uid")).as("%s", line).isEqualTo(WWW_DATA);
        } else {
            assertThat((List<?>) line.get("remotes"))
                    .as("%s", line)
                    .extracting(remote -> ((Map<?, ?>) remote).get("port"))
                    .allMatch(List.of(22, 80, 587, 3389, 161, 4444, 9999, 0)::contains);
        }
    }

    /* Kinds by process, of what is more than clean. */
    private static Map<Long, String> named(List<Map<String, Object>> lines) {
        Map<Long, String> named = new LinkedHashMap<>();
        for (Map<String, Object> line : lines) {
            if ("offender".equals(line.get("type"))
                    && line.get("owner") instanceof Map<?, ?> owner
                    && owner.get("pid") instanceof Number pid) {
                named.put(pid.longValue(), (String) line.get("kind"));
            }
        }
        return named;
    }

    /* Kinds of what is not an innocent's: the abusers', or nobody's that is known. */
    private static Set<String> kinds(List<Map<String, Object>> lines) {
        Set<String> kinds = new TreeSet<>();
        for (Map<String, Object> line : lines) {
            if ("offender".equals(line.get("type"))
                    && (!(line.get("owner") instanceof Map<?, ?> owner)
                            || Objects.equals(owner.get("uid"), WWW_DATA))) {
                kinds.add((String) line.get("kind"));
            }
        }
        return kinds;
    }

    private Process start(String namespace, String kind, int uid, String... more) throws IOException {
        Path script = folder.resolve(kind + ".py");
        Files.copy(
                Path.of("src/test/native/attacks/kinds.py"), script, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Programs.output("chmod", "-R", "a+rX", folder.toString());
        List<String> command = new ArrayList<>(
                List.of("ip", "netns", "exec", namespace, "/usr/bin/python3", script.toString(), "" + uid, SECONDS));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
