package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;

/** What one submitter has in the queue. */
final class QueueSubmitter {

    /* Judgement, until a policy says otherwise: a person at a mail program stays far below, a list server above. */
    private static final long SUSPECT_PER_HOUR = 100;
    private static final long OFFENDING_PER_MINUTE = 30;

    private static final int MOST_KEYS = 512;
    private static final int MOST_DISTINCT = 8_192;
    private static final int TEN_SECONDS_OF_AN_HOUR = 360;

    final String id;
    final QueueCounts counts = new QueueCounts();

    private final MailOrigin origin;
    private final Provenance.Evidence evidence;
    private final Map<String, Long> scripts = new HashMap<>();
    private final Map<String, Long> senders = new HashMap<>();
    private final Map<String, Long> domains = new HashMap<>();
    private final Map<String, Long> deferrals = new HashMap<>();
    private final Map<String, Instant> networks = new HashMap<>();
    private final Set<Integer> distinct = new HashSet<>();
    private final Deque<QueueId> newest = new ArrayDeque<>();
    private final long[] recipients = new long[TEN_SECONDS_OF_AN_HOUR];
    private final long[] stamps = new long[TEN_SECONDS_OF_AN_HOUR];
    private Instant first;
    private Instant last;

    QueueSubmitter(String id, MailOrigin origin, QueuedMessage message) {
        this.id = id;
        this.origin = origin;
        this.evidence = message.root().evidence();
        this.first = message.arrival();
        this.last = message.arrival();
    }

    /** Lists what a message names (1), or no longer does (-1). */
    void list(QueuedMessage message, int sign) {
        count(scripts, message.root().origin().script(), sign);
        count(senders, message.sender(), sign);
        for (Recipient recipient : message.recipients()) {
            count(domains, OriginGroup.domain(recipient.address()), sign);
            count(deferrals, recipient.reason().isEmpty() ? "" : OriginGroup.pattern(recipient.reason()), sign);
        }
        if (sign < 0) {
            newest.remove(message.id());
        } else {
            if (newest.size() == MailPicture.MAX_LISTED) {
                newest.removeLast();
            }
            newest.addFirst(message.id());
        }
    }

    private static void count(Map<String, Long> counts, String key, int sign) {
        if (!key.isEmpty() && (counts.size() < MOST_KEYS || counts.containsKey(key))) {
            counts.merge(key, (long) sign, (one, other) -> one + other <= 0 ? null : one + other);
        }
    }

    /** Notes a message that is new. */
    void came(QueuedMessage message) {
        first = message.arrival().isBefore(first) ? message.arrival() : first;
        last = message.arrival().isAfter(last) ? message.arrival() : last;
        long stamp = message.arrival().getEpochSecond() / 10;
        int slot = (int) Math.floorMod(stamp, (long) TEN_SECONDS_OF_AN_HOUR);
        if (stamps[slot] < stamp) {
            stamps[slot] = stamp;
            recipients[slot] = 0;
        }
        recipients[slot] += stamps[slot] == stamp ? message.recipientCount() : 0;
        for (Recipient recipient : message.recipients()) {
            if (distinct.size() < MOST_DISTINCT) {
                distinct.add(recipient.address().hashCode());
            }
        }
        if (message.root().origin() instanceof MailOrigin.Login login && networks.size() < MOST_KEYS) {
            networks.put(network(login.client()), message.arrival());
        }
    }

    boolean cameBefore(Instant time) {
        return last.isBefore(time);
    }

    /* The first three numbers of an IPv4 address, the first three groups of an IPv6 one. */
    private static String network(String address) {
        String separator = address.indexOf(':') >= 0 ? ":" : "\\.";
        String[] parts = address.split(separator, 4);
        return parts.length < 3 ? address : parts[0] + "." + parts[1] + "." + parts[2];
    }

    private long since(Instant now, int slots) {
        long stamp = now.getEpochSecond() / 10;
        long sum = 0;
        for (int i = 0; i < TEN_SECONDS_OF_AN_HOUR; i++) {
            sum += stamps[i] > stamp - slots && stamps[i] <= stamp ? recipients[i] : 0;
        }
        return sum;
    }

    MailPicture.Submitter row(Instant now) {
        long perMinute = since(now, 6);
        long perHour = since(now, TEN_SECONDS_OF_AN_HOUR);
        boolean person = origin instanceof MailOrigin.LocalUser || origin instanceof MailOrigin.Login;
        Verdict verdict = !person
                ? Verdict.CLEAN
                : perMinute > OFFENDING_PER_MINUTE
                        ? Verdict.OFFENDING
                        : perHour > SUSPECT_PER_HOUR ? Verdict.SUSPECT : Verdict.CLEAN;
        boolean backscatter = counts.backscatter * 2 > counts.queued;
        Instant hourAgo = now.minusSeconds(3_600);
        return new MailPicture.Submitter(
                id,
                origin,
                evidence,
                backscatter ? OffenceKind.BACKSCATTER : OffenceKind.SUBMISSION_BURST,
                verdict,
                reason(verdict, perMinute, perHour),
                score(verdict, perMinute, perHour),
                counts.totals(0, Optional.of(first)),
                perMinute,
                perHour,
                distinct.size(),
                (int) networks.values().stream()
                        .filter(at -> at.isAfter(hourAgo))
                        .count(),
                first,
                last,
                most(scripts),
                most(senders),
                most(domains),
                most(deferrals),
                List.copyOf(newest));
    }

    private String reason(Verdict verdict, long perMinute, long perHour) {
        return switch (verdict) {
            case OFFENDING -> perMinute + " recipients in the last minute, limit " + OFFENDING_PER_MINUTE;
            case SUSPECT -> perHour + " recipients in the last hour, limit " + SUSPECT_PER_HOUR;
            case CLEAN -> counts.queued + " in the queue, " + perHour + " recipients in the last hour";
        };
    }

    private static int score(Verdict verdict, long perMinute, long perHour) {
        return switch (verdict) {
            case OFFENDING -> (int) Math.min(100, 70 + perMinute / 30);
            case SUSPECT -> (int) Math.min(69, 40 + perHour / 100);
            case CLEAN -> (int) Math.min(39, perHour / 3);
        };
    }

    private static List<MailPicture.Counted> most(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MailPicture.MAX_LISTED)
                .map(one -> new MailPicture.Counted(one.getKey(), one.getValue()))
                .toList();
    }
}
