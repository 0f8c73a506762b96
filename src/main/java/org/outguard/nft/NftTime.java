package org.outguard.nft;

import java.time.Duration;

/** Spans of time in nft's own words. */
final class NftTime {

    private NftTime() {}

    /** In whole seconds, never shorter; 0 would be no time at all. */
    static long seconds(Duration length) {
        long wholeSeconds = length.plusNanos(999_999_999).toSeconds();
        if (wholeSeconds < 1) {
            throw new IllegalArgumentException("a time of " + length);
        }
        return wholeSeconds;
    }

    /** {@code 1h30m}. */
    static String words(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        StringBuilder text = new StringBuilder();
        append(text, time.toDays(), "d");
        append(text, time.toHoursPart(), "h");
        append(text, time.toMinutesPart(), "m");
        append(text, time.toSecondsPart(), "s");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(count).append(unit);
        }
    }
}
