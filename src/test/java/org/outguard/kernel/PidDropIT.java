package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.Alone;
import org.outguard.app.Patience;
import org.outguard.app.Programs;
import org.outguard.owner.ProcessId;

/** One process is silent, and another of the same user, to the same remote and port, goes on; what arrives is counted far away. */
@Alone("the kernel's BPF programs are listed, of whomever they are")
class PidDropIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private EyeBed bed;
    private TwoSenders senders;
    private PidDrop drop;

    @BeforeEach
    void open() throws IOException {
        Programs.requireRoot();
        bed = new EyeBed();
        senders = new TwoSenders(bed);
        PidDrop.Opening opening = PidDrop.open();
        assertThat(opening).as("the verifier takes it").isInstanceOf(PidDrop.Opening.Attached.class);
        drop = ((PidDrop.Opening.Attached) opening).drop();
    }

    @AfterEach
    void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        if (senders != null) {
            senders.close();
        }
        if (drop != null) {
            drop.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void onlyThatProcessIsSilentUntilItsTimeIsOverOrItIsTakenBack() throws IOException {
        ProcessId flood = senders.start();
        senders.awaitMoreOfTheFlood();
        senders.awaitMoreOfTheBystander();

        ProcessId later = new ProcessId(flood.pid(), flood.startTicks() + 1);
        assertThat(drop.begin(later, Duration.ofSeconds(Long.MAX_VALUE)))
                .as("longer than nanoseconds can tell")
                .isEmpty();
        senders.awaitMoreOfTheFlood();
        assertThat(drop.packets(later)).as("another process with its number").hasValue(0);

        assertThat(drop.begin(flood, LONG)).isEmpty();
        senders.assertOnlyTheBystanderArrives();
        assertThat(drop.packets(flood).orElseThrow()).isPositive();

        assertThat(drop.end(flood)).isTrue();
        assertThat(drop.packets(flood)).isEmpty();
        senders.awaitMoreOfTheFlood();

        assertThat(drop.begin(flood, Duration.ofMillis(1_500))).isEmpty();
        Patience.until(
                "something is dropped", PATIENCE, () -> drop.packets(flood).orElse(0) > 0);
        senders.awaitMoreOfTheFlood();

        assertThat(drop.begin(flood, LONG)).isEmpty();
        senders.assertOnlyTheBystanderArrives();
        drop.close();
        senders.awaitMoreOfTheFlood();
        assertThat(Programs.output("bpftool", "prog", "list")).as("attached").doesNotContain("og_pid_drop");
    }

    /** Opened in a pid namespace of its own: drops what a process sends that has this number there, until its input ends. */
    static final class Within {

        private Within() {}

        /** Takes the number and the start time. */
        public static void main(String[] args) throws IOException {
            PidDrop.Opening opening = PidDrop.open();
            if (opening instanceof PidDrop.Opening.Attached attached) {
                ProcessId id = new ProcessId(Integer.parseInt(args[0]), Long.parseLong(args[1]));
                System.out.println("begun" + attached.drop().begin(id, LONG).orElse(""));
                System.in.read();
                System.out.println(attached.drop().packets(id).orElse(0));
            } else {
                System.out.println(opening);
            }
        }
    }

    @Test
    void itGoesByTheNumbersOfThePidNamespaceThatItIsOpenedIn() throws Exception {
        try (PidNamespace inside = new PidNamespace(bed.host)) {
            ProcessId flood = senders.start(inside.within(List.of()));
            int number = PidNamespace.ownNumber(flood.pid());
            assertThat(number).isNotEqualTo(flood.pid());
            Process within = new ProcessBuilder(inside.within(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Doutguard.native=" + System.getProperty("outguard.native"),
                            "-cp",
                            KernelEyeLifeIT.folderOf(PidDrop.class) + ":" + KernelEyeLifeIT.folderOf(Within.class),
                            Within.class.getName(),
                            "" + number,
                            "" + flood.startTicks())))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            processes.add(within);
            try (BufferedReader said = within.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).isEqualTo("begun");
                senders.assertOnlyTheBystanderArrives();
                within.getOutputStream().close();
                assertThat(Long.parseLong(said.readLine())).isPositive();
            }
            senders.awaitMoreOfTheFlood();
        }
    }

    @Test
    void aConnectionOfItIsSilentThoughTheKernelWouldSendAgain() throws IOException {
        Path received = folder.resolve("received");
        start(
                bed.far,
                received,
                "import socket",
                "c, _ = socket.create_server(('" + TwoSenders.REMOTE + "', 81)).accept()",
                "while c.recv(65536): print('.', end='', flush=True)");
        Path sent = folder.resolve("sent");
        Process client = start(
                bed.host,
                sent,
                "import os, socket, time",
                "os.setgid(33); os.setuid(33)",
                "time.sleep(1)",
                "c = socket.create_connection(('" + TwoSenders.REMOTE + "', 81))",
                "while c.send(b'x' * 1000): time.sleep(.01)");
        Patience.until(
                () -> text(sent) + text(received),
                PATIENCE,
                () -> received.toFile().length() > 50);

        ProcessId id = TwoSenders.id(client.pid());
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

    private Process start(String namespace, Path out, String... lines) throws IOException {
        Process process = new ProcessBuilder(
                        "ip", "netns", "exec", namespace, "/usr/bin/python3", "-c", String.join("\n", lines))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
