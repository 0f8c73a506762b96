package org.outguard.app.actor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.ResponseRule;

/**
 * What an unprivileged watcher may ask for: what some rule of the policy does, and nothing wider or longer. So whoever takes the watcher
 * over can do what the policy would have done to somebody, and no more.
 *
 * @param rules of the policy in force
 * @param mailUsers users that are never banned by a rule, beside root
 * @param userOf name of a user by its number
 */
public record RuleBounds(List<ResponseRule> rules, Set<String> mailUsers, IntFunction<String> userOf) {

    /** However many a rule allows. */
    private static final int MOST_AN_HOUR = 200;

    public RuleBounds {
        rules = List.copyOf(rules);
        mailUsers = Set.copyOf(mailUsers);
    }

    /** How many actions an hour may be asked for: as many as the most active rule does. */
    int mostAnHour() {
        return Math.min(
                MOST_AN_HOUR,
                rules.stream().mapToInt(ResponseRule::mostAnHour).max().orElse(0));
    }

    /** Why no rule does that; empty where one does. */
    Optional<String> refusal(Step step) {
        return rules.stream().anyMatch(rule -> does(rule, step))
                ? Optional.empty()
                : Optional.of("no rule of the policy does that");
    }

    private boolean does(ResponseRule rule, Step step) {
        return switch (rule.reaction()) {
            case ALERT -> false;
            case BLOCK -> step instanceof NetworkStep.Block block && does(rule, block);
            case LIMIT ->
                step instanceof NetworkStep.Limit limit && limit.packetsPerSecond() == rule.rate() && does(rule, limit);
            case FREEZE -> step instanceof ProcessStep.Freeze freeze && freeze.scope() == ProcessStep.Scope.PROCESS;
            case HOLD ->
                step instanceof MessageStep.Hold hold && !hold.messages().isEmpty();
            case BAN ->
                step instanceof RestrictionStep.Impose impose
                        && impose.on() instanceof MailRestriction.Banned banned
                        && mayBan(rule, banned.user());
        };
    }

    private boolean does(ResponseRule rule, NetworkStep.Timed step) {
        Duration length = step.duration();
        BlockTarget target = step.target();
        return !length.isNegative()
                && !length.isZero()
                && length.compareTo(rule.length()) <= 0
                && fits(rule.scope(), target)
                && target.uid().stream().mapToObj(userOf).noneMatch(rule.exemptUsers()::contains)
                && target.remote().stream()
                        .noneMatch(to -> rule.exemptRemotes().stream().anyMatch(net -> net.contains(to.address())));
    }

    /* A block of an address by a rule is of that one address and of the offence's protocol alone; none is of root or of a client. */
    private static boolean fits(ResponseRule.Scope scope, BlockTarget target) {
        boolean narrow = target.client().isEmpty()
                && target.uid().orElse(-1) != 0
                && (target.remote().isEmpty()
                        || target.remote().get().single() && target.protocol().isPresent());
        return narrow
                && switch (scope) {
                    case NARROWEST -> true;
                    case REMOTE -> !target.ofSomeSender() && target.port().isEmpty();
                    case USER -> target.uid().isPresent() && target.remote().isEmpty();
                };
    }

    /* A number is a name, too, for whoever looks a user up. */
    private boolean mayBan(ResponseRule rule, String user) {
        return !user.equals("root")
                && !user.matches("\\d+")
                && !mailUsers.contains(user)
                && !rule.exemptUsers().contains(user);
    }
}
