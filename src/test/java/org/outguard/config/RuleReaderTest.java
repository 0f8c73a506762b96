package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;

/** What a policy does without being asked, from its file. */
class RuleReaderTest {

    @TempDir
    private Path folder;

    /* What the kernel answers: no rule does more than tell of it. */
    private static final int REFLECTED = 1;

    @Test
    void aRuleInFull() throws IOException {
        assertThat(rules("""
                [[rule]]
                name = "floods"
                kind = ["UDP_FLOOD", "ICMP_FLOOD"]
                verdict = "SUSPECT"
                above_pps = 20000
                exempt_users = ["backup"]
                exempt_remotes = ["192.0.2.0/24", "2001:db8::1"]
                do = "limit"
                scope = "remote"
                rate = 100
                for = "2h"
                at_most_per_hour = 3
                """))
                .containsExactly(new ResponseRule(
                        "floods",
                        Set.of(OffenceKind.UDP_FLOOD, OffenceKind.ICMP_FLOOD),
                        Verdict.SUSPECT,
                        20_000,
                        Set.of("backup"),
                        List.of(
                                BlockTarget.Remote.parse("192.0.2.0/24").orElseThrow(),
                                BlockTarget.Remote.parse("2001:db8::1").orElseThrow()),
                        ResponseRule.Reaction.LIMIT,
                        ResponseRule.Scope.REMOTE,
                        100,
                        Duration.ofHours(2),
                        3));
    }

    @Test
    void whatARuleLeavesOutHasADefault() throws IOException {
        int kindsOfPackets = OffenceKind.values().length - ResponseRule.MAIL_KINDS.size() - REFLECTED;
        assertThat(rules("[[rule]]\ndo = \"block\"\n[[rule]]\ndo = \"hold\"\n"))
                .extracting(
                        ResponseRule::name,
                        ResponseRule::verdict,
                        ResponseRule::length,
                        rule -> rule.kinds().size())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "rule-1", Verdict.OFFENDING, Duration.ofMinutes(10), kindsOfPackets),
                        org.assertj.core.groups.Tuple.tuple("rule-2", Verdict.OFFENDING, Duration.ofMinutes(10), 3));
    }

    @Test
    void everyFaultIsNamedWithItsLine() throws IOException {
        assertThat(faults("""
                [[rule]]
                name = "one"
                kind = "FLOOD"
                do = "shoot"

                [[rule]]
                name = "one"
                do = "limit"
                for = "soon"
                exempt_remotes = ["example.org"]
                at_most_per_hour = 0
                speed = 3

                [[rule]]
                kind = ["SUBMISSION_BURST"]
                do = "freeze"
                verdict = "CLEAN"
                """))
                .satisfiesExactly(
                        fault -> assertThat(fault).startsWith("policy.toml:3: rule.kind: 'FLOOD' is none of UDP_FLOOD"),
                        fault -> assertThat(fault).startsWith("policy.toml:4: rule.do: 'shoot' is none of alert"),
                        fault -> assertThat(fault).startsWith("policy.toml:6: rule.rate: is missing"),
                        fault -> assertThat(fault).startsWith("policy.toml:7: rule.name: "),
                        fault -> assertThat(fault).startsWith("policy.toml:9: rule.for: must be a time"),
                        fault -> assertThat(fault)
                                .isEqualTo("policy.toml:10: rule.exempt_remotes:"
                                        + " 'example.org' is no address or network"),
                        fault -> assertThat(fault).startsWith("policy.toml:11: rule.at_most_per_hour: must be"),
                        fault -> assertThat(fault).startsWith("policy.toml:12: rule.speed: unknown"),
                        fault -> assertThat(fault).contains(":15: rule.kind: nothing can be done about SUBMISSION"),
                        fault -> assertThat(fault).startsWith("policy.toml:17: rule.verdict: 'CLEAN' is none"));
        assertThat(faults("rule = 3\n")).containsExactly("policy.toml:1: rule: is a list of tables: [[rule]]");
    }

    private List<ResponseRule> rules(String text) throws IOException {
        PolicyResult result = read(text);
        assertThat(result).isInstanceOf(PolicyResult.Read.class);
        return ((PolicyResult.Read) result).rules();
    }

    private List<String> faults(String text) throws IOException {
        PolicyResult result = read(text);
        assertThat(result).isInstanceOf(PolicyResult.Invalid.class);
        return ((PolicyResult.Invalid) result)
                .errors().stream()
                        .map(fault -> fault.toString().replace(folder + "/", ""))
                        .toList();
    }

    private PolicyResult read(String text) throws IOException {
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, text);
        return PolicyFile.read(file, Policy.defaults(Set.of()));
    }
}
