package org.outguard.guard.stats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.outguard.guard.snapshot.MailSnapshot;

/**
 * Counts of texts, of which there may be any number: when too many are known, those that came once are forgotten first,
 * so what comes often is counted nearly right.
 */
public final class TopKCounter {

    private static final int MAX_TEXTS = 128;
    private static final int MAX_LENGTH = 160;

    private final Map<String, Long> counts = new HashMap<>();

    public void add(String text, long amount) {
        if (text.isEmpty()) {
            return;
        }
        String key = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
        if (!counts.containsKey(key)) {
            if (amount < 0) {
                return;
            }
            if (counts.size() >= MAX_TEXTS) {
                long least = counts.values().stream().min(Long::compare).orElse(0L);
                counts.values().removeIf(count -> Objects.equals(count, least));
            }
        }
        counts.merge(key, amount, Long::sum);
        counts.remove(key, 0L);
    }

    /** Adds all that another has counted. */
    public void addAll(TopKCounter other) {
        other.counts.forEach(this::add);
    }

    public List<MailSnapshot.Counted> most(int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(e -> new MailSnapshot.Counted(e.getKey(), e.getValue()))
                .toList();
    }
}
