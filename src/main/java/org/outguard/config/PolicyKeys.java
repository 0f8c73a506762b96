package org.outguard.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.outguard.guard.policy.Policy;

/** The keys of a policy file, and which of them is meant by one that is none. */
final class PolicyKeys {

    /**
     * A key with a whole number.
     *
     * @param key dotted
     * @param least smallest that makes sense
     * @param most largest that makes sense
     */
    record Limit(String key, long least, long most) {}

    private static final long MOST_PACKETS = 1_000_000_000L;

    static final Limit TO_ONE_REMOTE = new Limit("limits.suspect_to_one_remote_pps", 1, MOST_PACKETS);
    static final Limit IN_ALL = new Limit("limits.suspect_in_all_pps", 1, MOST_PACKETS);
    static final Limit OFFENDING = new Limit("limits.offending_pps", 1, MOST_PACKETS);
    static final Limit VICTIM = new Limit("limits.suspect_victim_pps", 1, MOST_PACKETS);
    static final Limit OFFENDING_VICTIM = new Limit("limits.offending_victim_pps", 1, MOST_PACKETS);
    static final Limit CONNECTS = new Limit("limits.suspect_connects_per_second", 1, MOST_PACKETS);
    static final Limit OFFENDING_CONNECTS = new Limit("limits.offending_connects_per_second", 1, MOST_PACKETS);
    static final Limit MAIL_CONNECTS = new Limit("limits.suspect_mail_connects_per_minute", 1, MOST_PACKETS);
    static final Limit OFFENDING_MAIL_CONNECTS =
            new Limit("limits.offending_mail_connects_per_minute", 1, MOST_PACKETS);
    static final Limit QUIET_AFTER = new Limit("limits.quiet_after_seconds", 1, 86_400);
    static final Limit SERVICE_FACTOR = new Limit("services.known_service_factor", 1, 10_000);
    static final String RESOLVERS = "services.resolvers";
    static final String SERVICE_USERS = "services.users";
    static final String MAIL_USERS = "users.mail";
    static final String EXEMPT_USERS = "users.exempt";
    static final String NEVER_BLOCK = "safety.never_block";

    static final List<String> SECTIONS = joined(
            List.of("limits", "users", "services", "safety", HistoryPolicy.SECTION, FeedPolicy.SECTION),
            MailKeys.SECTIONS);
    static final List<String> KEYS = joined(
            List.of(
                    FeedPolicy.FILES,
                    FeedPolicy.BLOCK,
                    HistoryPolicy.ENABLED,
                    HistoryPolicy.MEGABYTES.key(),
                    HistoryPolicy.DAYS.key(),
                    TO_ONE_REMOTE.key(),
                    IN_ALL.key(),
                    OFFENDING.key(),
                    VICTIM.key(),
                    OFFENDING_VICTIM.key(),
                    CONNECTS.key(),
                    OFFENDING_CONNECTS.key(),
                    MAIL_CONNECTS.key(),
                    OFFENDING_MAIL_CONNECTS.key(),
                    QUIET_AFTER.key(),
                    SERVICE_FACTOR.key(),
                    RESOLVERS,
                    SERVICE_USERS,
                    MAIL_USERS,
                    EXEMPT_USERS,
                    NEVER_BLOCK),
            joined(MailKeys.KEYS, TrafficKeys.KEYS));

    private PolicyKeys() {}

    private static List<String> joined(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** What is wrong with limits that do not rise, empty where they do. */
    static List<String[]> unordered(Policy policy) {
        List<String[]> pairs = new ArrayList<>(MailKeys.unordered(policy.mail()));
        pairs.addAll(TrafficKeys.unordered(policy.traffic()));
        pairs.add(order(TO_ONE_REMOTE, policy.suspectToOneRemote(), OFFENDING, policy.offending()));
        pairs.add(order(IN_ALL, policy.suspectInAll(), OFFENDING, policy.offending()));
        pairs.add(order(VICTIM, policy.suspectVictim(), OFFENDING_VICTIM, policy.offendingVictim()));
        pairs.add(order(CONNECTS, policy.suspectConnects(), OFFENDING_CONNECTS, policy.offendingConnects()));
        pairs.add(order(
                MAIL_CONNECTS, policy.suspectMailConnects(), OFFENDING_MAIL_CONNECTS, policy.offendingMailConnects()));
        pairs.removeIf(pair -> pair.length == 0);
        return pairs;
    }

    /** Empty where the first is not above the second, else its key and what is wrong. */
    static String[] order(Limit low, long lower, Limit high, long higher) {
        return lower <= higher
                ? new String[0]
                : new String[] {low.key(), lower + " is above " + high.key() + ", which is " + higher};
    }

    /** The known name that takes the fewest changes of a letter. */
    static String nearest(String name, List<String> known) {
        String best = known.get(0);
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /* Levenshtein's, one row at a time. A name is compared by its beginning: no key of ours is longer. */
    private static int distance(String name, String other) {
        String from = name.length() <= 80 ? name : name.substring(0, 80);
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (from.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
