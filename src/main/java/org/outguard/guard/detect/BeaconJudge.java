package org.outguard.guard.detect;

import java.util.Optional;
import org.outguard.guard.contact.LongContacts;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.Listings;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Owner;

/**
 * Tells who keeps in touch with another host and is odd itself (kind {@link OffenceKind#BEACON}: a miner, or a program that waits
 * for orders), and who turns to an address that a feed lists (kind {@link OffenceKind#LISTED}). Neither is more than SUSPECT: what
 * is said on the connection is not known.
 */
final class BeaconJudge {

    private static final Judgement NONE = Judgement.clean(OffenceKind.BEACON, "keeps in touch with nobody", 0);
    private static final int SCORE = 65;

    /** An address that was turned to is no longer told of after so long. */
    private static final int LISTED_SECONDS = 60;

    private final Policy policy;
    private final MailUsers mailUsers;

    BeaconJudge(Policy policy, MailUsers mailUsers) {
        this.policy = policy;
        this.mailUsers = mailUsers;
    }

    Judgement beacon(TalkerState talker, long nowNanos) {
        LongContacts contacts = talker.dealings.beacons;
        Optional<Owner> owner = talker.attribution.knownOwner();
        LongContacts.Longest longest = contacts == null ? null : contacts.longest(nowNanos);
        if (longest == null || owner.isEmpty()) {
            return NONE;
        }
        double seconds = longest.nanos() / (double) Nanos.PER_SECOND;
        Pair pair = policy.traffic().of(Figure.BEACON_SECONDS);
        Optional<String> oddity = talker.dealings.oddity(owner.get(), nowNanos);
        return seconds < pair.suspect() || oddity.isEmpty()
                ? NONE
                : new Judgement(
                                OffenceKind.BEACON,
                                Verdict.SUSPECT,
                                "its program " + oddity.get() + ", and keeps in touch with one address at port "
                                        + longest.remote().port() + " for " + Judge.whole(Math.floor(seconds)) + " s",
                                ", suspect from " + pair.suspect(),
                                SCORE,
                                seconds)
                        .about(longest.remote());
    }

    Judgement listed(TalkerState talker, long nowNanos) {
        Listings.Listing listing = talker.dealings.listing;
        boolean mailSystem =
                talker.traffic == TrafficClass.MAIL && (talker.mail != null || mailUsers.deliver(talker.attribution));
        // A mail server writes to whoever its users write to.
        boolean past = nowNanos - talker.dealings.listedNanos > LISTED_SECONDS * Nanos.PER_SECOND;
        return listing == null || talker.dealings.listed == null || mailSystem || past
                ? NONE
                : new Judgement(
                                OffenceKind.LISTED,
                                Verdict.SUSPECT,
                                Judge.whole((double) talker.dealings.toListed) + " packets to " + listing.words(),
                                "",
                                SCORE,
                                talker.dealings.toListed)
                        .about(talker.dealings.listed);
    }
}
