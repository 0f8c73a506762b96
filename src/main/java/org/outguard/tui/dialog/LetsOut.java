package org.outguard.tui.dialog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Allowance;
import org.outguard.text.SafeText;

/** What a lockdown lets out, in as few lines as it can be said: {@code "postfix (uid 107): tcp 25, 465, 587"}. */
final class LetsOut {

    private LetsOut() {}

    /**
     * A line for each user, for each address, for SSH and for all other services together; in the order of the list, safe to
     * print.
     */
    static List<String> lines(List<Allowance> allowed) {
        Map<String, List<Allowance>> groups =
                allowed.stream().collect(Collectors.groupingBy(LetsOut::who, LinkedHashMap::new, Collectors.toList()));
        return Stream.concat(
                        Stream.of("loopback, answers to pings, what IPv6 needs to work"),
                        groups.values().stream().map(group -> SafeText.clean(title(group) + ": " + ports(group))))
                .toList();
    }

    private static String who(Allowance allowance) {
        String service = allowance.kind() == Allowance.Kind.FROM ? allowance.why() : "";
        return allowance.kind() + " " + allowance.uid() + " " + allowance.address() + " " + service;
    }

    private static String title(List<Allowance> group) {
        Allowance first = group.get(0);
        if (first.uid().isEmpty()) {
            return first.why()
                    + first.address().map(address -> " at " + address).orElse("");
        }
        String to = first.address().map(address -> " to " + address).orElse("");
        String uid = "uid " + Integer.toUnsignedString(first.uid().getAsInt());
        return name(group).map(name -> name + " (" + uid + ")").orElse(uid) + to;
    }

    /* Reasons begin with the user's name, as in "postfix delivers mail". */
    private static Optional<String> name(List<Allowance> group) {
        List<String> names = group.stream()
                .map(allowance -> allowance.why().split(" ", 2)[0])
                .distinct()
                .toList();
        return names.size() == 1 ? Optional.of(names.get(0)).filter(name -> !name.isEmpty()) : Optional.empty();
    }

    private static String ports(List<Allowance> group) {
        return Stream.of(Protocol.TCP, Protocol.UDP)
                .map(protocol -> ports(group, protocol))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String ports(List<Allowance> group, Protocol protocol) {
        String ports = group.stream()
                .filter(allowance -> allowance.protocol() == protocol)
                .map(Allowance::port)
                .sorted()
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return ports.isEmpty() ? "" : protocol.word() + " " + ports;
    }
}
