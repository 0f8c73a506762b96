package org.outguard.config;

/**
 * What the policy says of history, section {@code [history]}.
 *
 * @param enabled whether it is written
 * @param megabytes the most that it takes on disk
 * @param days how far back it reaches, where the size allows
 */
public record HistoryPolicy(boolean enabled, long megabytes, long days) {

    /** Where the file is silent. */
    public static final HistoryPolicy DEFAULT = new HistoryPolicy(true, 1024, 30);

    static final String SECTION = "history";
    static final String ENABLED = "history.enabled";
    static final PolicyKeys.Limit MEGABYTES = new PolicyKeys.Limit("history.megabytes", 16, 1_000_000);
    static final PolicyKeys.Limit DAYS = new PolicyKeys.Limit("history.days", 1, 400);
}
