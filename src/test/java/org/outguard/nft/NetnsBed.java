package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.exec.ProcessRunner;
import org.outguard.procfs.CgroupMount;

/**
 * A network namespace of its own with an interface that swallows what is sent, so that every packet that the output
 * hook lets pass is sent without an error, and every one that it drops fails with EPERM.
 */
final class NetnsBed implements AutoCloseable {

    static final String OWN_V4 = "192.0.2.2";
    static final int WWW_DATA = 33;
    static final int GAMES = 5;

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger COUNT = new AtomicInteger();

    /* Arguments are protocol,address,port; for each it prints sent, or the name of the error. */
    private static final String SENDER = """
            import errno, socket, sys
            for probe in sys.argv[1:]:
                protocol, address, port = probe.split(',')
                family = socket.AF_INET6 if ':' in address else socket.AF_INET
                kind = socket.SOCK_DGRAM if protocol == 'udp' else socket.SOCK_STREAM
                s = socket.socket(family, kind)
                s.settimeout(0.05)
                try:
                    s.connect((address, int(port)))
                    if protocol == 'udp':
                        s.send(b'x' * 29)
                    print('sent')
                except TimeoutError:
                    print('TIMEOUT')
                except OSError as e:
                    print(errno.errorcode[e.errno])
            """;

    private final CommandRunner runner = new ProcessRunner(task -> {
        Thread thread = new Thread(task, "pipe");
        thread.setDaemon(true);
        return thread;
    });
    private final String name = "og-nft-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    NetnsBed() {
        mustRun("ip", "netns", "add", name);
        try {
            within("ip", "link", "set", "lo", "up");
            // The other end has no address, so what arrives there goes no further. Not type dummy: that is a module.
            within("ip", "link", "add", "sink", "arp", "off", "type", "veth", "peer", "name", "beyond");
            within("ip", "link", "set", "beyond", "up");
            within("ip", "addr", "add", OWN_V4 + "/24", "dev", "sink");
            within("ip", "addr", "add", "2001:db8::2/64", "dev", "sink", "nodad");
            within("ip", "link", "set", "sink", "up");
            within("ip", "route", "add", "default", "dev", "sink");
            within("ip", "-6", "route", "add", "default", "dev", "sink");
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    CommandRunner runner() {
        return runner;
    }

    /** The words that start a program in here. */
    List<String> command(String... argv) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name, "--"));
        command.addAll(List.of(argv));
        return command;
    }

    /** Rules hang on the interface that swallows. */
    private final Hooks hooks = new Hooks() {
        @Override
        public List<String> devices() {
            return List.of("sink");
        }

        @Override
        public String cgroups() {
            return CgroupMount.prefix(Path.of("/proc/self/mountinfo"));
        }
    };

    NftEnforcer enforcer(String... nft) {
        return new NftEnforcer(runner, command(nft), Clock.systemUTC(), hooks);
    }

    /** One of nft as another runner starts it. */
    NftEnforcer enforcer(CommandRunner other) {
        return new NftEnforcer(other, command("nft"), Clock.systemUTC(), hooks);
    }

    /** Runs a program in here that has to succeed; what it prints. */
    String within(String... argv) {
        return mustRun(command(argv).toArray(String[]::new));
    }

    /** Sends one packet, or one attempt to connect, for each probe {@code udp,192.0.2.1,80}; what became of each. */
    List<String> send(int uid, List<String> probes) {
        String id = Integer.toString(uid);
        List<String> argv = new ArrayList<>(
                List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "python3", "-c", SENDER));
        argv.addAll(probes);
        return within(argv.toArray(String[]::new)).lines().toList();
    }

    String send(int uid, String probe) {
        return send(uid, List.of(probe)).get(0);
    }

    String mustRun(String... argv) {
        CommandResult result = runner.run(List.of(argv), "", LIMIT);
        assertThat(result)
                .as(
                        "needs root or CAP_SYS_ADMIN and CAP_NET_ADMIN, iproute2, nftables, util-linux and python3: %s",
                        CommandRunner.describe(List.of(argv)))
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.exitStatus())
                                .as(finished.stderr())
                                .isZero());
        return ((CommandResult.Finished) result).stdout();
    }

    @Override
    public void close() {
        mustRun("ip", "netns", "del", name);
    }
}
