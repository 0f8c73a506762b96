package org.outguard.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Times of day for people, without DateTimeFormatter: it loads the words of a locale, which the first frame waits for. */
public final class Times {

    private Times() {}

    /** {@code 17:00:45}. */
    public static String clock(Instant at, ZoneId zone) {
        ZonedDateTime time = at.atZone(zone);
        return two(time.getHour()) + ":" + two(time.getMinute()) + ":" + two(time.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
