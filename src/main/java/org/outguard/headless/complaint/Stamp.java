package org.outguard.headless.complaint;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time as it is written: the year, the date and the zone may be missing.
 *
 * @param year 0 where it is not written
 * @param month 1..12; 0 where no date is written
 * @param day 1..31; 0 where no date is written
 * @param swappable whether month and day may be the other way round: {@code 03/04/2026}
 * @param time time of day
 * @param end of a range, its end; empty for one that is none
 * @param zone null where none is written
 * @param zoneWords the zone as it is written
 * @param exact for seconds of the epoch, which need nothing else
 */
public record Stamp(
        int year,
        int month,
        int day,
        boolean swappable,
        LocalTime time,
        Optional<LocalTime> end,
        @Nullable ZoneId zone,
        String zoneWords,
        Optional<Instant> exact) {

    /* A clock may be wrong, and the earth has 26 hours of zones. */
    private static final Duration AHEAD = Duration.ofHours(26);

    static Stamp ofEpoch(Instant exact) {
        return new Stamp(
                0,
                0,
                0,
                false,
                LocalTime.MIDNIGHT,
                Optional.empty(),
                ZoneOffset.UTC,
                "epoch seconds",
                Optional.of(exact));
    }

    boolean hasDate() {
        return exact.isPresent() || day > 0;
    }

    Stamp in(ZoneId other, String words) {
        return new Stamp(year, month, day, swappable, time, end, other, words, exact);
    }

    Stamp on(Stamp date) {
        return new Stamp(date.year, date.month, date.day, date.swappable, time, end, zone, zoneWords, exact);
    }

    /**
     * The instant in a zone.
     *
     * @param in the zone, for a stamp that has none of its own
     * @param reference a time soon after it: what is not written is what brings it closest before that
     * @return empty for a date that there is not
     */
    public Optional<Instant> at(ZoneId in, Instant reference) {
        return exact.or(() -> resolve(zone == null ? in : zone, reference, time));
    }

    /** The end of the range; the instant itself where it is none. */
    Optional<Instant> until(ZoneId in, Instant reference) {
        Optional<Instant> start = at(in, reference);
        if (end.isEmpty() || start.isEmpty()) {
            return start;
        }
        ZoneId taken = zone == null ? in : zone;
        LocalDateTime from = LocalDateTime.ofInstant(start.get(), taken);
        LocalDateTime to = from.toLocalDate().atTime(end.get());
        return Optional.of(
                (to.isBefore(from) ? to.plusDays(1) : to).atZone(taken).toInstant());
    }

    private Optional<Instant> resolve(ZoneId in, Instant reference, LocalTime of) {
        List<LocalDate> dates = new ArrayList<>();
        LocalDate near = LocalDate.ofInstant(reference, in);
        if (day == 0) {
            for (int back = -1; back <= 1; back++) {
                dates.add(near.plusDays(back));
            }
        } else {
            for (int y = year == 0 ? near.getYear() - 1 : year; y <= (year == 0 ? near.getYear() + 1 : year); y++) {
                add(dates, y, month, day);
                if (swappable) {
                    add(dates, y, day, month);
                }
            }
        }
        Instant latest = reference.plus(day == 0 ? Duration.ofHours(1) : AHEAD);
        return dates.stream()
                .map(date -> date.atTime(of).atZone(in).toInstant())
                .min(Comparator.comparing((Instant at) -> at.isAfter(latest))
                        .thenComparing(at -> Duration.between(at, reference).abs()));
    }

    private static void add(List<LocalDate> dates, int year, int month, int day) {
        try {
            dates.add(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            // 31/02: no such date in this order.
        }
    }
}
