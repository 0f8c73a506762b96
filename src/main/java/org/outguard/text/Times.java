package org.outguard.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Times of day for people, without DateTimeFormatter: it loads the words of a locale, which the first frame waits for. */
public final class Times {

    private Times() {}

    /** {@code 17:00:45}. */
    public static String clock(Instant at, ZoneId zone) {
        ZonedDateTime time = at.atZone(zone);
        return two(time.getHour()) + ":" + two(time.getMinute()) + ":" + two(time.getSecond());
    }

    /** {@code 2025-12-05 17:00:45 UTC}. */
    public static String day(Instant at) {
        String text = at.truncatedTo(ChronoUnit.SECONDS).toString();
        return text.substring(0, text.length() - 1).replace('T', ' ') + " UTC";
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
