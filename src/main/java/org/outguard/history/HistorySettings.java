package org.outguard.history;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where history is kept, and how much of it.
 *
 * @param file the database
 * @param limitBytes the most that the database takes on disk, beside 8 MB of its log
 * @param keep how far back it reaches, where the size allows
 */
public record HistorySettings(Path file, long limitBytes, Duration keep) {

    /** Where it is if nobody says otherwise. */
    public static final Path DEFAULT_FILE = Path.of("/var/lib/outguard/history.db");

    /** The least that makes sense: a database of less holds next to nothing. */
    public static final int LEAST_MEGABYTES = 16;

    public static final int DEFAULT_MEGABYTES = 1024;
    public static final int DEFAULT_DAYS = 30;

    /** How long seconds are kept apart. */
    public static final Duration SECONDS_KEPT = Duration.ofHours(1);

    static final int PAGE_BYTES = 4096;

    public static final HistorySettings DEFAULT = of(DEFAULT_FILE, DEFAULT_MEGABYTES, DEFAULT_DAYS);

    /** Settings by the units of the policy. */
    public static HistorySettings of(Path file, long megabytes, long days) {
        return new HistorySettings(file, megabytes << 20, Duration.ofDays(days));
    }

    /** The same for another file. */
    public HistorySettings at(Path other) {
        return new HistorySettings(other, limitBytes, keep);
    }

    /* What a row of each kind takes, measured with IPv4 addresses; the parts add up to 95 in a hundred. */
    double secondsEach() {
        return limitBytes * 0.14 / 44 / SECONDS_KEPT.toSeconds();
    }

    double minutesEach() {
        return limitBytes * 0.42 / 48 / keep.toMinutes();
    }

    double hoursEach() {
        return limitBytes * 0.22 / 62 / keep.toHours();
    }

    double daysEach() {
        return limitBytes * 0.06 / 62 / Math.max(1, keep.toDays());
    }

    /* A line names up to a thousand destinations. */
    int offenders() {
        return (int) Math.max(100, limitBytes * 0.05 / 25_000);
    }

    long messages() {
        return (long) (limitBytes * 0.08 / 280);
    }
}
