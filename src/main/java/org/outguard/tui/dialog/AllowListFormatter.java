package org.outguard.tui.dialog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.AllowRule;
import org.outguard.text.SafeText;

/** What a lockdown lets out, in as few lines as it can be said: {@code "postfix (uid 107): tcp 25, 465, 587"}. */
final class AllowListFormatter {

    private AllowListFormatter() {}

    /**
     * A line for each user, for each address, for SSH and for all other services together; in the order of the list, safe to
     * print.
     */
    static List<String> lines(List<AllowRule> allowed) {
        Map<String, List<AllowRule>> groups = allowed.stream()
                .collect(Collectors.groupingBy(AllowListFormatter::who, LinkedHashMap::new, Collectors.toList()));
        return Stream.concat(
                        Stream.of("loopback, answers to pings, what IPv6 needs to work"),
                        groups.values().stream().map(group -> SafeText.clean(title(group) + ": " + ports(group))))
                .toList();
    }

    private static String who(AllowRule allowRule) {
        String service = allowRule.kind() == AllowRule.Kind.FROM ? allowRule.why() : "";
        return allowRule.kind() + " " + allowRule.uid() + " " + allowRule.address() + " " + service;
    }

    private static String title(List<AllowRule> group) {
        AllowRule first = group.get(0);
        if (first.uid().isEmpty()) {
            return first.why()
                    + first.address().map(address -> " at " + address).orElse("");
        }
        String to = first.address().map(address -> " to " + address).orElse("");
        String uid = "uid " + Integer.toUnsignedString(first.uid().getAsInt());
        return name(group).map(name -> name + " (" + uid + ")").orElse(uid) + to;
    }

    /* Reasons begin with the user's name, as in "postfix delivers mail". */
    private static Optional<String> name(List<AllowRule> group) {
        List<String> names = group.stream()
                .map(allowRule -> allowRule.why().split(" ", 2)[0])
                .distinct()
                .toList();
        return names.size() == 1 ? Optional.of(names.get(0)).filter(name -> !name.isEmpty()) : Optional.empty();
    }

    private static String ports(List<AllowRule> group) {
        return Stream.of(Protocol.TCP, Protocol.UDP)
                .map(protocol -> ports(group, protocol))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String ports(List<AllowRule> group, Protocol protocol) {
        String ports = group.stream()
                .filter(allowRule -> allowRule.protocol() == protocol)
                .map(AllowRule::port)
                .sorted()
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return ports.isEmpty() ? "" : protocol.word() + " " + ports;
    }
}
