package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;

class NftEnforcerTest {

    private static final Instant NOW = Instant.parse("2025-12-05T16:00:45Z");
    private static final BlockTarget FLOOD = target(33, "192.0.2.1", 32, Protocol.UDP, 80);

    private final FakeNft nft = new FakeNft();
    private final NftEnforcer enforcer =
            new NftEnforcer(nft, List.of("nft"), Clock.fixed(NOW, ZoneOffset.UTC), Hooks.NONE);

    @Test
    void aPlanIsWhatAPersonWouldTypeAndStartsNothing() {
        Action.Plan plan = enforcer.plan(new NetworkStep.Block(FLOOD, Duration.ofMinutes(10)));

        assertThat(plan.command())
                .isEqualTo(
                        "nft add element inet outguard uid_remote_port4 '{ 33 . 192.0.2.1 . udp . 80 timeout 10m }'");
        assertThat(plan.undo())
                .isEqualTo("nft delete element inet outguard uid_remote_port4 '{ 33 . 192.0.2.1 . udp . 80 }'");
        assertThat(nft.ran).isEmpty();
    }

    @Test
    void eachShapeHasItsSet() {
        assertThat(elementOf(target(33, null, 0, null, 0))).isEqualTo("uid '{ 33 }'");
        assertThat(elementOf(target(-1, "192.0.2.1", 32, null, 0))).isEqualTo("remote4 '{ 192.0.2.1 }'");
        assertThat(elementOf(target(-1, "192.0.2.0", 24, null, 0))).isEqualTo("net4 '{ 192.0.2.0/24 }'");
        assertThat(elementOf(target(-1, "2001:db8::1", 128, Protocol.TCP, 25)))
                .isEqualTo("remote_port6 '{ 2001:db8::1 . tcp . 25 }'");
        assertThat(elementOf(target(-1, "2001:db8::", 32, Protocol.TCP, 25)))
                .isEqualTo("net_port6 '{ 2001:db8::/32 . tcp . 25 }'");
        assertThat(elementOf(target(33, "2001:db8::", 32, null, 0))).isEqualTo("uid_net6 '{ 33 . 2001:db8::/32 }'");
        assertThat(elementOf(target(33, "192.0.2.1", 32, null, 0))).isEqualTo("uid_remote4 '{ 33 . 192.0.2.1 }'");
    }

    @Test
    void aRemoteForEverySenderStandsInEgressToo() {
        NftEnforcer hooked = new NftEnforcer(nft, List.of("nft"), Clock.fixed(NOW, ZoneOffset.UTC), ETH0);
        BlockTarget remote = target(-1, "192.0.2.1", 32, null, 0);

        assertThat(hooked.plan(new NetworkStep.Block(remote, Duration.ofMinutes(10))))
                .isEqualTo(new Action.Plan(
                        "nft 'add element inet outguard remote4 { 192.0.2.1 timeout 10m };"
                                + " add element netdev outguard remote4 { 192.0.2.1 timeout 10m }'",
                        "nft 'delete element inet outguard remote4 { 192.0.2.1 };"
                                + " delete element netdev outguard remote4 { 192.0.2.1 }'"));
        run(hooked, block(remote));
        assertThat(nft.inputs.get(0)).contains("egress-eth0").doesNotContain("evil");
        assertThat(hooked.plan(new NetworkStep.Block(FLOOD, Duration.ofMinutes(1)))
                        .command())
                .doesNotContain("netdev");
    }

    @Test
    void whereEgressCannotBeHookedTheOtherHooksAreUsedAndThatIsSaid() {
        NftEnforcer hooked = new NftEnforcer(
                (argv, stdin, limit) -> stdin.contains("netdev")
                        ? failed("Error: Could not process rule: Operation not supported\n")
                        : new CommandResult.Finished(0, "", ""),
                List.of("nft"),
                Clock.fixed(NOW, ZoneOffset.UTC),
                ETH0);

        Outcome outcome = run(hooked, block(target(-1, "192.0.2.1", 32, null, 0)));

        assertThat(outcome.result()).isEqualTo(Outcome.Result.DONE);
        assertThat(outcome.detail()).contains("AF_PACKET").contains("Operation not supported");
    }

    @Test
    void aLimitIsTwoElementsOneWithTheRateAndOneThatCounts() {
        Action.Plan plan = enforcer.plan(new NetworkStep.Limit(FLOOD, 200, Duration.ofMinutes(10)));

        assertThat(plan.command())
                .contains("limit_uid_remote_port4 { 33 . 192.0.2.1 . udp . 80"
                        + " limit rate over 200/second burst 20 packets timeout 10m }")
                .contains("over_uid_remote_port4 { 33 . 192.0.2.1 . udp . 80 timeout 10m }");
        assertThat(plan.undo()).contains("delete element inet outguard limit_uid_remote_port4");
    }

    @Test
    void aControlGroupIsNamedFromWhereItIsMounted() {
        BlockTarget service = new BlockTarget(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of("system.slice/apache2.service"));
        NftEnforcer hybrid = new NftEnforcer(nft, List.of("nft"), Clock.fixed(NOW, ZoneOffset.UTC), ETH0);

        assertThat(hybrid.plan(new NetworkStep.Block(service, Duration.ofMinutes(10)))
                        .command())
                .isEqualTo("nft add element inet outguard cgroup2 "
                        + "'{ \"unified/system.slice/apache2.service\" timeout 10m"
                        + " comment \"system.slice/apache2.service\" }'");
    }

    private static final Hooks ETH0 = new Hooks() {
        @Override
        public List<String> devices() {
            return List.of("eth0", "evil\"}");
        }

        @Override
        public String cgroups() {
            return "unified/";
        }
    };

    @Test
    void aUidOfTheUpperHalfIsWrittenWithoutASign() {
        BlockTarget nobody = new BlockTarget(
                Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of((int) 4_000_000_000L));

        assertThat(elementOf(nobody)).isEqualTo("uid '{ 4000000000 }'");
    }

    @Test
    void timesAreInNftsOwnWordsAndNeverShorterThanAsked() {
        assertThat(timeOf(Duration.ofMinutes(90))).isEqualTo("1h30m");
        assertThat(timeOf(Duration.ofDays(30))).isEqualTo("30d");
        assertThat(timeOf(Duration.ofMillis(1001))).isEqualTo("2s");
        assertThat(timeOf(Duration.ofNanos(1))).isEqualTo("1s");
        assertThatThrownBy(() -> timeOf(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takingOutIsPlannedTheOtherWayRound() {
        Action.Plan plan = enforcer.plan(new NetworkStep.Unblock(FLOOD, "a-1"));

        assertThat(plan.command()).startsWith("nft delete element ");
        assertThat(plan.undo()).startsWith("nft add element ").endsWith(" timeout 10m }'");
    }

    @Test
    void aBlockIsOneTransactionOnStandardInput() {
        Outcome outcome = run(enforcer, block(FLOOD));

        assertThat(outcome).isEqualTo(new Outcome("a-1", NOW, Outcome.Result.DONE, ""));
        assertThat(nft.ran).containsExactly(List.of("nft", "-f", "/proc/self/fd/0"));
        assertThat(nft.inputs.get(0))
                .startsWith("add table inet outguard\n")
                .contains("add element inet outguard uid_remote_port4 { 33 . 192.0.2.1 . udp . 80 timeout 10m }\n")
                .doesNotContain("netdev");
    }

    @Test
    void theWordsBeforeNftStandBeforeEveryCommand() {
        NftEnforcer inLab = new NftEnforcer(
                nft, List.of("ip", "netns", "exec", "lab", "nft"), Clock.fixed(NOW, ZoneOffset.UTC), Hooks.NONE);

        run(inLab, block(FLOOD));

        assertThat(nft.ran).containsExactly(List.of("ip", "netns", "exec", "lab", "nft", "-f", "/proc/self/fd/0"));
        assertThat(inLab.plan((NetworkStep) block(FLOOD).step()).command())
                .startsWith("ip netns exec lab nft add element");
    }

    @Test
    void failuresNameTheRemedy() {
        assertThat(failure(new CommandResult.NotFound("no nft")))
                .isEqualTo("nft is not installed (apt install nftables)");
        assertThat(failure(failed("""
                        Operation not permitted (you must be root)
                        netlink: Error: cache initialization failed: Operation not permitted
                        """))).contains("CAP_NET_ADMIN");
        assertThat(failure(failed("internal:0:0-0: Error: interval overlaps with an existing one\n\n")))
                .contains("overlaps the block of another network");
        assertThat(failure(failed("internal:0:0-0: Error: Could not process rule: Too many open files in system\n")))
                .contains("no room for more than 65535");
        assertThat(failure(new CommandResult.TimedOut())).isEqualTo("nft did not answer within 10 s");
        assertThat(failure(new CommandResult.Failed("interrupted"))).isEqualTo("nft failed: interrupted");
        assertThat(failure(failed("\n  Error: something new\n")))
                .isEqualTo("nft failed with status 1: Error: something new");
        assertThat(failure(failed("x".repeat(9000)))).hasSizeLessThan(400);
    }

    @Test
    void whatIsGoneAlreadyIsTakenOut() {
        for (String message : List.of(
                "internal:0:0-0: Error: Could not process rule: No such file or directory\n\n",
                "internal:0:0-0: Error: element does not exist\n\n",
                "internal:0:0-0: Error: No such file or directory\n\n")) {
            nft.answer = failed(message);

            assertThat(run(enforcer, unblock(FLOOD)))
                    .isEqualTo(new Outcome("a-2", NOW, Outcome.Result.DONE, "it had already expired"));
        }
    }

    @Test
    void aNamespaceThatIsNotThereIsNoBlockThatIsGone() {
        nft.answer = failed("Cannot open network namespace \"lab\": No such file or directory\n");

        assertThat(run(enforcer, unblock(FLOOD)).result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(enforcer.list()).isInstanceOf(Listing.Failed.class);
    }

    @Test
    void blocksAreReadWithCountersAndTimes() {
        nft.answer = new CommandResult.Finished(0, RECORDED_LIST, "");

        assertThat(enforcer.list())
                .isEqualTo(new Listing.Seen(new ActionObservation.BlocksSeen(
                        NOW,
                        List.of(
                                new ActionObservation.BlockCounter(
                                        target(-1, "192.0.2.0", 24, null, 0), 0, 0, NOW.plusSeconds(419)),
                                new ActionObservation.BlockCounter(
                                        target(-1, "192.0.2.1", 32, null, 0), 12, 684, NOW.plusSeconds(599)),
                                new ActionObservation.BlockCounter(FLOOD, 173_000, 9_861_000, NOW.plusSeconds(419)),
                                new ActionObservation.BlockCounter(
                                        target(33, "2001:db8::", 32, Protocol.UDP, 80), 1, 77, NOW.plusSeconds(5))))));
        assertThat(nft.ran)
                .containsExactly(
                        List.of("nft", "-j", "list table inet outguard"),
                        List.of("nft", "-j", "list table netdev outguard"));
    }

    @Test
    void noTableIsNoBlocks() {
        nft.answer = failed("Error: No such file or directory\nlist table inet outguard\n                ^^^^^^^^\n");

        assertThat(enforcer.list()).isEqualTo(new Listing.Seen(new ActionObservation.BlocksSeen(NOW, List.of())));
    }

    @Test
    void aListThatCannotBeReadIsAReason() {
        for (String broken : List.of("", "{", "[]", "{}", "{\"nftables\":3}", "nft: hello")) {
            nft.answer = new CommandResult.Finished(0, broken, "");

            assertThat(enforcer.list()).isInstanceOf(Listing.Failed.class);
        }
    }

    @Test
    void elementsThatAreNotOfOurMakingAreLeftOut() {
        for (String element : List.of(
                "\"192.0.2.1\"",
                "{\"elem\":{\"val\":\"192.0.2.1\",\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":{\"range\":[\"192.0.2.1\",\"192.0.2.9\"]},\"expires\":9,\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":{\"prefix\":{\"addr\":\"192.0.2.0\",\"len\":99}},\"expires\":9,\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":null,\"expires\":9,\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":{\"concat\":[33,\"192.0.2.1\"]},\"expires\":9,\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":\"host\",\"expires\":9,\"counter\":{\"packets\":0,\"bytes\":0}}}",
                "{\"elem\":{\"val\":\"192.0.2.1\",\"expires\":9}}",
                "7")) {
            String list = "{\"nftables\":[{\"set\":{\"name\":\"remote4\",\"elem\":[" + element
                    + "]}},{\"set\":{\"name\":\"theirs\",\"elem\":[1]}},{\"set\":{\"name\":\"uid\"}}]}";
            nft.answer = new CommandResult.Finished(0, list, "");

            assertThat(enforcer.list())
                    .as(element)
                    .isEqualTo(new Listing.Seen(new ActionObservation.BlocksSeen(NOW, List.of())));
        }
    }

    @Test
    void removingTheTableSaysWhatWentWrong() {
        assertThat(enforcer.removeTables()).isEmpty();

        nft.answer = failed("Operation not permitted (you must be root)\n");
        assertThat(enforcer.removeTables())
                .hasValueSatisfying(reason -> assertThat(reason).contains("CAP_NET_ADMIN"));
    }

    private String elementOf(BlockTarget target) {
        String undo = enforcer.plan(new NetworkStep.Block(target, Duration.ofMinutes(10)))
                .undo();
        return undo.substring("nft delete element inet outguard ".length());
    }

    private String timeOf(Duration length) {
        String command = enforcer.plan(new NetworkStep.Block(FLOOD, length)).command();
        return command.replaceFirst(".* timeout ", "").replace(" }'", "");
    }

    private String failure(CommandResult answer) {
        nft.answer = answer;
        Outcome outcome = run(enforcer, block(FLOOD));
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        return outcome.detail();
    }

    private static CommandResult failed(String stderr) {
        return new CommandResult.Finished(1, "", stderr);
    }

    private static Action block(BlockTarget target) {
        return new Action(
                "a-1", NOW, "test", "", new NetworkStep.Block(target, Duration.ofMinutes(10)), new Action.Plan("", ""));
    }

    private static Action unblock(BlockTarget target) {
        return new Action("a-2", NOW, "test", "", new NetworkStep.Unblock(target, "a-1"), new Action.Plan("", ""));
    }

    static BlockTarget target(int uid, String remote, int prefix, Protocol protocol, int port) {
        return new BlockTarget(
                Optional.ofNullable(remote)
                        .map(text ->
                                new BlockTarget.Remote(IpAddress.parse(text).orElseThrow(), prefix)),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                Optional.ofNullable(protocol),
                uid < 0 ? OptionalInt.empty() : OptionalInt.of(uid));
    }

    /** Takes down what it is to run, and answers what it is told. */
    @Test
    void limitsThatAnEarlierVersionMadeGetRulesUnderTodaysName() {
        nft.former = true;
        run(enforcer, block(FLOOD));
        assertThat(nft.inputs.get(0))
                .contains("add rule inet outguard limited meta skuid @limit_uid meta skuid @over_uid drop")
                .contains("delete chain inet outguard limits\n");
        // It is one transaction with the block; after it nothing has to be asked.
        nft.former = false;
        run(enforcer, block(FLOOD));
        assertThat(nft.inputs.get(1)).doesNotContain("limits\n");
    }

    @Test
    void whatAnNftCannotListIsTakenBack() {
        BlockTarget network = target(33, "192.0.2.0", 24, null, 0);
        List<String> scripts = new ArrayList<>();
        NftEnforcer crashing = new NftEnforcer(
                (argv, stdin, limit) -> {
                    scripts.add(stdin);
                    return argv.contains("list table inet outguard")
                            ? new CommandResult.Finished(139, "", "")
                            : new CommandResult.Finished(0, "{\"nftables\": []}", "");
                },
                List.of("nft"),
                Clock.fixed(NOW, ZoneOffset.UTC),
                Hooks.NONE);

        Outcome outcome = run(crashing, block(network));

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail())
                .startsWith("this nft cannot list a network beside a user")
                .doesNotContain("stands");
        assertThat(scripts.get(scripts.size() - 1)).isEqualTo("flush set inet outguard uid_net4\n");
        // A shape that it can list is not looked for.
        assertThat(run(crashing, block(FLOOD)).result()).isEqualTo(Outcome.Result.DONE);
    }

    @Test
    void anNftWithoutControlGroupsSaysSo() {
        nft.answer = new CommandResult.Finished(1, "", """
                /proc/self/fd/0:57:51-59: Error: unknown datatype cgroupsv2
                add set inet outguard cgroup1_remote_port4 { type cgroupsv2 . ipv4_addr; counter; }
                """);
        assertThat(run(enforcer, block(FLOOD)).detail())
                .isEqualTo("this nft cannot match control groups (nft 1.0 can)");
    }

    /* Linux 6.12.117 with nft 1.0.6. */
    @Test
    void whereTheKernelRefusesTheProtocolBesideANetworkItIsTakenFromTheHeader() {
        List<String> scripts = new ArrayList<>();
        CommandRunner strict = (command, input, limit) -> {
            scripts.add(input);
            return input.matches("(?s).*meta l4proto[^\n]* @\\w*net_.*")
                    ? new CommandResult.Finished(1, "", """
                            /proc/self/fd/0:88:53-66: Error: Could not process rule: Operation not supported
                            add rule inet outguard blocks meta skuid . ip daddr . meta l4proto . th dport @uid_net_port4 goto refuse
                                                                      ^^^^^^^^^^^^^^
                            """)
                    : new CommandResult.Finished(0, "", "");
        };
        NftEnforcer careful = new NftEnforcer(strict, List.of("nft"), Clock.fixed(NOW, ZoneOffset.UTC), Hooks.NONE);

        assertThat(run(careful, block(FLOOD)).result()).isEqualTo(Outcome.Result.DONE);
        String taken = scripts.get(scripts.size() - 1);
        assertThat(taken)
                .contains("meta skuid . ip daddr . ip protocol . th dport @uid_net_port4 ")
                .contains("ip6 daddr . ip6 nexthdr @net_proto6 ")
                .contains("meta skuid . ip daddr . meta l4proto . th dport @uid_remote_port4 ")
                .contains("add element");
        // From then on at once.
        int before = scripts.size();
        run(careful, block(FLOOD));
        assertThat(scripts.subList(before, scripts.size()))
                .filteredOn(script -> script.contains("add element"))
                .hasSize(1);
    }

    @Test
    void aKernelWithoutControlGroupsSaysSo() {
        CommandRunner old = (argv, script, limit) -> {
            List<String> lines = script.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("socket cgroupv2")) {
                    return new CommandResult.Finished(
                            1,
                            "",
                            "/proc/self/fd/0:" + (i + 1)
                                    + ":39-61: Error: Could not process rule: Operation not supported\n");
                }
            }
            return new CommandResult.Finished(0, "", "");
        };
        NftEnforcer before513 = new NftEnforcer(old, List.of("nft"), Clock.fixed(NOW, ZoneOffset.UTC), Hooks.NONE);
        BlockTarget service = new BlockTarget(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of("system.slice/x.service"));
        assertThat(run(before513, block(service)).detail())
                .startsWith("this kernel cannot match control groups in nft (Linux 5.13 can)");
    }

    private static final class FakeNft implements CommandRunner {
        final List<List<String>> ran = new ArrayList<>();
        final List<String> inputs = new ArrayList<>();
        boolean former;
        CommandResult answer = new CommandResult.Finished(0, "", "");

        @Override
        public CommandResult run(List<String> argv, String stdin, Duration limit) {
            if (argv.contains("list chains")) {
                return new CommandResult.Finished(0, former ? FORMER_CHAINS : "{\"nftables\": []}", "");
            }
            ran.add(argv);
            inputs.add(stdin);
            return argv.contains("list table netdev outguard")
                    ? new CommandResult.Finished(0, "{\"nftables\":[]}", "")
                    : answer;
        }
    }

    /* Of an earlier version's table, and of somebody else's that is called so too. */
    private static final String FORMER_CHAINS = """
            {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},\
             {"chain": {"family": "inet", "table": "outguard", "name": "blocks", "handle": 5}},\
             {"chain": {"family": "inet", "table": "outguard", "name": "limits", "handle": 6}},\
             {"chain": {"family": "ip", "table": "filter", "name": "limits", "handle": 2}}]}
            """;

    /* As nft 1.0.6 prints it; a time that equals the set's own is left out by it. */
    private static final String RECORDED_LIST = """
            {"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "outguard", "handle": 1}}, {"set": {"family": "inet", "name": "net4", "table": "outguard", "type": "ipv4_addr", "handle": 1, "size": 65535, "flags": ["interval", "timeout"], "timeout": 600, "elem": [{"elem": {"val": {"prefix": {"addr": "192.0.2.0", "len": 24}}, "timeout": 420, "expires": 419, "counter": {"packets": 0, "bytes": 0}}}], "stmt": [{"counter": null}]}}, {"set": {"family": "inet", "name": "remote4", "table": "outguard", "type": "ipv4_addr", "handle": 2, "size": 65535, "flags": ["timeout"], "timeout": 600, "elem": [{"elem": {"val": "192.0.2.1", "expires": 599, "counter": {"packets": 12, "bytes": 684}}}], "stmt": [{"counter": null}]}}, {"set": {"family": "inet", "name": "uid_remote_port4", "table": "outguard", "type": ["uid", "ipv4_addr", "inet_proto", "inet_service"], "handle": 3, "size": 65535, "flags": ["timeout"], "timeout": 600, "elem": [{"elem": {"val": {"concat": [33, "192.0.2.1", "udp", 80]}, "timeout": 420, "expires": 419, "counter": {"packets": 173000, "bytes": 9861000}}}], "stmt": [{"counter": null}]}}, {"set": {"family": "inet", "name": "uid_net_port6", "table": "outguard", "type": ["uid", "ipv6_addr", "inet_proto", "inet_service"], "handle": 4, "size": 65535, "flags": ["interval", "timeout"], "timeout": 600, "elem": [{"elem": {"val": {"concat": [33, {"prefix": {"addr": "2001:db8::", "len": 32}}, "udp", 80]}, "timeout": 420, "expires": 5, "counter": {"packets": 1, "bytes": 77}}}], "stmt": [{"counter": null}]}}]}
            """;

    private static Outcome run(NftEnforcer enforcer, Action action) {
        return enforcer.run(action, (NetworkStep) action.step());
    }
}
