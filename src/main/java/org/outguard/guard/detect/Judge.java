package org.outguard.guard.detect;

import java.util.Locale;
import java.util.Optional;
import org.outguard.flow.Protocol;
import org.outguard.guard.mail.DeliveryAttribution;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.SmtpTally;
import org.outguard.guard.traffic.SubmitterTraffic;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Account;

/** Holds a talker's figures against the policy. */
public final class Judge {

    private final Policy policy;
    private final MailUsers mailUsers;
    private final ScanJudge scans;
    private final ByteJudge bytes;
    private final LoginJudge logins;
    private final TunnelJudge tunnels;
    private final ForeignMailJudge foreignMail;
    private final WebJudge web;
    private final BeaconJudge beacons;
    private final ReflectorJudge reflectors;

    /** A judge that knows of no mail user beside those that the policy names. */
    public Judge(Policy policy) {
        this(policy, new MailUsers(policy.mailUsers()));
    }

    /**
     * A judge.
     *
     * @param mailUsers who delivers mail; it may learn more of them
     */
    public Judge(Policy policy, MailUsers mailUsers) {
        this.policy = policy;
        this.mailUsers = mailUsers;
        this.scans = new ScanJudge(policy, mailUsers);
        this.bytes = new ByteJudge(policy);
        this.logins = new LoginJudge(policy, mailUsers);
        this.tunnels = new TunnelJudge(policy);
        this.foreignMail = new ForeignMailJudge(policy, mailUsers);
        this.web = new WebJudge(policy);
        this.beacons = new BeaconJudge(policy, mailUsers);
        this.reflectors = new ReflectorJudge(policy);
    }

    /**
     * The verdict at this moment. A talker keeps its worst verdict for the policy's quiet time after it fell below the
     * limits, so that an attack in pulses does not flicker and a person who looks a little late still sees it. The
     * reason has the highest figure, and says so when it is less by now.
     */
    public Judgement judge(TalkerState talker, long nowNanos, boolean blocked) {
        talker.measure(nowNanos);
        return keep(talker, current(talker, nowNanos), nowNanos, blocked);
    }

    /** What is made of a judgement of this moment and that of the moment before. */
    Judgement keep(TalkerState talker, Judgement now, long nowNanos, boolean blocked) {
        Judgement before = talker.judgement;
        int worse = now.verdict().compareTo(before.verdict());
        if (worse >= 0) {
            talker.judgedNanos = nowNanos;
            boolean keepPeak = worse == 0 && now.kind() == before.kind() && now.value() < before.value();
            return keepPeak ? before.peak() : now;
        }
        boolean quiet = nowNanos - talker.judgedNanos > policy.quietAfterSeconds() * Nanos.PER_SECOND;
        return quiet && !blocked ? now : before.peak();
    }

    /** From when on what was thought of a talker last may be forgotten, nanoseconds since the epoch. */
    public long quietNanos(TalkerState talker) {
        return talker.judgedNanos + policy.quietAfterSeconds() * Nanos.PER_SECOND + 1;
    }

    private Judgement current(TalkerState talker, long nowNanos) {
        Optional<Account> owner = talker.attribution.account();
        SubmitterTraffic sent = talker.mail;
        Optional<String> user = sent != null ? Optional.of(sent.origin.who()) : owner.map(Account::user);
        boolean exempt = user.isPresent() && policy.exemptUsers().contains(user.get());
        if (exempt) {
            return Judgement.clean(kindOf(talker), "its user is exempt by the policy", 0);
        }
        if (tunnels.isMeantToBe(talker)) {
            return Judgement.clean(OffenceKind.TUNNEL, "a tunnel that the policy names", 0);
        }
        Judgement byRate = byRate(talker, owner, nowNanos);
        Judgement byContacts = ofOne(talker, scans.judge(talker, nowNanos));
        // Attempts to connect to many are a scan, however fast they are.
        boolean connects = byRate.kind() == OffenceKind.TCP_SYN_FLOOD && byRate.verdict() == byContacts.verdict();
        Judgement worst = connects && byRate.verdict() != Verdict.CLEAN ? byContacts : worse(byRate, byContacts);
        worst = worse(worst, ofOne(talker, logins.judge(talker, nowNanos)));
        worst = worse(worst, tunnels.judge(talker, nowNanos));
        worst = worse(worst, bytes.judge(talker, nowNanos));
        Judgement reflected = reflectors.judge(talker, nowNanos);
        // It says more of the same packets than how many they are.
        worst = reflected.verdict() != Verdict.CLEAN && reflected.verdict() == worst.verdict()
                ? reflected
                : worse(worst, reflected);
        worst = worse(worst, ofOne(talker, foreignMail.judge(talker, nowNanos)));
        worst = worse(worst, ofOne(talker, web.judge(talker, nowNanos)));
        worst = worse(worst, beacons.listed(talker, nowNanos));
        return worse(worst, beacons.beacon(talker, nowNanos));
    }

    /* What many do together, of whom none is known, makes none of them an offender. */
    private static Judgement ofOne(TalkerState talker, Judgement judgement) {
        return talker.isOfMany && judgement.verdict() == Verdict.OFFENDING
                ? new Judgement(
                        judgement.kind(),
                        Verdict.SUSPECT,
                        judgement.figures() + " of unknown senders together",
                        judgement.limit(),
                        79,
                        judgement.value(),
                        false,
                        judgement.about(),
                        judgement.servicePort())
                : judgement;
    }

    static String unusual(TalkerState talker) {
        return talker.protocol == Protocol.OTHER
                ? "an unusual protocol"
                : talker.protocol.word().toUpperCase(Locale.ROOT);
    }

    private static Judgement worse(Judgement one, Judgement other) {
        return other.verdict().compareTo(one.verdict()) > 0 ? other : one;
    }

    private Judgement byRate(TalkerState talker, Optional<Account> owner, long nowNanos) {
        if (isReflected(talker)) {
            return flood(
                    talker,
                    nowNanos,
                    OffenceKind.REFLECTED,
                    unusual(talker) + " that the kernel sends in answer to what comes in",
                    1);
        }
        return switch (talker.traffic) {
            case UDP -> flood(talker, nowNanos, OffenceKind.UDP_FLOOD, "UDP", 1);
            case UDP_SERVICE ->
                flood(talker, nowNanos, OffenceKind.UDP_FLOOD, "UDP of a known service", policy.knownServiceFactor());
            case ICMP -> flood(talker, nowNanos, OffenceKind.ICMP_FLOOD, "ICMP", 1);
            case OTHER -> flood(talker, nowNanos, OffenceKind.UDP_FLOOD, unusual(talker), 1);
            case TCP -> connects(talker, nowNanos);
            case MAIL -> mail(talker, owner, nowNanos);
        };
    }

    /* Of UDP and other protocols the kernel sends what tunnels carry, which is somebody's. */
    private static boolean isReflected(TalkerState talker) {
        return talker.attribution.isOfKernel()
                && switch (talker.traffic) {
                    case ICMP, TCP, MAIL -> true;
                    case UDP, UDP_SERVICE, OTHER -> false;
                };
    }

    private static OffenceKind kindOf(TalkerState talker) {
        if (isReflected(talker)) {
            return OffenceKind.REFLECTED;
        }
        return switch (talker.traffic) {
            case UDP, UDP_SERVICE, OTHER -> OffenceKind.UDP_FLOOD;
            case ICMP -> OffenceKind.ICMP_FLOOD;
            case TCP -> OffenceKind.TCP_SYN_FLOOD;
            case MAIL -> OffenceKind.SMTP_BURST;
        };
    }

    private Judgement flood(TalkerState talker, long nowNanos, OffenceKind kind, String what, int factor) {
        double all = talker.peakPackets;
        long offending = policy.offending() * factor;
        talker.limit = offending;
        if (all >= offending) {
            return new Judgement(
                    kind,
                    Verdict.OFFENDING,
                    whole(all) + " packets/s of " + what,
                    ", limit " + whole(offending),
                    over(all, offending),
                    all);
        }
        long inAll = policy.suspectInAll() * factor;
        if (all >= inAll) {
            return new Judgement(
                    kind,
                    Verdict.SUSPECT,
                    whole(all) + " packets/s of " + what,
                    ", suspect from " + whole(inAll),
                    between(all, inAll, offending),
                    all);
        }
        long one = policy.suspectToOneRemote() * factor;
        // The busiest destination cannot exceed the sum, so most talkers are settled without a look at the list.
        double busiest = all < one ? all : talker.busiestRemoteRate(nowNanos);
        if (busiest >= one) {
            return new Judgement(
                    kind,
                    Verdict.SUSPECT,
                    whole(busiest) + " packets/s of " + what + " to one address",
                    ", suspect from " + whole(one),
                    between(busiest, one, offending),
                    busiest);
        }
        return Judgement.clean(kind, whole(all) + " packets/s of " + what, below(busiest, one));
    }

    private Judgement connects(TalkerState talker, long nowNanos) {
        double rate = talker.connectRate.peak(nowNanos, 10) / 10;
        String words = whole(rate) + " TCP connection attempts/s over 10 s";
        return limits(OffenceKind.TCP_SYN_FLOOD, words, rate, policy.suspectConnects(), policy.offendingConnects());
    }

    private Judgement mail(TalkerState talker, Optional<Account> owner, long nowNanos) {
        Judgement byCount = byConnections(talker, owner, nowNanos);
        // A mail system's own row, or one that may be, is of many submitters, each of whom may have an old list.
        boolean ofOne = talker.mail != null || owner.isPresent() && !mailUsers.deliver(talker.attribution);
        return talker.heard()
                .filter(heard -> ofOne)
                .map(heard -> refused(byCount.kind(), heard, nowNanos))
                .filter(byReplies -> byReplies.verdict().compareTo(byCount.verdict()) > 0)
                .orElse(byCount);
    }

    /* Who writes to addresses that do not exist has bought a list of them. What was heard is less than what was said. */
    private Judgement refused(OffenceKind kind, SmtpTally heard, long nowNanos) {
        long refused = heard.refusedOfHour(nowNanos);
        long percent = 100 * refused / Math.max(1, heard.recipientsOfHour(nowNanos));
        String words = whole(refused) + " recipients refused within an hour, " + percent + " %";
        boolean offending = percent >= policy.mail().failurePercent().offending();
        boolean suspect = percent >= policy.mail().failurePercent().suspect();
        long none = Long.MAX_VALUE;
        return limits(
                kind,
                words,
                (double) refused,
                suspect ? policy.mail().failures().suspect() : none,
                offending ? policy.mail().failures().offending() : none);
    }

    private Judgement byConnections(TalkerState talker, Optional<Account> owner, long nowNanos) {
        // What a mail system sends may yet turn out to be somebody's.
        boolean system = mailUsers.deliver(talker.attribution) && talker.mail == null;
        long until = system ? nowNanos - DeliveryAttribution.SETTLE_NANOS : nowNanos;
        double perMinute = talker.connectRate.peak(until, 60);
        if (owner.isPresent() && !mailUsers.deliver(talker.attribution) && talker.sendsToPort(25)) {
            Verdict verdict = owner.get().uid() == 0 ? Verdict.SUSPECT : Verdict.OFFENDING;
            return new Judgement(
                    OffenceKind.DIRECT_TO_MX,
                    verdict,
                    "speaks to port 25 but is no mail server (user "
                            + owner.get().user() + "), " + whole(perMinute) + " connections/min",
                    "",
                    verdict == Verdict.SUSPECT ? 60 : over(perMinute, policy.suspectMailConnects()),
                    perMinute);
        }
        if (talker.mail != null) {
            return ofSubmitter(talker.mail, perMinute, nowNanos);
        }
        String words = whole(perMinute) + " connections/min to mail ports";
        return limits(
                OffenceKind.SMTP_BURST, words, perMinute, policy.suspectMailConnects(), policy.offendingMailConnects());
    }

    /* One connection may carry many messages: what counts is whichever is more. */
    private Judgement ofSubmitter(SubmitterTraffic mail, double connects, long nowNanos) {
        double messages = mail.messages.sum(nowNanos, 60);
        String words = messages > connects
                ? whole(messages) + " messages/min delivered for " + mail.words()
                : whole(connects) + " connections/min to mail ports for " + mail.words();
        return limits(
                OffenceKind.SMTP_BURST,
                words,
                Math.max(messages, connects),
                policy.suspectMailConnects(),
                policy.offendingMailConnects());
    }

    static Judgement limits(OffenceKind kind, String words, double value, long suspect, long offending) {
        if (value >= offending) {
            return new Judgement(
                    kind, Verdict.OFFENDING, words, ", limit " + whole(offending), over(value, offending), value);
        }
        if (value >= suspect) {
            return new Judgement(
                    kind,
                    Verdict.SUSPECT,
                    words,
                    ", suspect from " + whole(suspect),
                    between(value, suspect, offending),
                    value);
        }
        return Judgement.clean(kind, words, below(value, suspect));
    }

    /* Score: below the first limit 0..49, between the limits 50..79, above 80 at the limit to 100 at ten times it. */

    private static int below(double value, long limit) {
        return (int) Math.min(49.0, 50 * value / limit);
    }

    private static int between(double value, long from, long to) {
        return (int) Math.max(50, Math.min(79, 50 + 30 * (value - from) / Math.max(1L, to - from)));
    }

    private static int over(double value, long limit) {
        return (int) Math.max(80, Math.min(100, 80 + 20 * Math.log10(Math.max(1, value / limit))));
    }

    /* Grouped by threes without String.format, which is slow and follows the locale. */
    static String whole(double value) {
        return whole(Math.round(value));
    }

    private static String whole(long value) {
        String digits = Long.toString(value);
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }
}
