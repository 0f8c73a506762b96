package org.outguard.guard.policy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.outguard.flow.IpAddress;
import org.outguard.guard.policy.MailLimits.Pair;

/**
 * Thresholds for what is abuse at a low packet rate: scans, floods of bytes, guessing of passwords and the like. Judgement for
 * one mail server, as all defaults are; each stands well above what the innocent programs of the tests do.
 *
 * @param pairs the two thresholds of each figure; a figure that is missing has its default
 * @param loginPorts ports at which one logs in to a machine: few programs do that often
 * @param serviceLoginPorts ports of mailboxes and databases, to which programs connect more often; private addresses are not
 *     meant, where an application's own database is
 * @param tunnelPeers far ends of tunnels that are meant to be
 * @param attackedPorts ports that are scanned for break-ins, at which fewer destinations are a scan
 */
public record TrafficLimits(
        Map<Figure, Pair> pairs,
        Set<Integer> loginPorts,
        Set<Integer> serviceLoginPorts,
        Set<IpAddress> tunnelPeers,
        Set<Integer> attackedPorts) {

    /** The limits to start from. */
    public static final TrafficLimits DEFAULTS = new TrafficLimits(
            Map.of(),
            // ftp, ssh, telnet, remote desktops, Windows' remote management.
            Set.of(21, 22, 23, 2222, 3389, 5900, 5985),
            // POP, IMAP, submission, databases.
            Set.of(110, 143, 465, 587, 993, 995, 1433, 3306, 5432, 6379, 27017),
            Set.of(),
            // ssh, telnet, smtp, Windows RPC and file sharing, databases, remote desktops, SIP, proxies, Docker.
            Set.of(
                    22, 23, 25, 135, 139, 445, 1433, 2222, 2323, 2375, 3306, 3389, 5060, 5432, 5555, 5900, 6379, 7547,
                    8080, 8443, 9200, 11211, 27017));

    public TrafficLimits {
        Map<Figure, Pair> all = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            all.put(figure, pairs.getOrDefault(figure, figure.otherwise()));
        }
        pairs = Collections.unmodifiableMap(all);
        loginPorts = Set.copyOf(loginPorts);
        serviceLoginPorts = Set.copyOf(serviceLoginPorts);
        tunnelPeers = Set.copyOf(tunnelPeers);
        attackedPorts = Set.copyOf(attackedPorts);
    }

    /** What is held against two thresholds. */
    public enum Figure {
        /** New destinations at ports that are attacked, a minute. */
        SCAN_ATTACKED_PER_MINUTE(40, 100),
        /** The same within an hour: a scan that takes its time. */
        SCAN_ATTACKED_PER_HOUR(300, 1_000),
        /** New destinations at one other port, a minute. */
        SCAN_PER_MINUTE(100, 250),
        /** The same within an hour. */
        SCAN_PER_HOUR(1_500, 6_000),
        /** New private, shared or reserved addresses that nothing but the default route leads to, a minute. */
        SCAN_UNROUTED_PER_MINUTE(10, 40),
        /** New ports of one destination, a minute. */
        SCAN_PORTS_PER_MINUTE(50, 150),
        /** Packets of protocols that carry others, and of large ICMP, a second. */
        TUNNEL_PACKETS_PER_SECOND(50, 5_000),
        /** Connections to ports at which one logs in to a machine, a minute. */
        LOGINS_PER_MINUTE(30, 60),
        /** Connections to ports of mailboxes and databases, a minute. */
        SERVICE_LOGINS_PER_MINUTE(120, 300),
        /** Hosts to whose mail ports a program that is no mail server speaks, an hour. */
        FOREIGN_SMTP_HOSTS_PER_HOUR(4, 15),
        /** Its connections to them, an hour. */
        FOREIGN_SMTP_SESSIONS_PER_HOUR(300, 3_000),
        /** Millions of bytes that it sends to them, an hour. */
        FOREIGN_SMTP_MEGABYTES_PER_HOUR(20, 100),
        /** Minutes for which one such connection is kept and carries more than it takes to keep it. */
        FOREIGN_SMTP_SESSION_MINUTES(10, 60),
        /** Connections to one web server, a second. */
        WEB_CONNECTS_PER_SECOND(20, 100),
        /** Packets to one web server that have the length of requests, a second. */
        WEB_REQUESTS_PER_SECOND(300, 1_500),
        /** Seconds for which a program from where none belongs keeps in touch with a host. */
        BEACON_SECONDS(300),
        /** Millions of bits a second that a UDP service answers to one address, where that is many times what asks. */
        REFLECTOR_MBIT_PER_SECOND(1, 5),
        /** How many times that is. */
        REFLECTOR_FACTOR(5, 10),
        /** Millions of bits a second of UDP and what else nobody slows down, to one address. */
        BYTES_TO_ONE_MBIT_PER_SECOND(10, 20),
        /** The same to all addresses. */
        BYTES_IN_ALL_MBIT_PER_SECOND(20, 200);

        private final long suspect;
        private final long offending;

        Figure(long suspect, long offending) {
            this.suspect = suspect;
            this.offending = offending;
        }

        /* That is SUSPECT at most. */
        Figure(long suspect) {
            this(suspect, Long.MAX_VALUE);
        }

        /** Whether there is a threshold from which it is OFFENDING. */
        public boolean offends() {
            return offending < Long.MAX_VALUE;
        }

        /** The thresholds to start from. */
        public Pair otherwise() {
            return new Pair(suspect, offending);
        }

        /** As it stands in a policy file, behind {@code suspect_} and {@code offending_}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The thresholds of a figure. */
    public Pair of(Figure figure) {
        return Objects.requireNonNull(pairs.get(figure));
    }
}
