package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.nft.NetnsBed.GAMES;
import static org.outguard.nft.NetnsBed.WWW_DATA;
import static org.outguard.nft.NftEnforcerTest.target;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;

/** Blocks as the real nft and the real kernel have them, each test in network namespaces of its own. */
class NftBlockIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final List<String> PROBES = List.of(
            "udp,192.0.2.1,80",
            "udp,192.0.2.1,81",
            "udp,192.0.2.9,80",
            "udp,198.51.100.7,80",
            "udp,2001:db8::1,80",
            "udp,2001:db8::1,81",
            "udp,2001:db8::9,80",
            "udp,2001:db8:7::7,80",
            "tcp,192.0.2.1,80",
            "tcp,192.0.2.1,25",
            "tcp,2001:db8::1,25");

    private static final List<BlockTarget> SHAPES = List.of(
            target(WWW_DATA, null, 0, null, 0),
            target(-1, "192.0.2.1", 32, null, 0),
            target(-1, "192.0.2.0", 28, null, 0),
            target(-1, "2001:db8::1", 128, null, 0),
            target(-1, "2001:db8::", 64, null, 0),
            target(-1, "192.0.2.1", 32, Protocol.UDP, 80),
            target(-1, "192.0.2.0", 24, Protocol.TCP, 25),
            target(-1, "2001:db8::1", 128, Protocol.TCP, 25),
            target(-1, "2001:db8::", 32, Protocol.UDP, 80),
            target(WWW_DATA, "192.0.2.1", 32, null, 0),
            target(WWW_DATA, "192.0.0.0", 16, null, 0),
            target(WWW_DATA, "2001:db8::1", 128, null, 0),
            target(WWW_DATA, "2001:db8::", 64, null, 0),
            target(WWW_DATA, "192.0.2.1", 32, Protocol.UDP, 80),
            target(WWW_DATA, "192.0.2.8", 29, Protocol.UDP, 80),
            target(WWW_DATA, "2001:db8::1", 128, Protocol.UDP, 80),
            target(WWW_DATA, "2001:db8::", 32, Protocol.UDP, 80),
            target(-1, "192.0.2.1", 32, Protocol.UDP, 0),
            target(-1, "2001:db8::", 64, Protocol.TCP, 0),
            target(WWW_DATA, "192.0.2.0", 24, Protocol.UDP, 0),
            target(WWW_DATA, null, 0, Protocol.TCP, 0),
            target(WWW_DATA, null, 0, Protocol.TCP, 25));

    private NetnsBed bed;
    private NftEnforcer enforcer;

    @BeforeEach
    void makeBed() {
        bed = new NetnsBed();
        enforcer = bed.enforcer("nft");
    }

    @AfterEach
    void removeBed() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void eachShapeDropsOnlyWhatItSaysAndCountsIt() {
        SHAPES.forEach(target -> dropsOnlyWhatItSaysAndCountsIt(target, ""));
    }

    /* As with Linux 6.12.117 and nft 1.0.6, which do not agree about the protocol beside a network. */
    @Test
    void aProtocolOfTheHeaderBesideANetworkDropsTheSame() {
        enforcer = bed.enforcer((argv, stdin, limit) -> stdin.matches("(?s).*meta l4proto[^\n]* @\\w*net_.*")
                ? new CommandResult.Finished(1, "", "Error: Could not process rule: Operation not supported")
                : bed.runner().run(argv, stdin, limit));
        for (BlockTarget target : SHAPES) {
            if (target.protocol().isPresent()
                    && target.remote().filter(NftBlockIT::isNetwork).isPresent()) {
                boolean v6 = target.remote().get().address().v6();
                dropsOnlyWhatItSaysAndCountsIt(
                        target, v6 ? "packets with IPv6 extension headers pass it with this kernel and this nft" : "");
            }
        }
    }

    private static boolean isNetwork(BlockTarget.Remote remote) {
        return remote.prefix() < (remote.address().v6() ? 128 : 32);
    }

    private void dropsOnlyWhatItSaysAndCountsIt(BlockTarget target, String word) {
        assertThat(run(block(target, LONG))).isEqualTo(done(word));

        List<String> byTheBlocked = bed.send(WWW_DATA, PROBES);
        List<String> bySomebodyElse = bed.send(GAMES, PROBES);

        assertThat(byTheBlocked).as("uid 33 under %s", target).isEqualTo(expected(target, WWW_DATA));
        assertThat(bySomebodyElse).as("uid 5 under %s", target).isEqualTo(expected(target, GAMES));
        long dropped = PROBES.stream()
                        .filter(probe -> fits(target, WWW_DATA, probe))
                        .count()
                + PROBES.stream().filter(probe -> fits(target, GAMES, probe)).count();
        assertThat(dropped).as("%s has to be put to the test", target).isPositive();
        assertThat(standing()).singleElement().satisfies(counter -> {
            assertThat(counter.target()).isEqualTo(target);
            // A connection that is not reset is tried again after a second; the probe gives up before.
            assertThat(counter.packets()).isEqualTo(dropped);
            assertThat(counter.bytes()).isGreaterThanOrEqualTo(dropped * 28);
            assertThat(counter.expires()).isBetween(Instant.now(), Instant.now().plus(LONG));
        });
        assertThat(run(unblock(target))).isEqualTo(done(""));
        assertThat(standing()).isEmpty();
    }

    /* A datagram that is dropped in output fails with EPERM; a SYN is lost in silence, or reset on a mail port. */
    private static List<String> expected(BlockTarget target, int uid) {
        return PROBES.stream()
                .map(probe -> {
                    boolean hit = fits(target, uid, probe);
                    if (probe.startsWith("udp")) {
                        return hit ? "EPERM" : "sent";
                    }
                    return hit && probe.endsWith(",25") ? "ECONNREFUSED" : "TIMEOUT";
                })
                .toList();
    }

    /* The same question in a second way: by text, bit by bit. */
    private static boolean fits(BlockTarget target, int uid, String probe) {
        String[] parts = probe.split(",");
        return (target.uid().isEmpty() || target.uid().getAsInt() == uid)
                && (target.protocol().isEmpty()
                        || target.protocol().get().word().equals(parts[0]))
                && (target.port().isEmpty() || target.port().getAsInt() == Integer.parseInt(parts[2]))
                && (target.remote().isEmpty()
                        || bits(parts[1]).startsWith(bits(target.remote().get())));
    }

    private static String bits(BlockTarget.Remote remote) {
        return bits(remote.address().toString()).substring(0, remote.prefix());
    }

    private static String bits(String address) {
        StringBuilder bits = new StringBuilder();
        for (byte b : org.outguard.flow.IpAddress.parse(address).orElseThrow().bytes()) {
            bits.append(Integer.toBinaryString(b & 0xff | 0x100).substring(1));
        }
        return bits.toString();
    }

    /* By a raw socket of root, since not every kernel has sockets of UDP-Lite. */
    private static final String UDPLITE = """
            import socket, struct
            s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 136)
            for port in (80, 81):
                try:
                    s.sendto(struct.pack('!HHHH', 4000, port, 8, 0), ('192.0.2.1', 0))
                    print('sent')
                except PermissionError:
                    print('EPERM')
            """;

    @Test
    void aPortOfUdpLiteIsBlockedForItsUser() {
        BlockTarget target = BlockTarget.parse("", 80, "udplite", 0).orElseThrow();
        run(block(target, LONG));

        assertThat(bed.within("python3", "-c", UDPLITE).lines()).containsExactly("EPERM", "sent");
        assertThat(standing()).singleElement().satisfies(counter -> {
            assertThat(counter.target()).isEqualTo(target);
            assertThat(counter.packets()).isEqualTo(1);
        });
    }

    @Test
    void loopbackAlwaysPasses() {
        run(block(target(WWW_DATA, null, 0, null, 0), LONG));
        run(block(target(-1, "127.0.0.1", 32, null, 0), LONG));
        run(block(target(-1, "::1", 128, null, 0), LONG));
        run(block(target(-1, NetnsBed.OWN_V4, 32, null, 0), LONG));

        assertThat(bed.send(WWW_DATA, List.of("udp,127.0.0.1,80", "udp,::1,80", "udp," + NetnsBed.OWN_V4 + ",80")))
                .containsOnly("sent");
        assertThat(bed.send(WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("EPERM");
    }

    @Test
    void theKernelForgetsABlockByItself() {
        BlockTarget target = target(WWW_DATA, "192.0.2.1", 32, null, 0);
        run(block(target, Duration.ofSeconds(1)));
        assertThat(standing()).hasSize(1);

        Instant deadline = Instant.now().plusSeconds(10);
        while (!standing().isEmpty()) {
            assertThat(Instant.now()).isBefore(deadline);
        }

        assertThat(bed.send(WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("sent");
        assertThat(run(unblock(target))).isEqualTo(done("it had already expired"));
        assertThat(run(block(target, LONG))).isEqualTo(done(""));
        assertThat(bed.send(WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("EPERM");
    }

    @Test
    void aNetworkThatExpiredCanBeBlockedAgain() {
        BlockTarget network = target(WWW_DATA, "192.0.2.0", 24, Protocol.UDP, 80);
        BlockTarget plain = target(-1, "198.51.100.0", 24, null, 0);
        run(block(network, Duration.ofSeconds(1)));
        run(block(plain, Duration.ofSeconds(1)));

        Instant deadline = Instant.now().plusSeconds(10);
        while (!standing().isEmpty()) {
            assertThat(Instant.now()).isBefore(deadline);
        }

        assertThat(run(block(network, LONG))).isEqualTo(done(""));
        assertThat(run(block(plain, LONG))).isEqualTo(done(""));
        assertThat(standing()).hasSize(2);
    }

    @Test
    void blockingAgainStartsTimeAndCounterAnew() {
        for (BlockTarget target :
                List.of(target(WWW_DATA, "192.0.2.1", 32, null, 0), target(WWW_DATA, "192.0.2.0", 24, null, 0))) {
            run(block(target, Duration.ofMinutes(1)));
            bed.send(WWW_DATA, "udp,192.0.2.1,80");
            assertThat(standing())
                    .extracting(ActionObservation.BlockCounter::packets)
                    .containsExactly(1L);

            assertThat(run(block(target, Duration.ofMinutes(20)))).isEqualTo(done(""));

            assertThat(standing()).singleElement().satisfies(counter -> {
                assertThat(counter.expires()).isAfter(Instant.now().plus(Duration.ofMinutes(19)));
                assertThat(counter.packets()).isZero();
            });
            run(unblock(target));
        }
    }

    @Test
    void otherBlocksKeepTheirTimesAndCounters() {
        run(block(target(WWW_DATA, "192.0.2.1", 32, null, 0), LONG));
        bed.send(WWW_DATA, List.of("udp,192.0.2.1,80", "udp,192.0.2.1,81"));

        run(block(target(-1, "198.51.100.7", 32, null, 0), LONG));

        assertThat(standing())
                .filteredOn(counter -> counter.target().uid().isPresent())
                .extracting(ActionObservation.BlockCounter::packets)
                .containsExactly(2L);
    }

    @Test
    void aSingleAddressAndItsNetworkAreTwoBlocks() {
        run(block(target(-1, "192.0.2.0", 24, null, 0), LONG));
        run(block(target(-1, "192.0.2.1", 32, null, 0), LONG));
        assertThat(standing()).hasSize(2);

        run(unblock(target(-1, "192.0.2.0", 24, null, 0)));

        assertThat(bed.send(GAMES, List.of("udp,192.0.2.1,80", "udp,192.0.2.9,80")))
                .containsExactly("EPERM", "sent");
    }

    @Test
    void anOverlappingNetworkIsRefusedWithAReason() {
        run(block(target(-1, "192.0.2.0", 24, null, 0), LONG));

        Outcome outcome = run(block(target(-1, "192.0.0.0", 16, null, 0), LONG));

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("overlaps the block of another network");
        assertThat(standing()).hasSize(1);
    }

    @Test
    void whatOthersHaveIsLeftAlone() {
        bed.within(
                "nft",
                "add table inet theirs; add set inet theirs some { type ipv4_addr; }; "
                        + "add element inet theirs some { 192.0.2.77 }; "
                        + "add chain inet theirs output { type filter hook output priority 0; policy accept; }; "
                        + "add rule inet theirs output ip daddr @some drop");
        String before = bed.within("nft", "-a", "list", "table", "inet", "theirs");

        BlockTarget target = target(-1, "192.0.2.77", 32, null, 0);
        run(block(target, LONG));
        assertThat(bed.send(GAMES, "udp,192.0.2.77,80")).isEqualTo("EPERM");
        // We come before the filter chains of others, so it is our counter that counts.
        assertThat(standing())
                .extracting(ActionObservation.BlockCounter::packets)
                .containsExactly(1L);
        run(unblock(target));
        assertThat(enforcer.removeTables()).isEmpty();

        assertThat(bed.within("nft", "-a", "list", "table", "inet", "theirs")).isEqualTo(before);
        assertThat(bed.within("nft", "list", "tables")).isEqualTo("table inet theirs\n");
    }

    @Test
    void aFlushBySomebodyElseIsOutlived() {
        BlockTarget target = target(WWW_DATA, "192.0.2.1", 32, Protocol.UDP, 80);
        run(block(target, LONG));

        bed.within("nft", "flush", "ruleset");
        assertThat(standing()).isEmpty();
        assertThat(run(unblock(target))).isEqualTo(done("it had already expired"));

        assertThat(run(block(target, LONG))).isEqualTo(done(""));
        assertThat(bed.send(WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("EPERM");

        // Worse than gone: there, and without effect.
        bed.within("nft", "flush", "chain", "inet", "outguard", "output");
        assertThat(run(block(target, LONG))).isEqualTo(done(""));
        assertThat(bed.send(WWW_DATA, "udp,192.0.2.1,80")).isEqualTo("EPERM");
    }

    @Test
    void rulesDoNotPileUp() {
        run(block(target(WWW_DATA, null, 0, null, 0), LONG));
        String once = bed.within("nft", "-s", "-t", "list", "table", "inet", "outguard");

        run(block(target(GAMES, null, 0, null, 0), LONG));

        assertThat(bed.within("nft", "-s", "-t", "list", "table", "inet", "outguard"))
                .isEqualTo(once);
    }

    @Test
    void removingATableThatIsNotThereIsDone() {
        assertThat(enforcer.removeTables()).isEmpty();
        assertThat(standing()).isEmpty();
    }

    @Test
    void whatAPlanSaysIsWhatIsRun() throws IOException {
        try (NetnsBed byHand = new NetnsBed()) {
            NftEnforcer planner = byHand.enforcer("nft");
            for (BlockTarget target : SHAPES) {
                NetworkStep.Block step = new NetworkStep.Block(target, Duration.ofSeconds(3723));
                run(block(target, step.duration()));
                typed(byHand, "nft", "-f", "-", planner.tableScript(step));
                byHand.mustRun("sh", "-c", planner.plan(step).command());

                assertThat(ruleset(byHand)).as("%s", target).isEqualTo(ruleset(bed));

                run(unblock(target));
                byHand.mustRun("sh", "-c", planner.plan(step).undo());
                assertThat(ruleset(byHand)).as("%s", target).isEqualTo(ruleset(bed));
            }
        }
    }

    private static void typed(NetnsBed where, String... argvAndInput) {
        List<String> argv = new ArrayList<>(List.of(argvAndInput));
        String input = argv.remove(argv.size() - 1);
        assertThat(where.runner().run(where.command(argv.toArray(String[]::new)), input, LONG))
                .isEqualTo(new org.outguard.exec.CommandResult.Finished(0, "", ""));
    }

    /* All that nft lists, but for handles, which only say in what order things were made, and the time that is left. */
    private static List<Object> ruleset(NetnsBed where) throws IOException {
        Map<String, Object> list = JSON.std.mapFrom(where.within("nft", "-j", "list", "ruleset"));
        List<Object> objects = new ArrayList<>();
        for (Object object : (List<?>) list.get("nftables")) {
            objects.add(without(object));
        }
        assertThat(objects).hasSizeGreaterThan(BlockSet.ofLevel(0).size() * 2);
        return objects;
    }

    private static Object without(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> kept = new java.util.LinkedHashMap<>();
            map.forEach((key, member) -> {
                if (!key.equals("handle") && !key.equals("expires")) {
                    kept.put(key, without(member));
                }
            });
            return kept;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(member -> String.valueOf(without(member))).toList();
        }
        return String.valueOf(value);
    }

    @Test
    void withoutPrivilegeTheReasonSaysWhatIsMissing() {
        NftEnforcer weak = bed.enforcer("setpriv", "--bounding-set=-net_admin", "nft");

        Outcome outcome = run(weak, block(target(WWW_DATA, null, 0, null, 0), LONG));

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).isEqualTo("not permitted: nft needs root or CAP_NET_ADMIN");
        assertThat(weak.list()).isEqualTo(new Listing.Failed("not permitted: nft needs root or CAP_NET_ADMIN"));
        assertThat(standing()).isEmpty();
    }

    private List<ActionObservation.BlockCounter> standing() {
        Listing listing = enforcer.list();
        assertThat(listing).isInstanceOf(Listing.Seen.class);
        return ((Listing.Seen) listing).blocks().blocks();
    }

    private Outcome run(Action action) {
        Outcome outcome = run(enforcer, action);
        return new Outcome(outcome.actionId(), Instant.EPOCH, outcome.result(), outcome.detail());
    }

    private static Outcome done(String detail) {
        return new Outcome("a-1", Instant.EPOCH, Outcome.Result.DONE, detail);
    }

    private Action block(BlockTarget target, Duration length) {
        return action(new NetworkStep.Block(target, length));
    }

    private Action unblock(BlockTarget target) {
        return action(new NetworkStep.Unblock(target, "a-0"));
    }

    private Action action(NetworkStep step) {
        return new Action("a-1", Instant.EPOCH, "test", "", step, enforcer.plan(step));
    }

    private static Outcome run(NftEnforcer enforcer, Action action) {
        return enforcer.run(action, (NetworkStep) action.step());
    }
}
