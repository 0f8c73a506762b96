package org.outguard.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.headless.Finding;

/**
 * Whether a UDP service answers whoever asks, so that others are attacked with its answers. By the sockets of the kernel, and by
 * whether a chain of nft at the input hook drops what it does not accept.
 */
final class OpenServices implements Check {

    /** {@code sl: local_address rem_address …} in hexadecimal, of sockets that are not connected. */
    private static final Pattern SOCKET =
            Pattern.compile("\\s*\\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) 0+:0000 .*");

    private static final Pattern CLOSED_INPUT = Pattern.compile("hook input\\b[^;]*;\\s*policy drop");

    @Override
    public List<Finding> look(CheckContext place) {
        TreeSet<ReflectorPort> open = new TreeSet<>();
        for (String file : List.of("proc/net/udp", "proc/net/udp6")) {
            place.text(file)
                    .ifPresent(
                            text -> text.lines().forEach(line -> service(line).ifPresent(open::add)));
        }
        if (open.isEmpty()) {
            return List.of();
        }
        String rules = place.output("nft", "list", "ruleset").orElse("");
        List<Finding> findings = new ArrayList<>();
        for (ReflectorPort one : open) {
            if (!isClosed(rules, one.port())) {
                findings.add(new Finding(
                        "reflector-open",
                        Finding.Cost.LETS_IT_HAPPEN,
                        one.service() + " (UDP port " + one.port()
                                + ") answers at an address that others reach, unless a firewall"
                                + " that is not nft's closes it",
                        "whoever forges the sender of a request makes it attack others, with more than was asked (kind REFLECTOR)",
                        "nft 'add table inet services; add chain inet services input { type filter hook input priority 0; };"
                                + " add rule inet services input udp dport " + one.port()
                                + " ip saddr != { 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop'"
                                + " # or in its own settings: " + one.closing()));
            }
        }
        return findings;
    }

    private static Optional<ReflectorPort> service(String line) {
        Matcher socket = SOCKET.matcher(line);
        return socket.matches() && isReached(socket.group(1))
                ? ReflectorPort.of(Integer.parseInt(socket.group(2), 16))
                : Optional.empty();
    }

    /* Each group of four bytes is in the byte order of the machine: the last two digits of an IPv4 address are its first byte. */
    private static boolean isReached(String address) {
        if (address.length() > 8) {
            boolean loopback = address.equals("00000000000000000000000001000000");
            boolean mapped = address.startsWith("0000000000000000FFFF0000");
            boolean linkLocal = address.startsWith("80FE", 4);
            return mapped ? isReached(address.substring(24)) : !loopback && !linkLocal;
        }
        int first = Integer.parseInt(address.substring(6), 16);
        int second = Integer.parseInt(address.substring(4, 6), 16);
        boolean inside = first == 127
                || first == 10
                || first == 192 && second == 168
                || first == 172 && second >> 4 == 1
                || first == 169 && second == 254
                || first >= 224;
        return !inside;
    }

    /* A rule that names the port may accept it. */
    private static boolean isClosed(String rules, int port) {
        return CLOSED_INPUT.matcher(rules).find()
                && !Pattern.compile("dport[^\\n]*\\b" + port + "\\b[^\\n]*accept")
                        .matcher(rules)
                        .find();
    }
}
