package org.outguard.guard.policy;

import java.util.Set;
import org.outguard.flow.IpAddress;

/**
 * The thresholds. All rates are packets a second over one second unless said otherwise.
 *
 * <p>The defaults are judgement for one mail server, not measurement: such a machine sends little UDP that is not DNS or
 * NTP, while FastNetMon's default for a whole router is 20,000 packets a second.
 *
 * @param packets limits in packets a second
 * @param connects limits for TCP connection attempts
 * @param known services and users that are judged less strictly, or not
 * @param quietAfterSeconds for so long a talker keeps its worst verdict after it fell below the limits
 * @param mail the thresholds for mail
 * @param traffic the thresholds for scans and what else is abuse at a low packet rate
 * @param neverBlock destinations that no rule blocks
 */
public record Policy(
        Packets packets,
        Connects connects,
        Known known,
        int quietAfterSeconds,
        MailLimits mail,
        TrafficLimits traffic,
        NeverBlock neverBlock) {

    /** The limits to start from. */
    public static Policy defaults(Set<IpAddress> resolvers) {
        return new Policy(
                new Packets(2_000, 5_000, 10_000, 5_000, 10_000),
                new Connects(200, 1_000, 60, 300),
                new Known(
                        10,
                        resolvers,
                        Set.of(
                                "bind",
                                "unbound",
                                "pdns",
                                "systemd-resolve",
                                "systemd-timesync",
                                "_chrony",
                                "ntp",
                                "ntpsec"),
                        Set.of(
                                "postfix",
                                "Debian-exim",
                                "exim",
                                "mail",
                                "opensmtpd",
                                "smtpd",
                                "courier",
                                "qmailr",
                                "mailnull"),
                        Set.of()),
                60,
                MailLimits.DEFAULTS,
                TrafficLimits.DEFAULTS,
                NeverBlock.DEFAULT);
    }

    /**
     * Limits in packets a second.
     *
     * @param suspectToOneRemote UDP or ICMP to one destination from which a talker is SUSPECT
     * @param suspectInAll UDP or ICMP to all destinations from which a talker is SUSPECT
     * @param offending UDP or ICMP to all destinations from which a talker is OFFENDING
     * @param suspectVictim UDP or ICMP of all senders to one address from which that is a SUSPECT victim
     * @param offendingVictim the same for OFFENDING
     */
    public record Packets(
            long suspectToOneRemote, long suspectInAll, long offending, long suspectVictim, long offendingVictim) {}

    /**
     * Limits for TCP connection attempts.
     *
     * @param suspectConnects TCP connection attempts a second, over 10 s, from which a talker is SUSPECT
     * @param offendingConnects the same for OFFENDING
     * @param suspectMailConnects connection attempts to mail ports a minute from which a talker is SUSPECT
     * @param offendingMailConnects the same for OFFENDING
     */
    public record Connects(
            long suspectConnects, long offendingConnects, long suspectMailConnects, long offendingMailConnects) {}

    /**
     * Services and users that are judged less strictly, or not.
     *
     * @param knownServiceFactor the UDP limits times this hold for known services
     * @param resolvers addresses to which UDP port 53 is a known service
     * @param serviceUsers users whose UDP to ports 53, 123 and 443 is a known service
     * @param mailUsers users that may connect to port 25 of other hosts
     * @param exemptUsers users that are never judged
     */
    public record Known(
            int knownServiceFactor,
            Set<IpAddress> resolvers,
            Set<String> serviceUsers,
            Set<String> mailUsers,
            Set<String> exemptUsers) {
        public Known {
            resolvers = Set.copyOf(resolvers);
            serviceUsers = Set.copyOf(serviceUsers);
            mailUsers = Set.copyOf(mailUsers);
            exemptUsers = Set.copyOf(exemptUsers);
        }
    }

    /** {@link Packets#suspectToOneRemote}. */
    public long suspectToOneRemote() {
        return packets.suspectToOneRemote();
    }

    /** {@link Packets#suspectInAll}. */
    public long suspectInAll() {
        return packets.suspectInAll();
    }

    /** {@link Packets#offending}. */
    public long offending() {
        return packets.offending();
    }

    /** {@link Packets#suspectVictim}. */
    public long suspectVictim() {
        return packets.suspectVictim();
    }

    /** {@link Packets#offendingVictim}. */
    public long offendingVictim() {
        return packets.offendingVictim();
    }

    /** {@link Connects#suspectConnects}. */
    public long suspectConnects() {
        return connects.suspectConnects();
    }

    /** {@link Connects#offendingConnects}. */
    public long offendingConnects() {
        return connects.offendingConnects();
    }

    /** {@link Connects#suspectMailConnects}. */
    public long suspectMailConnects() {
        return connects.suspectMailConnects();
    }

    /** {@link Connects#offendingMailConnects}. */
    public long offendingMailConnects() {
        return connects.offendingMailConnects();
    }

    /** {@link Known#knownServiceFactor}. */
    public int knownServiceFactor() {
        return known.knownServiceFactor();
    }

    /** {@link Known#resolvers}. */
    public Set<IpAddress> resolvers() {
        return known.resolvers();
    }

    /** {@link Known#serviceUsers}. */
    public Set<String> serviceUsers() {
        return known.serviceUsers();
    }

    /** {@link Known#mailUsers}. */
    public Set<String> mailUsers() {
        return known.mailUsers();
    }

    /** {@link Known#exemptUsers}. */
    public Set<String> exemptUsers() {
        return known.exemptUsers();
    }
}
