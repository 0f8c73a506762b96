package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.kernel.EyeBed;
import org.outguard.kernel.PidNamespace;
import org.outguard.owner.ProcessId;

/**
 * Outguard in a pid namespace of its own, as in a container: a process within it has there the number that the kernel eye
 * shows and that is acted on; one outside is named by its command and user, and nothing is done to whoever has its number.
 */
class PidNamespaceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WITHIN = 4001;
    private static final int OUTSIDE = 4002;
    private static final int BEFORE = 4003;

    @TempDir
    private Path folder;

    private EyeBed bed;
    private PidNamespace inside;
    private final List<Process> senders = new ArrayList<>();

    @BeforeEach
    void unshare() throws IOException {
        Programs.requireRoot();
        bed = new EyeBed();
        inside = new PidNamespace(bed.host);
    }

    @AfterEach
    void tidyUp() throws IOException {
        senders.forEach(PidNamespace::end);
        if (inside != null) {
            inside.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    private Process inHost(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", bed.host));
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void send(boolean within, String program, int port) throws IOException {
        List<String> command = List.of(
                EyeBed.ATTACKS.resolve(program).toString(), "10.99.0.2", Integer.toString(port), "300", "60", "100");
        senders.add(inHost((within ? inside.within(command) : command).toArray(String[]::new)));
    }

    @Test
    void aProcessHasTheNumberThatItHasHereAndNobodyElsesIsTouched() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.toml"), """
                [limits]
                suspect_to_one_remote_pps = 50
                suspect_in_all_pps = 90
                offending_pps = 100

                [[rule]]
                name = "stop"
                kind = "UDP_FLOOD"
                above_pps = 100
                do = "freeze"
                """);
        send(false, "b_sendto", BEFORE);
        ProgramUnderTest.Running watch = ProgramUnderTest.start(
                folder,
                inside.within(ProgramUnderTest.command(
                        "watch", "-i", "og0", "--eye", "kernel", "--config", policy.toString(), "--enforce")));
        ProgramUnderTest.Ended ended;
        try {
            Patience.until(
                    watch::all, PATIENCE, () -> named(watch.json(), BEFORE).isPresent());
            send(false, "a_connected", OUTSIDE);
            Patience.until(
                    watch::all, PATIENCE, () -> named(watch.json(), OUTSIDE).isPresent());
            send(true, "a_connected", WITHIN);
            Patience.until(watch::all, PATIENCE, () -> state(sender(WITHIN)).equals("T"));
            Patience.until(watch::all, PATIENCE, () -> watch.all().contains(ProcessId.NOT_HERE));
        } finally {
            watch.terminate();
            ended = watch.await(PATIENCE);
        }
        ended.withoutStackTrace();
        Map<String, Object> own = named(ended.json(), WITHIN).orElseThrow();
        assertThat(own)
                .containsEntry("pid", PidNamespace.ownNumber(sender(WITHIN)))
                .containsEntry("command", "a_connected");
        assertThat(sender(WITHIN)).isNotEqualTo((long) PidNamespace.ownNumber(sender(WITHIN)));
        assertThat(Json.text(own, "exe")).endsWith("/a_connected");
        for (int port : List.of(OUTSIDE, BEFORE)) {
            Map<String, Object> other = named(ended.json(), port).orElseThrow();
            assertThat(other)
                    .containsEntry("pid", null)
                    .containsEntry("uid", 33)
                    .containsEntry("command", port == OUTSIDE ? "a_connected" : "b_sendto");
            assertThat(state(sender(port))).as("it goes on").isNotEqualTo("T");
        }
        assertThat(Json.text(named(ended.json(), OUTSIDE).orElseThrow(), "exe")).endsWith("/a_connected");
    }

    /* Its number for this test, which is outside. */
    private long sender(int port) {
        Predicate<ProcessHandle> meant = process -> process.info()
                .arguments()
                .filter(words -> List.of(words).contains(Integer.toString(port)) && words.length == 5)
                .isPresent();
        return senders.stream()
                .map(Process::toHandle)
                .flatMap(process ->
                        java.util.stream.Stream.concat(java.util.stream.Stream.of(process), process.descendants()))
                .filter(meant)
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(0);
    }

    private static String state(long pid) {
        return status(pid, "State:").map(words -> words.substring(0, 1)).orElse("");
    }

    private static Optional<String> status(long pid, String name) {
        return MailLab.read(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim())
                .findFirst();
    }

    /** The owner of what goes to a port, as the newest line has it. */
    private static Optional<Map<String, Object>> named(List<Map<String, Object>> lines, int port) {
        return lines.stream()
                .filter(line -> line.get("owner") != null
                        && line.get("remotes") instanceof List<?> remotes
                        && remotes.stream()
                                .anyMatch(remote -> remote instanceof Map<?, ?> map
                                        && Integer.valueOf(port).equals(map.get("port"))))
                .map(line -> Json.object(line, "owner"))
                .reduce((first, last) -> last);
    }
}
