package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through a lockdown the session that it was typed in goes on, and whoever typed it can come again. */
class LockdownSessionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SERVER = "192.0.2.1";

    /* Not the usual port, so that it is the session's own that counts. */
    private static final String PORT = "2222";

    /* Answers what it is sent, as the user of a shell sees it. */
    private static final String ANSWERS = """
            import socket, sys, threading
            def serve(c):
                while True:
                    data = c.recv(64)
                    if not data:
                        return
                    c.sendall(data)
            s = socket.create_server(('192.0.2.1', int(sys.argv[1])))
            while True:
                threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
            """;

    /* A line for each answer. */
    private static final String TYPES = """
            import socket, sys, time
            for _ in range(200):
                try:
                    c = socket.create_connection(('192.0.2.1', int(sys.argv[1])), 5)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
            while True:
                c.sendall(b'x')
                if not c.recv(64):
                    sys.exit(1)
                print('answered', flush=True)
                time.sleep(0.05)
            """;

    private static final String SENDS = """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                s.sendto(b'x', ('192.0.2.2', 80))
                print('sent')
            except PermissionError:
                print('kept in')
            """;

    @TempDir
    private static Path folder;

    private final String here = "og-lock-" + ProcessHandle.current().pid() + "-h";
    private final String there = "og-lock-" + ProcessHandle.current().pid() + "-t";
    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void cable() {
        Programs.requireRoot();
        Programs.output("ip", "netns", "add", here);
        Programs.output("ip", "netns", "add", there);
        Programs.output(
                "ip", "-n", here, "link", "add", "cable", "type", "veth", "peer", "name", "far", "netns", there);
        Programs.output("ip", "-n", here, "addr", "add", SERVER + "/24", "dev", "cable");
        Programs.output("ip", "-n", there, "addr", "add", "192.0.2.2/24", "dev", "far");
        Programs.output("ip", "-n", here, "link", "set", "cable", "up");
        Programs.output("ip", "-n", there, "link", "set", "far", "up");
    }

    @AfterEach
    void tidyUp() throws InterruptedException {
        for (Process process : running) {
            process.destroyForcibly().waitFor();
        }
        Programs.output("ip", "netns", "del", here);
        Programs.output("ip", "netns", "del", there);
    }

    @Test
    void anEstablishedSessionGoesOnAndANewOneIsAnswered() throws IOException {
        python(here, ANSWERS);
        Path session = python(there, TYPES);
        awaitAnswers(session, 3);
        assertThat(send()).isEqualTo("sent");

        assertThat(outguard("lockdown", "--yes").status()).isZero();
        assertThat(send()).isEqualTo("kept in");
        awaitAnswers(session, answers(session) + 10);
        awaitAnswers(python(there, TYPES), 3);

        assertThat(outguard("lift", "--yes").status()).isZero();
        assertThat(send()).isEqualTo("sent");
    }

    private Path python(String namespace, String program) throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        running.add(new ProcessBuilder("ip", "netns", "exec", namespace, "python3", "-c", program, PORT)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        return out;
    }

    private static void awaitAnswers(Path session, int count) {
        Patience.until(count + " answers", PATIENCE, () -> answers(session) >= count);
    }

    private static int answers(Path session) {
        return (int) MailLab.read(session).lines().count();
    }

    private String send() {
        return Programs.output(
                        "", List.of("ip", "netns", "exec", here, "setpriv", "--reuid", "33", "python3", "-c", SENDS))
                .strip();
    }

    private ProgramUnderTest.Ended outguard(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--netns", here));
        List<String> command = new ArrayList<>(List.of("env", "SSH_CONNECTION=192.0.2.2 50022 " + SERVER + " " + PORT));
        command.addAll(ProgramUnderTest.command(arguments.toArray(String[]::new)));
        return ProgramUnderTest.start(folder, command).await(PATIENCE).withoutStackTrace();
    }
}
