package org.outguard.guard.detect;

import java.util.Map;
import org.outguard.flow.Protocol;
import org.outguard.guard.contact.Contacts;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/** Holds a talker's contacts against the limits for scans: kind {@link OffenceKind#SCAN}. */
final class ScanJudge {

    /** The web and name servers are many also for whoever means no harm, where it does not show who has answered. */
    private static final int MANY = 10;

    /** Of destinations that were spoken to, one in so many counts: a scan may ask for more than an open port. */
    private static final int SPOKEN = 4;

    /** So many times the limit of one port is the limit of all of them together, which makes no more than a SUSPECT. */
    private static final int ALL_PORTS = 3;

    private static final Judgement NONE = Judgement.clean(OffenceKind.SCAN, "no scan", 0);

    private static final String OF_MINUTE = "new destinations within a minute";
    private static final String OF_HOUR = "destinations within an hour";

    private final Policy policy;
    private final MailUsers mailUsers;

    ScanJudge(Policy policy, MailUsers mailUsers) {
        this.policy = policy;
        this.mailUsers = mailUsers;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        Contacts contacts = talker.contacts();
        Judgement worst = NONE;
        if (contacts == null || !isMeant(talker)) {
            return worst;
        }
        boolean hears = contacts.hearsMore && talker.protocol == Protocol.TCP;
        worst = worse(worst, attacked(contacts, hears, nowNanos));
        worst = worse(worst, unrouted(contacts, nowNanos));
        worst = worse(worst, portsOfOne(contacts, nowNanos));
        for (Map.Entry<Long, Contacts.Group> one : contacts.ports().entrySet()) {
            worst = worse(worst, atPort(one.getKey().intValue(), one.getValue(), hears, talker.protocol, nowNanos));
        }
        return worse(worst, overPorts(contacts, hears, nowNanos));
    }

    /* A mail system turns to all the world's mail servers, a resolver to all its name servers. */
    private boolean isMeant(TalkerState talker) {
        boolean mailSystem = talker.mail != null || mailUsers.deliver(talker.attribution);
        return switch (talker.traffic) {
            case UDP_SERVICE, OTHER -> false;
            case MAIL -> !mailSystem;
            // Answers to a ping are the kernel's.
            case ICMP -> talker.owned;
            case UDP, TCP -> true;
        };
    }

    private Judgement attacked(Contacts contacts, boolean hears, long nowNanos) {
        long minute = value(contacts.attacked, hears, nowNanos);
        long hour = hour(contacts.attacked, hears, nowNanos);
        Pair perMinute = policy.traffic().of(Figure.SCAN_ATTACKED_PER_MINUTE);
        Pair perHour = policy.traffic().of(Figure.SCAN_ATTACKED_PER_HOUR);
        if (minute < perMinute.suspect() && hour < perHour.suspect()) {
            return NONE;
        }
        String where = contacts.attackedPorts ? " at attacked ports" : " at port " + contacts.attackedPort;
        return worse(limits(minute, OF_MINUTE + where, perMinute), limits(hour, OF_HOUR + where, perHour));
    }

    private Judgement unrouted(Contacts contacts, long nowNanos) {
        return limits(
                contacts.unrouted.freshOfMinute(nowNanos),
                "new private or reserved addresses within a minute, to which only the default route leads",
                policy.traffic().of(Figure.SCAN_UNROUTED_PER_MINUTE));
    }

    private Judgement portsOfOne(Contacts contacts, long nowNanos) {
        return limits(
                contacts.mostPortsOfOne(nowNanos),
                "new ports of one destination within a minute",
                policy.traffic().of(Figure.SCAN_PORTS_PER_MINUTE));
    }

    private Judgement atPort(int port, Contacts.Group group, boolean hears, Protocol protocol, long nowNanos) {
        boolean many = !hears && isOfMany(port);
        int factor = many ? MANY : 1;
        long minute = value(group, hears, nowNanos);
        long hour = hour(group, hears, nowNanos);
        Pair perMinute = policy.traffic().of(Figure.SCAN_PER_MINUTE);
        Pair perHour = policy.traffic().of(Figure.SCAN_PER_HOUR);
        if (minute < perMinute.suspect() * factor && hour < perHour.suspect() * factor) {
            return NONE;
        }
        String where = port == 0 ? " by " + protocol.word() : " at port " + port;
        return worse(
                limits(minute, OF_MINUTE + where, times(perMinute, factor)),
                limits(hour, OF_HOUR + where, times(perHour, factor)));
    }

    /* Programs that share files among many turn to whatever port each of them has. */
    private Judgement overPorts(Contacts contacts, boolean hears, long nowNanos) {
        long value = value(contacts.all, hears, nowNanos);
        if (!hears) {
            for (Map.Entry<Long, Contacts.Group> one : contacts.ports().entrySet()) {
                value -= isOfMany(one.getKey().intValue()) ? one.getValue().met.freshOfMinute(nowNanos) : 0;
            }
        }
        Pair limit =
                new Pair(ALL_PORTS * policy.traffic().of(Figure.SCAN_PER_MINUTE).suspect(), Long.MAX_VALUE);
        return limits(Math.max(0, value), OF_MINUTE + ", many ports together", limit);
    }

    private static boolean isOfMany(int port) {
        return port == 53 || port == 80 || port == 443;
    }

    private static Pair times(Pair pair, int factor) {
        return new Pair(pair.suspect() * factor, pair.offending() * factor);
    }

    /* Who answers and is spoken to was meant; that is known where all of a connection is counted. */
    private static long value(Contacts.Group group, boolean hears, long nowNanos) {
        return unanswered(group.met.freshOfMinute(nowNanos), hears ? group.spokenTo.freshOfMinute(nowNanos) : 0);
    }

    private static long hour(Contacts.Group group, boolean hears, long nowNanos) {
        return unanswered(group.met.ofHour(nowNanos), hears ? group.spokenTo.ofHour(nowNanos) : 0);
    }

    private static long unanswered(long met, long spokenTo) {
        return Math.max(met - spokenTo, met / SPOKEN);
    }

    /* Nearly always it is below: whoever asks often makes no words until it is not. */
    private static Judgement limits(long value, String words, Pair pair) {
        return value < pair.suspect()
                ? NONE
                : Judge.limits(
                        OffenceKind.SCAN,
                        Judge.whole((double) value) + " " + words,
                        (double) value,
                        pair.suspect(),
                        pair.offending());
    }

    private static Judgement worse(Judgement one, Judgement other) {
        return other.verdict().compareTo(one.verdict()) > 0
                        || other.verdict() == one.verdict() && other.score() > one.score()
                ? other
                : one;
    }
}
