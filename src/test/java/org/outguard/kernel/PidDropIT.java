package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Patience;
import org.outguard.app.Programs;
import org.outguard.owner.ProcessId;

/** One process is silent, and another of the same user, to the same remote and port, goes on; what arrives is counted far away. */
class PidDropIT {

    private static final String REMOTE = "10.99.0.2";
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /* By their sizes the far side tells the two senders apart. */
    private static final int FLOOD_BYTES = 100;
    private static final int BYSTANDER_BYTES = 200;
    private static final int UDP_HEADER = 8;

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private EyeBed bed;
    private PidDrop drop;

    @BeforeEach
    void open() throws IOException {
        Programs.requireRoot();
        bed = new EyeBed();
        StringBuilder rules =
                new StringBuilder("table inet count { chain in { type filter hook prerouting priority -300;");
        for (int bytes : List.of(FLOOD_BYTES, BYSTANDER_BYTES)) {
            rules.append(" udp length ").append(bytes + UDP_HEADER).append(" counter;");
        }
        Programs.output(rules.append("}; }").toString(), List.of("ip", "netns", "exec", bed.far, "nft", "-f", "-"));
        PidDrop.Opening opening = PidDrop.open();
        assertThat(opening).as("the verifier takes it").isInstanceOf(PidDrop.Opening.Attached.class);
        drop = ((PidDrop.Opening.Attached) opening).drop();
    }

    @AfterEach
    void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        if (drop != null) {
            drop.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void onlyThatProcessIsSilentUntilItsTimeIsOverOrItIsTakenBack() throws IOException {
        ProcessId flood = send(FLOOD_BYTES, "400");
        send(BYSTANDER_BYTES, "100");
        awaitMore(FLOOD_BYTES);
        awaitMore(BYSTANDER_BYTES);

        ProcessId later = new ProcessId(flood.pid(), flood.startTicks() + 1);
        assertThat(drop.begin(later, LONG)).isEmpty();
        awaitMore(FLOOD_BYTES);
        assertThat(drop.packets(later)).as("another process with its number").hasValue(0);

        assertThat(drop.begin(flood, LONG)).isEmpty();
        assertSilentWhileTheOtherGoesOn();
        assertThat(drop.packets(flood).orElseThrow()).isPositive();

        assertThat(drop.end(flood)).isTrue();
        assertThat(drop.packets(flood)).isEmpty();
        awaitMore(FLOOD_BYTES);

        assertThat(drop.begin(flood, Duration.ofMillis(1_500))).isEmpty();
        Patience.until(
                "something is dropped", PATIENCE, () -> drop.packets(flood).orElse(0) > 0);
        awaitMore(FLOOD_BYTES);

        assertThat(drop.begin(flood, LONG)).isEmpty();
        assertSilentWhileTheOtherGoesOn();
        drop.close();
        awaitMore(FLOOD_BYTES);
        assertThat(Programs.output("bpftool", "prog", "list")).as("attached").doesNotContain("og_pid_drop");
    }

    @Test
    void aConnectionOfItIsSilentThoughTheKernelWouldSendAgain() throws IOException {
        Path received = folder.resolve("received");
        start(
                bed.far,
                received,
                "import socket",
                "c, _ = socket.create_server(('" + REMOTE + "', 81)).accept()",
                "while c.recv(65536): print('.', end='', flush=True)");
        Path sent = folder.resolve("sent");
        Process client = start(
                bed.host,
                sent,
                "import os, socket, time",
                "os.setgid(33); os.setuid(33)",
                "time.sleep(1)",
                "c = socket.create_connection(('" + REMOTE + "', 81))",
                "while c.send(b'x' * 1000): time.sleep(.01)");
        Patience.until(
                () -> text(sent) + text(received),
                PATIENCE,
                () -> received.toFile().length() > 50);

        ProcessId id = id(client.pid());
        assertThat(drop.begin(id, LONG)).isEmpty();
        Patience.until(
                "it sends again and again", PATIENCE, () -> drop.packets(id).orElse(0) > 3);
        assertThat(received.toFile().length()).isLessThan(50_000);
        long before = received.toFile().length();
        Patience.until("more of it is dropped", PATIENCE, () -> drop.packets(id).orElse(0) > 5);
        assertThat(received.toFile().length() - before).isLessThanOrEqualTo(1);

        assertThat(drop.end(id)).isTrue();
        Patience.until("it goes on", PATIENCE, () -> received.toFile().length() > before + 50);
    }

    private ProcessId send(int bytes, String pps) throws IOException {
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        bed.host,
                        EyeBed.ATTACKS.resolve("b_sendto").toString(),
                        REMOTE,
                        "80",
                        pps,
                        "60",
                        "" + bytes)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        awaitMore(bytes);
        return id(process.pid());
    }

    private Process start(String namespace, Path out, String... lines) throws IOException {
        Process process = new ProcessBuilder(
                        "ip", "netns", "exec", namespace, "/usr/bin/python3", "-c", String.join("\n", lines))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static ProcessId id(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // Field 22; the name, field 2, may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcessId((int) pid, Long.parseLong(fields[19]));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void awaitMore(int bytes) {
        long before = arrived(bytes);
        Patience.until("packets of " + bytes + " bytes arrive", PATIENCE, () -> arrived(bytes) > before + 10);
    }

    private void assertSilentWhileTheOtherGoesOn() {
        long flood = arrived(FLOOD_BYTES);
        long bystander = arrived(BYSTANDER_BYTES);
        Patience.until("the bystander goes on", PATIENCE, () -> arrived(BYSTANDER_BYTES) > bystander + 100);
        // What was under way when it began.
        assertThat(arrived(FLOOD_BYTES) - flood).isLessThanOrEqualTo(2);
    }

    private long arrived(int bytes) {
        String rules = Programs.output("ip", "netns", "exec", bed.far, "nft", "list", "table", "inet", "count");
        Matcher matcher = Pattern.compile("udp length " + (bytes + UDP_HEADER) + " counter packets (\\d+)")
                .matcher(rules);
        assertThat(matcher.find()).as(rules).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
