package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.kernel.EyeWatch.Sum;

/** TCP, which also sends when its process does not run: on acknowledgements and by timers. */
class KernelEyeTcpIT {

    private static final int PORT = 2_525;
    private static final int BYTES = 30_000_000;

    private static final String SERVER = """
            import os, socket, sys
            s = socket.create_server(('10.99.0.2', %d))
            print(os.getpid(), flush=True)
            c, _ = s.accept()
            n = 0
            while True:
                d = c.recv(1 << 20)
                n += len(d)
                if not d: break
            print(n, flush=True)
            """.formatted(PORT);

    /* The first argument is how many processes write to the one connection, each in its turn. */
    private static final String CLIENT = """
            import os, socket, sys
            c = socket.create_connection(('10.99.0.2', %d))
            pids = []
            for i in range(int(sys.argv[1])):
                pid = os.fork()
                if pid == 0:
                    c.sendall(b'x' * (%d // int(sys.argv[1])))
                    os._exit(0)
                pids.append(pid)
                os.waitpid(pid, 0)
            c.close()
            print(*pids, flush=True)
            """.formatted(PORT, BYTES);

    private EyeBed bed;
    private EyeWatch watch;

    @BeforeEach
    void open() throws Exception {
        bed = new EyeBed();
        watch = new EyeWatch();
    }

    @AfterEach
    void close() throws Exception {
        if (watch != null) {
            watch.close();
        }
        bed.close();
    }

    /** Sends, and returns the numbers of the server and of the writers. */
    private List<Integer> transfer(int writers) throws Exception {
        try (EyeBed.Running server = bed.start(bed.far, "/usr/bin/python3", "-c", SERVER)) {
            int serverPid = Integer.parseInt(server.readLine());
            String pids = EyeBed.in(bed.host, "/usr/bin/python3", "-c", CLIENT, "" + writers);
            assertThat(server.readLine()).isEqualTo("" + BYTES);
            assertThat(server.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
            watch.settle();
            List<Integer> all = new ArrayList<>(List.of(serverPid));
            for (String pid : pids.trim().split(" ")) {
                all.add(Integer.valueOf(pid));
            }
            return all;
        }
    }

    private static boolean isData(Sum sum) {
        return sum.remote() != null && sum.remote().port() == PORT;
    }

    @Test
    void aConnectionBelongsToItsWriterAlsoWhereItDoesNotRun() throws Exception {
        checkWriter(transfer(1));
    }

    @Test
    void thatIsSoWhereAFirewallInUserSpaceGivesItsPacketsBack() throws Exception {
        bed.queueAll("10.99.0.2");
        try (EyeBed.Queue firewall = bed.startQueue()) {
            watch.settle();
            List<Integer> pids = transfer(1);

            checkWriter(pids);
            assertThat(firewall.end()).isGreaterThan(BYTES / 1_448);
            assertThat(watch.sums(sum -> is(sum.sender(), firewall.pid()) || is(sum.contested(), firewall.pid())))
                    .isEmpty();
        }
    }

    private static boolean is(KernelEye.Sender sender, int pid) {
        return sender != null && sender.id().pid() == pid;
    }

    private void checkWriter(List<Integer> pids) {
        List<Sum> sums = watch.sums(KernelEyeTcpIT::isData);

        // Its parent closes the connection and so sets going what is left of the child's: that may be either's.
        long certain = bytes(sums, pids.get(1));
        long all = sums.stream().mapToLong(Sum::bytes).sum();
        assertThat(certain).isGreaterThan(BYTES * 3L / 4);
        // What it sent, and 40 or 52 bytes of headers on each 1,448.
        assertThat(all).isBetween((long) BYTES, BYTES * 11L / 10);
        assertThat(sums).allMatch(sum -> sum.sender() != null);
        long otherwise = all
                - certain
                - sums.stream()
                        .filter(sum -> sum.contested() != null)
                        .filter(sum -> is(sum.sender(), pids.get(1)) || is(sum.contested(), pids.get(1)))
                        .mapToLong(Sum::bytes)
                        .sum();
        // Of the parent alone: the packets that open and close the connection.
        assertThat(otherwise).isLessThan(1_000);
        assertThat(sums.stream().mapToLong(Sum::connects).sum()).isEqualTo(1);
    }

    private static long bytes(List<Sum> sums, int pid) {
        return sums.stream()
                .filter(sum -> sum.contested() == null && is(sum.sender(), pid))
                .mapToLong(Sum::bytes)
                .sum();
    }

    @Test
    void answersBelongToTheServer() throws Exception {
        int server = transfer(1).get(0);
        List<Sum> sums = watch.sums(sum -> sum.remote() != null
                && sum.remote().address().toString().equals("10.99.0.1")
                && sum.connects() == 0
                && sum.kind() == KernelEye.Kind.IP);

        assertThat(sums)
                .isNotEmpty()
                .allMatch(sum -> sum.sender() != null && sum.sender().id().pid() == server);
    }

    @Test
    void whatIsStillOnItsWayWhenAnotherTakesOverIsContested() throws Exception {
        List<Integer> pids = transfer(2);
        List<Sum> sums = watch.sums(KernelEyeTcpIT::isData);

        assertThat(sums).allMatch(sum -> sum.sender() != null);
        List<Sum> contested =
                sums.stream().filter(sum -> sum.contested() != null).toList();
        // Their parent is among them where it closes the connection; nobody else is.
        assertThat(contested)
                .isNotEmpty()
                .allMatch(sum -> pids.contains(sum.sender().id().pid())
                        || pids.contains(sum.contested().id().pid()));
        long certain = sums.stream()
                .filter(sum -> sum.contested() == null)
                .mapToLong(Sum::bytes)
                .sum();
        assertThat(certain).isPositive();
    }
}
