package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;

/** Blocks of clients, as packets of two other network namespaces meet them: one calls, the other is a container of the server. */
class ClientBlockIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final List<String> CLIENTS =
            List.of("198.51.100.7", "198.51.100.8", "2001:db8:7::7", "2001:db8:7::8");

    /* A port where nobody listens is answered by a reset; what is dropped is not answered. */
    private static final String CALLER = """
            import errno, select, socket, sys, time
            waiting, seen = {}, {}
            for i, call in enumerate(sys.argv[1:]):
                source, to = call.split(',')
                s = socket.socket(socket.AF_INET6 if ':' in to else socket.AF_INET, socket.SOCK_STREAM)
                s.bind((source, 0))
                s.setblocking(False)
                s.connect_ex((to, 9))
                waiting[s] = i
            end = time.monotonic() + 0.5
            while waiting and time.monotonic() < end:
                for s in select.select([], list(waiting), [], 0.1)[1]:
                    error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    seen[waiting.pop(s)] = 'reached' if error == errno.ECONNREFUSED else errno.errorcode[error]
            for i in range(len(sys.argv) - 1):
                print(seen.get(i, 'dropped'))
            """;

    private NetnsBed bed;
    private NftEnforcer enforcer;

    @BeforeEach
    void makeBed() {
        bed = new NetnsBed();
        enforcer = bed.enforcer("nft");
        neighbour("c", "198.51.100", "2001:db8:7", CLIENTS);
        neighbour("i", "203.0.113", "2001:db8:8", List.of("203.0.113.7", "2001:db8:8::7"));
        for (String forwards : List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding")) {
            bed.within("python3", "-c", "open('/proc/sys/net/" + forwards + "', 'w').write('1')");
        }
    }

    @AfterEach
    void removeBed() {
        if (bed != null) {
            for (String end : List.of("c", "i")) {
                bed.runner().run(List.of("ip", "netns", "del", bed.name() + end), "", LONG);
            }
            bed.close();
        }
    }

    private void neighbour(String end, String v4, String v6, List<String> addresses) {
        String name = bed.name() + end;
        bed.mustRun("ip", "netns", "add", name);
        bed.within("ip", "link", "add", "to" + end, "type", "veth", "peer", "name", "wan", "netns", name);
        bed.within("ip", "addr", "add", v4 + ".1/24", "dev", "to" + end);
        bed.within("ip", "addr", "add", v6 + "::1/64", "dev", "to" + end, "nodad");
        bed.within("ip", "link", "set", "to" + end, "up");
        for (String address : addresses) {
            boolean six = address.contains(":");
            List<String> add = new ArrayList<>(List.of("ip", "-n", name, "addr", "add"));
            add.addAll(List.of(address + (six ? "/64" : "/24"), "dev", "wan"));
            if (six) {
                add.add("nodad");
            }
            bed.mustRun(add.toArray(String[]::new));
        }
        bed.mustRun("ip", "-n", name, "link", "set", "wan", "up");
        bed.mustRun("ip", "-n", name, "link", "set", "lo", "up");
        bed.mustRun("ip", "-n", name, "route", "add", "default", "via", v4 + ".1");
        bed.mustRun("ip", "-n", name, "-6", "route", "add", "default", "via", v6 + "::1");
    }

    /* From each client to the server, then to its container. */
    private List<String> calls() {
        List<String> argv = new ArrayList<>(List.of("ip", "netns", "exec", bed.name() + "c", "python3", "-c", CALLER));
        for (String client : CLIENTS) {
            boolean six = client.contains(":");
            argv.add(client + "," + (six ? "2001:db8:7::1" : "198.51.100.1"));
            argv.add(client + "," + (six ? "2001:db8:8::7" : "203.0.113.7"));
        }
        return bed.mustRun(argv.toArray(String[]::new)).lines().toList();
    }

    /* Until both ends of each cable know the other's address. */
    private void awaitNeighbours() {
        Instant deadline = Instant.now().plusSeconds(30);
        while (!calls().stream().allMatch("reached"::equals)) {
            assertThat(Instant.now()).isBefore(deadline);
        }
    }

    @Test
    void aClientIsDroppedHereAndOnTheWayToAContainerAndUndoLetsItIn() {
        awaitNeighbours();

        for (String network : List.of("198.51.100.7", "2001:db8:7::8", "198.51.100.8/31", "2001:db8:7::/65")) {
            BlockTarget target =
                    BlockTarget.ofClient(BlockTarget.Remote.parse(network).orElseThrow());
            assertThat(run(new NetworkStep.Block(target, LONG)).result()).isEqualTo(Outcome.Result.DONE);
            List<String> seen = calls();
            int dropped = 0;
            for (int i = 0; i < CLIENTS.size(); i++) {
                BlockTarget.Remote client =
                        BlockTarget.Remote.parse(CLIENTS.get(i)).orElseThrow();
                boolean hit = target.client().orElseThrow().contains(client.address());
                dropped += hit ? 2 : 0;
                assertThat(seen.subList(2 * i, 2 * i + 2))
                        .as("%s under a block of %s", client, network)
                        .containsOnly(hit ? "dropped" : "reached");
            }
            long packets = dropped;
            assertThat(standing()).singleElement().satisfies(block -> {
                assertThat(block.target()).isEqualTo(target);
                assertThat(block.packets()).isGreaterThanOrEqualTo(packets).isPositive();
                assertThat(block.expires())
                        .isBetween(Instant.now(), Instant.now().plus(LONG));
            });
            assertThat(run(new NetworkStep.Unblock(target, "a-1")).detail()).isEmpty();
            assertThat(calls()).containsOnly("reached");
        }
    }

    @Test
    void aBlockOfWhatIsSentLeavesTheBlockOfAClientAsItIsAndTheOtherWayRound() {
        awaitNeighbours();
        BlockTarget client =
                BlockTarget.ofClient(BlockTarget.Remote.parse("198.51.100.7").orElseThrow());
        BlockTarget sent = NftEnforcerTest.target(NetnsBed.WWW_DATA, "192.0.2.1", 32, null, 0);
        run(new NetworkStep.Block(client, LONG));
        run(new NetworkStep.Block(sent, LONG));
        assertThat(calls().subList(0, 4)).containsExactly("dropped", "dropped", "reached", "reached");
        assertThat(bed.send(NetnsBed.WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("EPERM");
        // This machine still asks whom it wants, and gets no answer from there.
        assertThat(bed.send(NetnsBed.GAMES, List.of("udp,198.51.100.7,80", "udp,127.0.0.1,80")))
                .containsOnly("sent");
        run(new NetworkStep.Unblock(sent, "a-1"));
        assertThat(calls().subList(0, 2)).containsOnly("dropped");
        assertThat(enforcer.removeTables()).isEmpty();
        assertThat(calls().subList(0, 2)).containsOnly("reached");
    }

    private Outcome run(NetworkStep step) {
        return enforcer.run(new Action("a-1", Instant.now(), "test", "test", step, enforcer.plan(step)), step);
    }

    private List<ActionObservation.BlockCounter> standing() {
        assertThat(enforcer.list()).isInstanceOf(Listing.Seen.class);
        return ((Listing.Seen) enforcer.list()).blocks().blocks();
    }
}
