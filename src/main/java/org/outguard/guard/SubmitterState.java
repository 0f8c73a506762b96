package org.outguard.guard;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/** What is known of one submitter; see {@link MailPicture.Submitter}. */
final class SubmitterState {

    private static final int MAX_NETWORKS = 256;
    private static final long HOUR_NANOS = 3_600 * Nanos.PER_SECOND;

    final String id;
    final MailOrigin origin;
    Provenance.Evidence evidence = Provenance.Evidence.NONE;
    Judgement judgement;
    long judgedNanos = Long.MIN_VALUE / 2;

    long messages;
    long queued;
    long held;
    long deferred;
    long sent;
    long bounced;
    long backscatter;
    long disputed;
    Instant first = Instant.MAX;
    Instant last = Instant.EPOCH;

    final HourWindow recipients = new HourWindow();
    final HourWindow served = new HourWindow();
    final HourWindow failures = new HourWindow();
    final HourWindow bounces = new HourWindow();
    final DistinctCounter distinct = new DistinctCounter();
    final TextCounts scripts = new TextCounts();
    final TextCounts senders = new TextCounts();
    final TextCounts domains = new TextCounts();
    final TextCounts deferrals = new TextCounts();

    private final Map<String, Long> networks = new LinkedHashMap<>();

    SubmitterState(String id, MailOrigin origin) {
        this.id = id;
        this.origin = origin;
        this.judgement = Judgement.clean(OffenceKind.SUBMISSION_BURST, "nothing yet", 0);
    }

    void cameFrom(String address, long atNanos) {
        String network = network(address);
        networks.remove(network);
        networks.put(network, atNanos);
        if (networks.size() > MAX_NETWORKS) {
            Iterator<String> oldest = networks.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    int networks(long nowNanos) {
        networks.values().removeIf(at -> nowNanos - at > HOUR_NANOS);
        return networks.size();
    }

    /* /24 of IPv4; of IPv6 the first three groups, /48, as they are written. */
    private static String network(String address) {
        int dot = address.lastIndexOf('.');
        if (dot > 0) {
            return address.substring(0, dot);
        }
        int colon = address.indexOf(':', address.indexOf(':', address.indexOf(':') + 1) + 1);
        return colon > 0 ? address.substring(0, colon) : address;
    }

    MailPicture.Totals counts(Optional<Instant> oldest) {
        return new MailPicture.Totals(
                queued, held, deferred, 0, messages, sent, bounced, backscatter, disputed, oldest);
    }

    MailPicture.Submitter view(long nowNanos, Optional<Instant> oldest, List<QueueId> queueIds) {
        return new MailPicture.Submitter(
                id,
                origin,
                evidence,
                judgement.kind(),
                judgement.verdict(),
                judgement.reason(),
                judgement.score(),
                counts(oldest),
                recipients.lastMinute(nowNanos),
                recipients.lastHour(nowNanos),
                distinct.count(),
                networks(nowNanos),
                first,
                last,
                scripts.most(MailPicture.MAX_LISTED),
                senders.most(MailPicture.MAX_LISTED),
                domains.most(MailPicture.MAX_LISTED),
                deferrals.most(MailPicture.MAX_LISTED),
                queueIds);
    }
}
