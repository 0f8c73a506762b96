package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;
import org.outguard.guard.policy.MailLimits;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.TrafficLimits;

/** What a policy file may say, and how it is told what it may not. */
class PolicyFileTest {

    private static final Set<IpAddress> RESOLVERS =
            Set.of(IpAddress.parse("192.0.2.53").orElseThrow());
    private static final Policy DEFAULTS = Policy.defaults(RESOLVERS);
    private static final Policy OTHER = new Policy(
            new Policy.Packets(1, 1, 1, 1, 1),
            new Policy.Connects(1, 1, 1, 1),
            new Policy.Known(1, RESOLVERS, Set.of("a"), Set.of("b"), Set.of("c")),
            1,
            otherMail(),
            otherTraffic(),
            new NeverBlock(Set.of(), List.of()));

    @TempDir
    Path folder;

    private static TrafficLimits otherTraffic() {
        return new TrafficLimits(
                Arrays.stream(TrafficLimits.Figure.values())
                        .collect(Collectors.toMap(figure -> figure, figure -> new MailLimits.Pair(1, 1))),
                Set.of(1),
                Set.of(1),
                Set.of(),
                Set.of(1));
    }

    private static MailLimits otherMail() {
        MailLimits.Pair one = new MailLimits.Pair(1, 1);
        return new MailLimits(one, one, one, one, one, one, one, 1, new MailLimits.QueueLimits(1, 1, 2, 1));
    }

    @Test
    void theFileThatIsShippedSaysTheDefaults() {
        assertThat(PolicyFile.read(Path.of("packaging/outguard.toml"), OTHER))
                .isEqualTo(new PolicyResult.Read(DEFAULTS));
    }

    @Test
    void whatTheFileDoesNotSayStaysAsItWas() throws IOException {
        assertThat(read("")).isEqualTo(new PolicyResult.Read(DEFAULTS));
        assertThat(read("[limits]\noffending_pps = 20000\n[services]\nresolvers = [\"2001:db8::53\"]\n"))
                .isInstanceOfSatisfying(PolicyResult.Read.class, read -> {
                    assertThat(read.policy().offending()).isEqualTo(20_000);
                    assertThat(read.policy().suspectInAll()).isEqualTo(DEFAULTS.suspectInAll());
                    assertThat(read.policy().resolvers()).containsExactly(IpAddress.v6(0x20010db800000000L, 0x53));
                });
    }

    @Test
    void feedsAreFilesAndTheirBlockIsARule() throws IOException {
        assertThat(read("[feeds]\nfiles = [\"/var/lib/feeds/drop.txt\"]\n"))
                .isInstanceOfSatisfying(PolicyResult.Read.class, read -> {
                    assertThat(read.feeds())
                            .isEqualTo(new FeedPolicy(List.of(Path.of("/var/lib/feeds/drop.txt")), false));
                    assertThat(read.rules()).isEmpty();
                });
        assertThat(read("[feeds]\nfiles = [\"/a\"]\nblock = true\n"))
                .isInstanceOfSatisfying(
                        PolicyResult.Read.class,
                        read -> assertThat(read.rules()).singleElement().satisfies(rule -> {
                            assertThat(rule.kinds()).containsExactly(OffenceKind.LISTED);
                            assertThat(rule.reaction()).isEqualTo(ResponseRule.Reaction.BLOCK);
                            assertThat(rule.scope()).isEqualTo(ResponseRule.Scope.REMOTE);
                        }));
        assertThat(errors("[feeds]\nfiles = [\"drop.txt\"]\nblock = 1\nfile = \"/a\"\n"))
                .containsExactly(
                        "policy.toml:2: feeds.files: 'drop.txt' is no absolute path of a file",
                        "policy.toml:3: feeds.block: must be true or false",
                        "policy.toml:4: feeds.file: unknown; did you mean feeds.files?");
        assertThat(errors("[feeds]\nblock = true\n"))
                .containsExactly("policy.toml:2: feeds.block: blocks nothing while feeds.files names no file");
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesTheNearest() throws IOException {
        assertThat(errors("[limits]\nofending_pps = 1\n"))
                .containsExactly("policy.toml:2: limits.ofending_pps: unknown; did you mean limits.offending_pps?");
        assertThat(errors("[limit]\n")).containsExactly("policy.toml:1: limit: unknown; did you mean [limits]?");
        assertThat(errors("limits = 3\n")).containsExactly("policy.toml:1: limits: is a section: [limits]");
    }

    @Test
    void everyErrorIsFoundAtOnceInTheOrderOfTheFile() throws IOException {
        assertThat(errors("""
                [services]
                resolvers = ["192.0.2.1", "dns.example"]
                users = ["", 5]
                [limits]
                offending_pps = 0
                suspect_in_all_pps = "many"
                """))
                .containsExactly(
                        "policy.toml:2: services.resolvers: 'dns.example' is no IP address",
                        "policy.toml:3: services.users: entry 1 must be a text, not empty",
                        "policy.toml:3: services.users: entry 2 must be a text, not empty",
                        "policy.toml:5: limits.offending_pps: must be a whole number from 1 to 1000000000",
                        "policy.toml:6: limits.suspect_in_all_pps: must be a whole number from 1 to 1000000000");
    }

    @Test
    void portsAreNumbersOfPorts() throws IOException {
        assertThat(errors("[limits]\nattacked_ports = [22, 0, \"ssh\", 70000]\n"))
                .containsExactly(
                        "policy.toml:2: limits.attacked_ports: entry 2 must be a port, 1 to 65535",
                        "policy.toml:2: limits.attacked_ports: entry 3 must be a port, 1 to 65535",
                        "policy.toml:2: limits.attacked_ports: entry 4 must be a port, 1 to 65535");
        assertThat(errors("[limits]\nattacked_ports = 22\n"))
                .containsExactly("policy.toml:2: limits.attacked_ports: must be a list of at most 1000 ports");
    }

    @Test
    void whatIsNeverBlockedIsNamedByWordsAddressesAndNetworks() throws IOException {
        assertThat(read("[safety]\nnever_block = [\"gateway\", \"logins\", \"192.0.2.0/24\", \"2001:db8::1\"]\n"))
                .isInstanceOfSatisfying(PolicyResult.Read.class, read -> {
                    assertThat(read.policy().neverBlock().sources())
                            .containsExactlyInAnyOrder(NeverBlock.Source.GATEWAY, NeverBlock.Source.LOGINS);
                    assertThat(read.policy().neverBlock().networks())
                            .extracting(Object::toString)
                            .containsExactly("192.0.2.0/24", "2001:db8::1");
                });
        assertThat(read("[safety]\nnever_block = []\n"))
                .isInstanceOfSatisfying(
                        PolicyResult.Read.class,
                        read -> assertThat(read.policy().neverBlock()).isEqualTo(new NeverBlock(Set.of(), List.of())));
        assertThat(errors("[safety]\nnever_block = [\"gatway\", \"192.0.2.1/24\"]\n"))
                .containsExactly(
                        "policy.toml:2: safety.never_block: 'gatway' is no address or network, and none of gateway, resolvers,"
                                + " relayhost, logins, deliveries",
                        "policy.toml:2: safety.never_block: '192.0.2.1/24' is no address or network, and none of gateway,"
                                + " resolvers, relayhost, logins, deliveries");
    }

    @Test
    void aSuspectLimitAboveTheOffendingOneIsAnError() throws IOException {
        assertThat(errors("[limits]\nsuspect_in_all_pps = 20000\n"))
                .containsExactly("policy.toml:2: limits.suspect_in_all_pps: 20000 is above limits.offending_pps, "
                        + "which is 10000");
    }

    @Test
    void limitsOfMailAreKeysLikeOthers() throws IOException {
        assertThat(read("[mail]\noffending_recipients_per_minute = 60\n[queue]\nalarm_oldest_minutes = 240\n"))
                .isInstanceOfSatisfying(PolicyResult.Read.class, read -> {
                    MailLimits mail = read.policy().mail();
                    assertThat(mail.recipients()).isEqualTo(new MailLimits.Pair(100, 60));
                    assertThat(mail.queue().oldestMinutes()).isEqualTo(240);
                    assertThat(mail.bounces()).isEqualTo(MailLimits.DEFAULTS.bounces());
                });
        assertThat(errors("""
                [mail]
                suspect_failure_percent = 101
                suspect_queue = 5
                [queue]
                alarm_growth_factor = 1
                """))
                .containsExactly(
                        "policy.toml:2: mail.suspect_failure_percent: must be a whole number from 1 to 100",
                        "policy.toml:3: mail.suspect_queue: unknown; did you mean mail.suspect_queued?",
                        "policy.toml:5: queue.alarm_growth_factor: must be a whole number from 2 to 10000");
        assertThat(errors("[mail]\nsuspect_queued = 3000\n"))
                .containsExactly(
                        "policy.toml:2: mail.suspect_queued: 3000 is above mail.offending_queued, which is 2000");
    }

    @Test
    void whatIsNoTomlIsAnErrorWithItsLine() throws IOException {
        assertThat(errors("[limits]\noffending_pps = = 1\n")).first().asString().startsWith("policy.toml:2: ");
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        Path binary = folder.resolve("binary.toml");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThat(PolicyFile.read(binary, DEFAULTS)).asString().contains("not UTF-8");
        assertThat(PolicyFile.read(folder.resolve("none.toml"), DEFAULTS))
                .asString()
                .contains("no such file");
        assertThat(PolicyFile.read(folder, DEFAULTS)).isInstanceOf(PolicyResult.Invalid.class);
        assertThat(PolicyFile.read(Path.of("/dev/zero"), DEFAULTS)).asString().contains("longer than");
    }

    private PolicyResult read(String text) throws IOException {
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, text);
        return PolicyFile.read(file, DEFAULTS);
    }

    private List<String> errors(String text) throws IOException {
        assertThat(read(text)).isInstanceOf(PolicyResult.Invalid.class);
        return ((PolicyResult.Invalid) read(text))
                .errors().stream()
                        .map(fault -> fault.toString().replace(folder + "/", ""))
                        .toList();
    }
}
