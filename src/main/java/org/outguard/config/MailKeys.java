package org.outguard.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;
import org.outguard.config.PolicyKeys.Limit;
import org.outguard.guard.policy.MailLimits;
import org.outguard.guard.policy.MailLimits.Pair;

/** The keys of a policy file for mail, sections {@code [mail]} and {@code [queue]}. */
final class MailKeys {

    private static final long MOST = 1_000_000_000L;

    /**
     * Two keys of one figure.
     *
     * @param suspect the lower one
     * @param offending the higher one
     * @param comparable whether both count over the same time, so that they have to rise
     */
    private record Keys(Limit suspect, Limit offending, boolean comparable) {

        static Keys of(String suspect, String offending, long most, boolean comparable) {
            return new Keys(new Limit("mail." + suspect, 1, most), new Limit("mail." + offending, 1, most), comparable);
        }

        Pair read(ToLongBiFunction<Limit, Long> reader, Pair or) {
            return new Pair(reader.applyAsLong(suspect, or.suspect()), reader.applyAsLong(offending, or.offending()));
        }
    }

    private static final Keys RECIPIENTS =
            Keys.of("suspect_recipients_per_hour", "offending_recipients_per_minute", MOST, false);
    private static final Keys DISTINCT =
            Keys.of("suspect_distinct_recipients_per_hour", "offending_distinct_recipients_per_hour", MOST, true);
    private static final Keys FAILURES =
            Keys.of("suspect_failures_per_hour", "offending_failures_per_hour", MOST, true);
    private static final Keys PERCENT = Keys.of("suspect_failure_percent", "offending_failure_percent", 100, true);
    private static final Keys BOUNCES =
            Keys.of("suspect_bounces_per_hour", "offending_bounces_per_minute", MOST, false);
    private static final Keys NETWORKS = Keys.of("suspect_networks_per_hour", "offending_networks_per_hour", 256, true);
    private static final Keys QUEUED = Keys.of("suspect_queued", "offending_queued", MOST, true);
    private static final Limit HOST_FACTOR = new Limit("mail.host_factor", 1, 10_000);

    private static final Limit MESSAGES = new Limit("queue.alarm_messages", 1, MOST);
    private static final Limit OLDEST = new Limit("queue.alarm_oldest_minutes", 1, 1_000_000);
    private static final Limit GROWTH = new Limit("queue.alarm_growth_factor", 2, 10_000);
    private static final Limit GROWTH_FROM = new Limit("queue.alarm_growth_from", 1, MOST);

    private static final List<Keys> PAIRS = List.of(RECIPIENTS, DISTINCT, FAILURES, PERCENT, BOUNCES, NETWORKS, QUEUED);

    static final List<String> SECTIONS = List.of("mail", "queue");

    static final List<String> KEYS = Stream.concat(
                    PAIRS.stream().flatMap(pair -> Stream.of(pair.suspect, pair.offending)),
                    Stream.of(HOST_FACTOR, MESSAGES, OLDEST, GROWTH, GROWTH_FROM))
            .map(Limit::key)
            .toList();

    private MailKeys() {}

    /**
     * The limits of a file.
     *
     * @param reader gives what the file says of a key, or else what is handed to it
     * @param or what holds where the file is silent
     */
    static MailLimits read(ToLongBiFunction<Limit, Long> reader, MailLimits or) {
        return new MailLimits(
                RECIPIENTS.read(reader, or.recipients()),
                DISTINCT.read(reader, or.distinctRecipients()),
                FAILURES.read(reader, or.failures()),
                PERCENT.read(reader, or.failurePercent()),
                BOUNCES.read(reader, or.bounces()),
                NETWORKS.read(reader, or.networks()),
                QUEUED.read(reader, or.queued()),
                (int) reader.applyAsLong(HOST_FACTOR, (long) or.hostFactor()),
                new MailLimits.QueueLimits(
                        reader.applyAsLong(MESSAGES, or.queue().messages()),
                        (int) reader.applyAsLong(OLDEST, (long) or.queue().oldestMinutes()),
                        (int) reader.applyAsLong(GROWTH, (long) or.queue().growthFactor()),
                        reader.applyAsLong(GROWTH_FROM, or.queue().growthFrom())));
    }

    /** What is wrong with limits that do not rise, as {@link PolicyKeys#unordered} has it. */
    static List<String[]> unordered(MailLimits limits) {
        List<Pair> values = List.of(
                limits.recipients(),
                limits.distinctRecipients(),
                limits.failures(),
                limits.failurePercent(),
                limits.bounces(),
                limits.networks(),
                limits.queued());
        List<String[]> wrong = new ArrayList<>();
        for (int i = 0; i < PAIRS.size(); i++) {
            Keys keys = PAIRS.get(i);
            if (keys.comparable) {
                wrong.add(PolicyKeys.order(
                        keys.suspect,
                        values.get(i).suspect(),
                        keys.offending,
                        values.get(i).offending()));
            }
        }
        return wrong;
    }
}
