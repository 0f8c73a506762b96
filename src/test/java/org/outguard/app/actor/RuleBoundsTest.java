package org.outguard.app.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.ResponseRule.Reaction;
import org.outguard.guard.policy.ResponseRule.Scope;
import org.outguard.mail.QueueId;
import org.outguard.owner.ProcessId;

/** A watcher may ask for what a rule does, and for nothing wider, longer or else. */
class RuleBoundsTest {

    private static final ProcessId PROCESS = new ProcessId(4711, 99);
    private static final MessageStep.MessageRef MESSAGE =
            new MessageStep.MessageRef(new QueueId("", "postfix", "878D313894B"), Instant.EPOCH, "");

    private static boolean allows(Reaction reaction, Scope scope, Step step) {
        return bounds(ActorBench.rule(reaction, scope, 10)).refusal(step).isEmpty();
    }

    private static RuleBounds bounds(ResponseRule... rules) {
        return new RuleBounds(List.of(rules), Set.of("postfix"), uid -> uid == 34 ? "backup" : "somebody");
    }

    private static Step block(String remote, int port, String protocol, long uid, String cgroup, String length) {
        return new NetworkStep.Block(
                BlockTarget.parse(remote, port, protocol, uid, cgroup).orElseThrow(), Duration.parse(length));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.80, 80, udp, 33, '', PT10M, NARROWEST, true",
        "203.0.113.80, -1, udp, -1, '', PT10M, REMOTE, true",
        "'', -1, '', 33, '', PT10M, USER, true",
        "'', 25, tcp, 33, '', PT10M, NARROWEST, true",
        "'', -1, '', -1, system.slice/apache2.service, PT1S, NARROWEST, true",
        // Longer than the rule, endless, over before it begins.
        "203.0.113.80, 80, udp, 33, '', PT10M1S, NARROWEST, false",
        "203.0.113.80, 80, udp, 33, '', PT2562047788015215H, NARROWEST, false",
        "203.0.113.80, 80, udp, 33, '', PT0S, NARROWEST, false",
        "203.0.113.80, 80, udp, 33, '', PT-1S, NARROWEST, false",
        // Wider than any rule: networks, all protocols of an address, root.
        "203.0.113.0/24, -1, udp, -1, '', PT10M, NARROWEST, false",
        "0.0.0.0/0, -1, tcp, -1, '', PT10M, NARROWEST, false",
        "::/0, -1, tcp, -1, '', PT10M, REMOTE, false",
        "203.0.113.80, -1, '', -1, '', PT10M, NARROWEST, false",
        "'', 50022, tcp, 0, '', PT10M, NARROWEST, false",
        "'', -1, '', 0, '', PT10M, USER, false",
        // Not of the rule's scope.
        "203.0.113.80, 80, udp, 33, '', PT10M, REMOTE, false",
        "203.0.113.80, 80, udp, 33, '', PT10M, USER, false",
        "'', -1, '', -1, system.slice, PT10M, USER, false",
        // What the rule leaves alone.
        "198.51.100.7, 80, udp, 33, '', PT10M, NARROWEST, false",
        "203.0.113.80, 80, udp, 34, '', PT10M, NARROWEST, false",
    })
    void ofBlocksByRules(
            String remote,
            int port,
            String protocol,
            long uid,
            String cgroup,
            String length,
            Scope scope,
            boolean may) {
        assertThat(allows(Reaction.BLOCK, scope, block(remote, port, protocol, uid, cgroup, length)))
                .isEqualTo(may);
    }

    @Test
    void eachReactionAllowsItsOwnStepAlone() {
        BlockTarget target = BlockTarget.parse("203.0.113.80", 80, "udp", 33).orElseThrow();
        List<Step> steps = List.of(
                new NetworkStep.Limit(target, 100, Duration.ofMinutes(1)),
                new NetworkStep.Block(target, Duration.ofMinutes(1)),
                new ProcessStep.Freeze(PROCESS, "sh", ProcessStep.Scope.PROCESS),
                new MessageStep.Hold(List.of(MESSAGE)),
                new RestrictionStep.Impose(new MailRestriction.Banned("www-data")));
        List<Reaction> reactions =
                List.of(Reaction.LIMIT, Reaction.BLOCK, Reaction.FREEZE, Reaction.HOLD, Reaction.BAN);
        for (Reaction reaction : Reaction.values()) {
            for (Step step : steps) {
                assertThat(allows(reaction, Scope.NARROWEST, step))
                        .as("%s %s", reaction, step)
                        .isEqualTo(steps.indexOf(step) == reactions.indexOf(reaction));
            }
        }
    }

    @Test
    void noRuleDoesAnythingElse() {
        for (Reaction reaction : Reaction.values()) {
            for (Step step : List.of(
                    new ProcessStep.Freeze(PROCESS, "sh", ProcessStep.Scope.CGROUP),
                    new ProcessStep.Kill(KillTarget.journaled(PROCESS, "sh"), ProcessStep.Scope.PROCESS, "/tmp"),
                    new ProcessStep.Keep(PROCESS, "sh", "/tmp"),
                    new MessageStep.Hold(List.of()),
                    new MessageStep.Delete(List.of(MESSAGE), "/etc/passwd"),
                    new MessageStep.Flush(List.of(), ""),
                    new RestrictionStep.Impose(new MailRestriction.AllHeld()),
                    new RestrictionStep.Impose(new MailRestriction.Banned("root")),
                    new RestrictionStep.Impose(new MailRestriction.Banned("0")),
                    new RestrictionStep.Impose(new MailRestriction.Banned("postfix")),
                    new RestrictionStep.Impose(new MailRestriction.Banned("backup")),
                    new RestrictionStep.Lift(new MailRestriction.Banned("www-data")),
                    new NetworkStep.Block(client("198.51.100.7"), Duration.ofMinutes(1)),
                    new NetworkStep.Block(client("0.0.0.0/0"), Duration.ofMinutes(1)),
                    new NetworkStep.Limit(
                            BlockTarget.parse("203.0.113.80", 80, "udp", 33).orElseThrow(),
                            1,
                            Duration.ofMinutes(1)))) {
                assertThat(allows(reaction, Scope.NARROWEST, step))
                        .as("%s %s", reaction, step)
                        .isFalse();
            }
        }
    }

    private static BlockTarget client(String from) {
        return BlockTarget.ofClient(BlockTarget.Remote.parse(from).orElseThrow());
    }

    @Test
    void theMostActiveRuleSaysHowOftenAndNoneMoreThanTwoHundred() {
        assertThat(bounds().mostAnHour()).isZero();
        assertThat(bounds(
                                ActorBench.rule(Reaction.BLOCK, Scope.NARROWEST, 3),
                                ActorBench.rule(Reaction.BAN, Scope.NARROWEST, 7))
                        .mostAnHour())
                .isEqualTo(7);
        assertThat(bounds(ActorBench.rule(Reaction.BLOCK, Scope.NARROWEST, 100_000))
                        .mostAnHour())
                .isEqualTo(200);
    }
}
