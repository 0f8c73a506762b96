package org.outguard.nft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.LockdownStep;

/**
 * The part of our table that lets only listed traffic out while its switch is on. The switch is a pair of set elements,
 * one for IPv4 and one for IPv6, on which the jump to the chain depends. Until the lockdown is confirmed they have a
 * time, so that it ends even if nobody is left to end it.
 *
 * <p>Answers of services go by the port of the machine, not by connection tracking: a connection that was there before
 * tracking began is taken for one of whichever side is seen first.
 */
final class Lockdown {

    static final String CHAIN = "lockdown";
    static final String FORWARD_CHAIN = "lockdown_forward";
    static final String SWITCH = "lockdown_on";
    static final String COUNTER = "lockdown_dropped";

    /** Matches while the lockdown is in force. */
    static final String IN_FORCE = "meta nfproto @" + SWITCH;

    private static final String KEPT_IN = "counter name " + COUNTER + " ";

    private Lockdown() {}

    /** Makes the switch, turned off, and the counter, where they are not there. */
    static List<String> parts() {
        return List.of(
                "add set " + Ruleset.INET + " " + SWITCH + " { type nf_proto; flags timeout; }",
                "add counter " + Ruleset.INET + " " + COUNTER);
    }

    /** Lets only what is listed out. Everything that is needed is made before, see {@link Ruleset#hooksOnly}. */
    static List<String> begin(LockdownStep.Lockdown step) {
        List<String> commands = new ArrayList<>();
        commands.add("flush chain " + Ruleset.INET + " " + CHAIN);
        commands.add("flush chain " + Ruleset.INET + " " + FORWARD_CHAIN);
        rules(step.allowed()).forEach(rule -> commands.add("add rule " + Ruleset.INET + " " + CHAIN + " " + rule));
        for (String rule : List.of("ct direction reply accept", KEPT_IN + "drop")) {
            commands.add("add rule " + Ruleset.INET + " " + FORWARD_CHAIN + " " + rule);
        }
        String on = on(step.confirmWithin());
        // Added twice with a delete between: the first may find one that is there with another time.
        commands.add(on);
        commands.add("delete element " + Ruleset.INET + " " + SWITCH + " { ipv4, ipv6 }");
        commands.add(on);
        return commands;
    }

    /** Turns the switch on, as a person types it. */
    static String on(Optional<Duration> within) {
        String time = within.map(length -> " timeout " + NftTime.words(NftTime.seconds(length)))
                .orElse("");
        return "add element " + Ruleset.INET + " " + SWITCH + " { ipv4" + time + ", ipv6" + time + " }";
    }

    /** Turns it off, as a person types it. */
    static String off() {
        return "flush set " + Ruleset.INET + " " + SWITCH;
    }

    /** Turns it off and empties its chains; an error where our table is not there. */
    static List<String> end() {
        return List.of(
                off(),
                "flush chain " + Ruleset.INET + " " + CHAIN,
                "flush chain " + Ruleset.INET + " " + FORWARD_CHAIN,
                "reset counter " + Ruleset.INET + " " + COUNTER);
    }

    private static List<String> rules(List<AllowRule> allowed) {
        List<String> rules = new ArrayList<>();
        // Without neighbour discovery IPv6 does not work at all (RFC 4861); the rest tells others what is wrong.
        rules.add("icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report,"
                + " mld2-listener-report, echo-reply, destination-unreachable, packet-too-big, time-exceeded,"
                + " parameter-problem } accept");
        rules.add("icmp type { echo-reply, destination-unreachable, time-exceeded, parameter-problem } accept");
        allowed.forEach(allowRule -> rules.add(match(allowRule) + " accept"));
        rules.add("meta l4proto tcp " + KEPT_IN + "reject with tcp reset");
        rules.add(KEPT_IN + "drop");
        return rules;
    }

    private static String match(AllowRule allowRule) {
        StringBuilder match = new StringBuilder();
        allowRule
                .uid()
                .ifPresent(uid -> match.append("meta skuid ")
                        .append(Integer.toUnsignedString(uid))
                        .append(' '));
        allowRule
                .address()
                .ifPresent(to -> match.append(to.v6() ? "ip6 daddr " : "ip daddr ")
                        .append(to)
                        .append(' '));
        return match.append(allowRule.protocol().word())
                .append(allowRule.kind() == AllowRule.Kind.FROM ? " sport " : " dport ")
                .append(allowRule.port())
                .toString();
    }
}
