package org.outguard.app.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.headless.Finding;
import org.outguard.procfs.OpenSocket;

/**
 * Whether a UDP service answers whoever asks, so that others are attacked with its answers. By the sockets of the kernel, and by
 * whether a chain of nft at the input hook drops what it does not accept.
 */
final class OpenServices implements Check {

    private static final Pattern CLOSED_INPUT = Pattern.compile("hook input\\b[^;]*;\\s*policy drop");

    @Override
    public List<Finding> look(CheckContext place) {
        TreeSet<ReflectorPort> open = new TreeSet<>();
        for (String table : List.of("udp", "udp6")) {
            place.text("proc/net/" + table)
                    .orElse("")
                    .lines()
                    .flatMap(line -> OpenSocket.parse(table, line).stream())
                    .filter(socket -> !socket.connected() && isReached(socket.local()))
                    .forEach(socket -> ReflectorPort.of(socket.localPort()).ifPresent(open::add));
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

    /* From outside the networks that RFC 1918, 3927 and 4291 keep inside. */
    private static boolean isReached(byte[] local) {
        try {
            InetAddress address = InetAddress.getByAddress(local);
            return !(address.isLoopbackAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }

    /* A rule that names the port may accept it. */
    private static boolean isClosed(String rules, int port) {
        return CLOSED_INPUT.matcher(rules).find()
                && !Pattern.compile("dport[^\\n]*\\b" + port + "\\b[^\\n]*accept")
                        .matcher(rules)
                        .find();
    }
}
