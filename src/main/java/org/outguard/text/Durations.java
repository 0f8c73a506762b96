package org.outguard.text;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Spans of time for people. */
public final class Durations {

    private static final Pattern WORDS =
            Pattern.compile("(?:(\\d{1,4})d)?(?:(\\d{1,5})h)?(?:(\\d{1,6})m)?(?:(\\d{1,7})s)?");

    private Durations() {}

    /** As a clock that runs down: {@code 0:07}, {@code 9:58}, {@code 1:05:00}; {@code 0:00} when over. */
    public static String clock(Duration left) {
        long seconds = Math.max(0, left.toSeconds());
        String tail = two(seconds / 60 % 60) + ":" + two(seconds % 60);
        if (seconds >= 3600) {
            return seconds / 3600 + ":" + tail;
        }
        return tail.startsWith("0") ? tail.substring(1) : tail;
    }

    /** As it is typed: {@code 30s}, {@code 10m}, {@code 1h30m}, {@code 2d}. */
    public static String words(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        StringBuilder words = new StringBuilder();
        append(words, seconds / 86400, 'd');
        append(words, seconds / 3600 % 24, 'h');
        append(words, seconds / 60 % 60, 'm');
        append(words, seconds % 60, 's');
        return words.isEmpty() ? "0s" : words.toString();
    }

    /**
     * How old something is, in six characters: seconds within the first minute, then {@code 59m}, {@code 23h59m},
     * {@code 99d23h}, {@code 100d}. An age that grew each second would be drawn each second.
     */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        long unit = seconds < 86_400 ? 60 : seconds < 100 * 86_400 ? 3_600 : 86_400;
        return words(Duration.ofSeconds(seconds - seconds % unit));
    }

    /** Reads {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}; empty where it is none of these or no time at all. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = WORDS.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        Duration sum = Duration.ofDays(number(parts.group(1)))
                .plusHours(number(parts.group(2)))
                .plusMinutes(number(parts.group(3)))
                .plusSeconds(number(parts.group(4)));
        return sum.isZero() ? Optional.empty() : Optional.of(sum);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static void append(StringBuilder words, long amount, char unit) {
        if (amount > 0) {
            words.append(amount).append(unit);
        }
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
