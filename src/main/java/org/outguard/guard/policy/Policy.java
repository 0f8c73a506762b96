package org.outguard.guard.policy;

import java.util.Set;
import org.outguard.flow.IpAddress;

/**
 * The thresholds. All rates are packets a second over one second unless said otherwise.
 *
 * <p>The defaults are judgement for one mail server, not measurement: such a machine sends little UDP that is not DNS or
 * NTP, while FastNetMon's default for a whole router is 20,000 packets a second.
 *
 * @param suspectToOneRemote UDP or ICMP to one destination from which a talker is SUSPECT
 * @param suspectInAll UDP or ICMP to all destinations from which a talker is SUSPECT
 * @param offending UDP or ICMP to all destinations from which a talker is OFFENDING
 * @param suspectVictim UDP or ICMP of all senders to one address from which that is a SUSPECT victim
 * @param offendingVictim the same for OFFENDING
 * @param suspectConnects TCP connection attempts a second, over 10 s, from which a talker is SUSPECT
 * @param offendingConnects the same for OFFENDING
 * @param suspectMailConnects connection attempts to mail ports a minute from which a talker is SUSPECT
 * @param offendingMailConnects the same for OFFENDING
 * @param knownServiceFactor the UDP limits times this hold for known services
 * @param resolvers addresses to which UDP port 53 is a known service
 * @param serviceUsers users whose UDP to ports 53, 123 and 443 is a known service
 * @param mailUsers users that may connect to port 25 of other hosts
 * @param exemptUsers users that are never judged
 * @param quietAfterSeconds for so long a talker keeps its worst verdict after it fell below the limits
 * @param mail the thresholds for mail
 * @param traffic the thresholds for scans and what else is abuse at a low packet rate
 * @param neverBlock destinations that no rule blocks
 */
public record Policy(
        long suspectToOneRemote,
        long suspectInAll,
        long offending,
        long suspectVictim,
        long offendingVictim,
        long suspectConnects,
        long offendingConnects,
        long suspectMailConnects,
        long offendingMailConnects,
        int knownServiceFactor,
        Set<IpAddress> resolvers,
        Set<String> serviceUsers,
        Set<String> mailUsers,
        Set<String> exemptUsers,
        int quietAfterSeconds,
        MailLimits mail,
        TrafficLimits traffic,
        NeverBlock neverBlock) {

    public Policy {
        resolvers = Set.copyOf(resolvers);
        serviceUsers = Set.copyOf(serviceUsers);
        mailUsers = Set.copyOf(mailUsers);
        exemptUsers = Set.copyOf(exemptUsers);
    }

    /** A policy with the thresholds of {@link TrafficLimits#DEFAULTS}, and {@link NeverBlock#DEFAULT}. */
    public Policy(
            long suspectToOneRemote,
            long suspectInAll,
            long offending,
            long suspectVictim,
            long offendingVictim,
            long suspectConnects,
            long offendingConnects,
            long suspectMailConnects,
            long offendingMailConnects,
            int knownServiceFactor,
            Set<IpAddress> resolvers,
            Set<String> serviceUsers,
            Set<String> mailUsers,
            Set<String> exemptUsers,
            int quietAfterSeconds,
            MailLimits mail) {
        this(
                suspectToOneRemote,
                suspectInAll,
                offending,
                suspectVictim,
                offendingVictim,
                suspectConnects,
                offendingConnects,
                suspectMailConnects,
                offendingMailConnects,
                knownServiceFactor,
                resolvers,
                serviceUsers,
                mailUsers,
                exemptUsers,
                quietAfterSeconds,
                mail,
                TrafficLimits.DEFAULTS,
                NeverBlock.DEFAULT);
    }

    /** The limits to start from. */
    public static Policy defaults(Set<IpAddress> resolvers) {
        return new Policy(
                2_000,
                5_000,
                10_000,
                5_000,
                10_000,
                200,
                1_000,
                60,
                300,
                10,
                resolvers,
                Set.of("bind", "unbound", "pdns", "systemd-resolve", "systemd-timesync", "_chrony", "ntp", "ntpsec"),
                Set.of("postfix", "Debian-exim", "exim", "mail", "opensmtpd", "smtpd", "courier", "qmailr", "mailnull"),
                Set.of(),
                60,
                MailLimits.DEFAULTS);
    }
}
