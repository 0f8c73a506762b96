package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.LocalSession.Word;
import org.outguard.kernel.KernelEye.Age;

/** Which process hands mail in over loopback and which serves it, told by the kernel, however short the session is. */
class MailSessionsIT {

    private static final int DRAINS = 200;

    /** Serves one session after the other on port 25; nobody accepts what comes to port 465. */
    private static final String SERVER = """
            import os, socket
            quiet = socket.create_server(('::', 465), family=socket.AF_INET6, dualstack_ipv6=True)
            server = socket.create_server(('::', 25), family=socket.AF_INET6, dualstack_ipv6=True)
            print(os.getpid(), flush=True)
            while True:
                one, _ = server.accept()
                one.sendall(b'220 here\\r\\n')
                while one.recv(100):
                    pass
                one.close()
            """;

    private static final String CLIENT = """
            import os, socket, sys
            one = socket.create_connection((sys.argv[1], 25), 10)
            print(os.getpid(), one.getsockname()[1], flush=True)
            one.recv(100)
            if len(sys.argv) > 2 and os.fork() == 0:
                os.setuid(34)
                one.sendall(b'QUIT\\r\\n')
                os._exit(0)
            if len(sys.argv) > 2:
                os.wait()
            else:
                one.sendall(b'QUIT\\r\\n')
            """;

    private static final String FLOOD = """
            import socket
            for i in range(20000):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(('127.0.0.1', 465))
                one.close()
            """;

    private final ExecutorService within = Executors.newSingleThreadExecutor();
    private final List<MailSession> told = new ArrayList<>();
    private EyeBed bed;
    private KernelEye eye;
    private EyeBed.Running server;
    private int serverPid;
    private long lost;

    private void open(Age age) throws Exception {
        bed = new EyeBed();
        EyeBed.in(bed.host, "ip", "link", "set", "lo", "up");
        server = bed.start(bed.host, "/usr/bin/python3", "-c", SERVER);
        serverPid = Integer.parseInt(server.readLine());
        // The eye tells of the network namespace that it is opened in.
        eye = within.submit(() -> {
                    assertThat(NetworkNamespace.enter("/run/netns/" + bed.host)).isEmpty();
                    return EyeWatch.open(age);
                })
                .get();
    }

    @AfterEach
    void close() throws IOException {
        if (eye != null) {
            eye.close();
        }
        within.shutdown();
        if (server != null) {
            server.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    private Endpoint client(String address, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", CLIENT, address));
        command.addAll(List.of(more));
        if (more.length == 0) {
            command.addAll(0, List.of("setpriv", "--reuid", "33", "--regid", "33", "--clear-groups", "--"));
        }
        String[] said =
                EyeBed.in(bed.host, command.toArray(String[]::new)).trim().split(" ");
        clientPid = Integer.parseInt(said[0]);
        return new Endpoint(IpAddress.parse(address).orElseThrow(), Integer.parseInt(said[1]));
    }

    private int clientPid;

    private MailSession await(Predicate<MailSession> wanted) throws InterruptedException {
        for (int i = 0; i < DRAINS; i++) {
            lost = eye.drain().lostSessions();
            told.addAll(eye.sessions());
            Optional<MailSession> found = told.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("not told; told was " + told);
    }

    @ParameterizedTest
    @EnumSource(Age.class)
    void bothProcessesOfEachSessionAreTold(Age age) throws Exception {
        open(age);
        for (String address : List.of("127.0.0.1", "::1", "10.99.0.1", "fd99::1")) {
            Endpoint client = client(address);
            MailSession over = await(one -> one.client().equals(client) && one.word() == Word.OVER);
            MailSession served = await(one -> one.client().equals(client) && one.word() == Word.SERVED);
            assertThat(served.user().id().pid()).isEqualTo(clientPid);
            assertThat(served.user().uid()).isEqualTo(33);
            // Without the end of send calls it is known when a session is served, and not by which process.
            assertThat(served.serverPid()).isEqualTo(age.compareTo(Age.BEFORE_5_12) < 0 ? serverPid : 0);
            assertThat(served.server()).isEqualTo(new Endpoint(client.address(), 25));
            assertThat(served.connected()).isEqualTo(over.connected());
            assertThat(served.begunNanos()).isLessThan(served.atNanos());
            assertThat(served.atNanos()).isLessThan(over.atNanos());
            assertThat(eye.owner(served.user()).orElseThrow())
                    .satisfies(owner -> assertThat(owner.commandLine()).contains(CLIENT, address))
                    .satisfies(owner -> assertThat(owner.exe()).startsWith("/usr/bin/python3"))
                    .satisfies(owner -> assertThat(owner.cwd())
                            .isEqualTo(Path.of("").toAbsolutePath().toString()));
        }
        assertThat(told.stream().filter(one -> one.word() == Word.SERVED)).hasSize(4);
    }

    @Test
    void aConnectionThatAnotherUserWritesToIsToldOf() throws Exception {
        open(Age.AS_IT_IS);
        Endpoint client = client("127.0.0.1", "another");
        MailSession mixed = await(one -> one.client().equals(client) && one.word() == Word.MIXED);
        assertThat(mixed.user().id().pid()).isEqualTo(clientPid);
        assertThat(mixed.server().port()).isEqualTo(25);
    }

    @Test
    void connectionsFromElsewhereAndThoseThatNobodyServesAreNotTold() throws Exception {
        open(Age.AS_IT_IS);
        EyeBed.in(bed.far, "/usr/bin/python3", "-c", CLIENT, "10.99.0.1");
        EyeBed.in(bed.host, "/usr/bin/python3", "-c", FLOOD);
        Endpoint client = client("127.0.0.1");
        await(one -> one.client().equals(client) && one.word() == Word.OVER);
        assertThat(told).hasSize(2).allMatch(one -> one.client().equals(client));
        assertThat(lost).isZero();
    }
}
