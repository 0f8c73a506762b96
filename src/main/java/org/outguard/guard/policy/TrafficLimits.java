package org.outguard.guard.policy;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.outguard.guard.policy.MailLimits.Pair;

/**
 * Thresholds for what is abuse at a low packet rate: scans, floods of bytes, guessing of passwords and the like. Judgement for
 * one mail server, as all defaults are; each stands well above what the innocent programs of the tests do.
 *
 * @param pairs the two thresholds of each figure; a figure that is missing has its default
 * @param attackedPorts ports that are scanned for break-ins, at which fewer destinations are a scan
 */
public record TrafficLimits(Map<Figure, Pair> pairs, Set<Integer> attackedPorts) {

    /** The limits to start from. */
    public static final TrafficLimits DEFAULTS = new TrafficLimits(
            Map.of(),
            // ssh, telnet, smtp, Windows RPC and file sharing, databases, remote desktops, SIP, proxies, Docker.
            Set.of(
                    22, 23, 25, 135, 139, 445, 1433, 2222, 2323, 2375, 3306, 3389, 5060, 5432, 5555, 5900, 6379, 7547,
                    8080, 8443, 9200, 11211, 27017));

    public TrafficLimits {
        Map<Figure, Pair> all = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            all.put(figure, pairs.getOrDefault(figure, figure.otherwise()));
        }
        pairs = Map.copyOf(all);
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
        return pairs.getOrDefault(figure, figure.otherwise());
    }
}
