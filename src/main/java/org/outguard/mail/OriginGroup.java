package org.outguard.mail;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;

/**
 * What one origin has in the queue.
 *
 * @param provenance who, and what that rests on; of derived mail the root
 * @param link how the messages came out of others, empty for mail that was handed in
 * @param count messages
 * @param bytes their sizes in sum
 * @param disputed how many of them have conflicting evidence
 * @param statuses messages by status
 * @param recipients recipients still to be served
 * @param oldest first arrival
 * @param newest last arrival
 * @param senders messages by envelope sender, most first, some only
 * @param domains recipients by domain, most first, some only
 * @param reasons recipients by why they were put off, most first, some only; what differs from one to the next is left out
 * @param container name of the container that its mail system runs in, empty for this machine itself
 */
public record OriginGroup(
        Provenance provenance,
        String link,
        int count,
        long bytes,
        int disputed,
        Map<Status, Integer> statuses,
        int recipients,
        Instant oldest,
        Instant newest,
        Map<String, Integer> senders,
        Map<String, Integer> domains,
        Map<String, Integer> reasons,
        String container) {

    /** How many senders, domains and reasons are listed. */
    public static final int LISTED = 8;

    private static final int MOST_KEYS = 2_000;
    private static final int LONGEST_REASON = 160;
    private static final Pattern ADDRESS =
            Pattern.compile("<[^<>\\s]{1,320}>|[^\\s<>@]{1,64}@[^\\s<>@]{1,255}|\\[[0-9A-Fa-f.:]{2,45}\\]");
    private static final Pattern NUMBER = Pattern.compile("\\b[0-9A-F]{8,}\\b|\\d{5,}");

    /** Groups, the largest first. */
    public static List<OriginGroup> of(Collection<QueuedMessage> messages) {
        Map<List<String>, Sum> sums = new HashMap<>();
        for (QueuedMessage message : messages) {
            sums.computeIfAbsent(key(message), key -> new Sum(message)).add(message);
        }
        return sums.values().stream()
                .map(Sum::group)
                .sorted(Comparator.comparingInt(OriginGroup::count)
                        .reversed()
                        .thenComparing(g -> g.provenance().origin().who()))
                .toList();
    }

    private static List<String> key(QueuedMessage message) {
        MailOrigin root = message.root().origin();
        return List.of(
                link(message),
                root.kind(),
                root.who(),
                root.script(),
                message.id().container());
    }

    private static String link(QueuedMessage message) {
        return message.provenance().origin() instanceof MailOrigin.Derived derived
                ? derived.link().word()
                : "";
    }

    /** Domain of an address in lower case; the address itself where it has none. */
    public static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /** A reason without addresses and numbers, so that equal ones can be counted. */
    public static String pattern(String reason) {
        String shorter = reason.length() > 2 * LONGEST_REASON ? reason.substring(0, 2 * LONGEST_REASON) : reason;
        String same = NUMBER.matcher(ADDRESS.matcher(shorter).replaceAll("<…>")).replaceAll("#");
        return same.length() <= LONGEST_REASON ? same : same.substring(0, LONGEST_REASON);
    }

    /** Sums while messages are added. */
    private static final class Sum {
        private final QueuedMessage first;
        private final Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        private final Map<String, Integer> senders = new HashMap<>();
        private final Map<String, Integer> domains = new HashMap<>();
        private final Map<String, Integer> reasons = new HashMap<>();
        private int count;
        private long bytes;
        private int disputed;
        private int recipients;
        private Instant oldest;
        private Instant newest;

        Sum(QueuedMessage first) {
            this.first = first;
            this.oldest = first.arrival();
            this.newest = first.arrival();
        }

        void add(QueuedMessage message) {
            count++;
            bytes += message.size();
            disputed += message.root().isDisputed() ? 1 : 0;
            recipients += message.recipientCount();
            oldest = message.arrival().isBefore(oldest) ? message.arrival() : oldest;
            newest = message.arrival().isAfter(newest) ? message.arrival() : newest;
            statuses.merge(message.status(), 1, Integer::sum);
            count(senders, message.sender());
            for (Recipient recipient : message.recipients()) {
                count(domains, domain(recipient.address()));
                if (!recipient.reason().isEmpty()) {
                    count(reasons, pattern(recipient.reason()));
                }
            }
        }

        private static void count(Map<String, Integer> counts, String key) {
            if (counts.size() < MOST_KEYS || counts.containsKey(key)) {
                counts.merge(key, 1, Integer::sum);
            }
        }

        private static Map<String, Integer> most(Map<String, Integer> counts) {
            return counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(LISTED)
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
        }

        OriginGroup group() {
            return new OriginGroup(
                    first.root(),
                    link(first),
                    count,
                    bytes,
                    disputed,
                    statuses,
                    recipients,
                    oldest,
                    newest,
                    most(senders),
                    most(domains),
                    most(reasons),
                    first.id().container());
        }
    }
}
