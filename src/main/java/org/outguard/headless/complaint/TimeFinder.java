package org.outguard.headless.complaint;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds times in text, in whatever form logs, tables and sentences write them. The forms are a table: {@link #FORMS}. */
public final class TimeFinder {

    private static final Map<String, Integer> MONTHS = months();

    private static final String MON = "(?<mon>\\p{L}{3,10})";
    private static final String ISO_DAY = "(?<![\\d.:/-])(?<y>\\d{4})(?<sep>[-/.])(?<m>\\d{1,2})\\k<sep>(?<d>\\d{1,2})";
    private static final String DAY_MONTH = "(?<![\\d.:/-])(?<d>\\d{1,2})(?:st|nd|rd|th)?\\.?(?:[ /-]| of | de )+" + MON
            + "\\.?(?:(?:[ ,/:-]| de )+(?<y>\\d{4}))?";
    private static final String MONTH_DAY = "(?<![\\p{L}\\d])" + MON
            + "\\.?[ /]+(?<d>\\d{1,2})(?:st|nd|rd|th)?(?![\\d.])(?:[ ,/]+(?<y>\\d{4})(?!\\d))?";
    private static final String NUMBERS =
            "(?<![\\d.:/-])(?<m>\\d{1,2})(?<sep>[-/.])(?<d>\\d{1,2})\\k<sep>(?<y>\\d{4}|\\d{2})(?: \u0433\\.)?";
    private static final String CLOCK =
            "(?<h>\\d{1,2}):(?<mi>\\d{2})(?::(?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?)?(?!\\d|:\\d)(?:\\s?(?<ap>[AaPp])\\.?[Mm]\\b\\.?)?";
    private static final String FULL_CLOCK =
            "(?<![\\w:.])(?<h>\\d{1,2}):(?<mi>\\d{2}):(?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?(?!\\w|:\\d)(?:\\s?(?<ap>[AaPp])\\.?[Mm]\\b\\.?)?";
    private static final String UP_TO =
            "(?:\\s*(?:-|~|\u2013|and|to|until|till|und|bis|y)\\s*(?<h2>\\d{1,2}):(?<mi2>\\d{2})(?::\\d{2})?(?:\\s?(?<ap2>[AaPp])\\.?[Mm]\\b\\.?)?)?";
    private static final String NAMED_ZONE = "(?:\\s*\\(?(?<z>UTC|GMT|[A-Z]{3,4})\\)?)?";
    private static final String BETWEEN =
            "(?:T|[ \\t]*[,@_:;]?[ \\t]*(?:\\b(?:at|um|from|between|since|around|about|approximately|circa|von|zwischen|gegen|ab|entre|las|a|alle|dalle|ore|vers|kl)\\b[ \\t]*){0,3}(?:- )?[ \\t]*)";

    /**
     * A form of a time.
     *
     * @param pattern with the groups y, m or mon, d, h, mi, s, f, ap, or epoch
     * @param groups which of those it has
     */
    private record Form(Pattern pattern, String groups) {
        static Form of(String regex, String groups) {
            return new Form(Pattern.compile(regex), " " + groups + " ");
        }

        boolean has(String group) {
            return groups.contains(" " + group + " ");
        }
    }

    /* In the order in which they are tried at one place; the earliest in the text wins. */
    private static final List<Form> FORMS = List.of(
            Form.of(ISO_DAY + BETWEEN + CLOCK, "y m d h mi s f ap"),
            Form.of(NUMBERS + BETWEEN + CLOCK, "y m d h mi s f ap sep"),
            Form.of(DAY_MONTH + BETWEEN + CLOCK, "y mon d h mi s f ap"),
            Form.of(MONTH_DAY + BETWEEN + CLOCK, "y mon d h mi s f ap"),
            Form.of(
                    "(?<![\\w.-])(?<y>20\\d{2})(?<m>\\d{2})(?<d>\\d{2})[T _-]?(?<h>\\d{2}):?(?<mi>\\d{2}):?(?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?(?=Z|\\b)",
                    "y m d h mi s f"),
            Form.of("(?<![\\d./:-])(?<m>\\d{2})[/-](?<d>\\d{2})[ T-]+" + FULL_CLOCK, "m d h mi s f ap"),
            Form.of("(?<![\\d./:-])(?<m>\\d{2})/(?<d>\\d{2})[ T]+" + CLOCK, "m d h mi s f ap"),
            Form.of(FULL_CLOCK + NAMED_ZONE + "(?:,| on)?[ \\t]+" + ISO_DAY, "y m d h mi s f ap z"),
            Form.of(
                    "(?<![\\d:.])" + CLOCK + UP_TO + NAMED_ZONE + "(?:,| on)[ \\t]+" + ISO_DAY,
                    "y m d h mi s f ap z h2 mi2 ap2"),
            Form.of(
                    "(?<![\\d:.])" + CLOCK + UP_TO + NAMED_ZONE + "(?:,| on| am)[ \\t]+(?:the )?" + DAY_MONTH,
                    "y mon d h mi s f ap z h2 mi2 ap2"),
            Form.of(
                    "(?<![\\d:.])" + CLOCK + UP_TO + NAMED_ZONE + "(?:,| on)[ \\t]+" + MONTH_DAY,
                    "y mon d h mi s f ap z h2 mi2 ap2"),
            Form.of(
                    "(?<![\\w.:-])(?<epoch>1[2-9]\\d{8})(?:\\.(?<f>\\d{1,9}))?(?![\\w:-])|(?<![\\w.:-])(?<millis>1[2-9]\\d{11})(?![\\w:.-])",
                    "epoch f"),
            Form.of(FULL_CLOCK, "h mi s f ap"));

    private static final List<Form> DATES = List.of(
            Form.of(ISO_DAY + "(?!\\d)", "y m d"),
            Form.of(NUMBERS + "(?!\\d)", "y m d sep"),
            Form.of("(?<!\\d)(?<y>20\\d{2})(?<m>\\d{2})(?<d>\\d{2})(?!\\d)", "y m d"),
            Form.of(DAY_MONTH, "y mon d"),
            Form.of(MONTH_DAY, "y mon d"));

    private static final Pattern ZONE = Pattern.compile(
            "\\s*(?:\\+ )?([Zz]\\b|\\(?(?:UTC|GMT)\\s?[+\\-]\\s?\\d{1,2}(?::?\\d{2})?\\)?|[+\\-]\\d{2}:?\\d{2}\\b(?!:)|\\(?[A-Z][A-Za-z]{2,4}\\)?(?![\\w/:])|[(\\[]?[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+[)\\]]?)");
    private static final Pattern YEAR = Pattern.compile("[ ,]+((?:19|20)\\d{2})(?![\\d:.-])");
    private static final Pattern TO = Pattern.compile(
            "\\s*(?:-|~|\u2013|\u2014|to|and|until|till?|through|thru|bis|und|y|et|a)\\s*(?:(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2})[ T])?(?<h>\\d{1,2}):(?<mi>\\d{2})(?::(?<s>\\d{2}))?(?:\\.\\d+)?(?!\\d|:\\d)(?:\\s?(?<ap>[AaPp])\\.?[Mm]\\b\\.?)?");

    private static final int LONGEST = 100;

    private TimeFinder() {}

    /**
     * A time in a text.
     *
     * @param start where it begins
     * @param end behind it, its zone and the end of its range
     */
    public record Found(int start, int end, Stamp stamp) {}

    private static Map<String, Integer> months() {
        Map<String, Integer> months = new HashMap<>();
        String[] names = {
            "jan january januar janvier enero janeiro gennaio jnr",
            "feb february februar f\u00e9vrier fevrier febrero fevereiro febbraio",
            "mar march m\u00e4rz maerz mars marzo mar\u00e7o mrz",
            "apr april avril abril aprile",
            "may mai mayo maggio maio mei",
            "jun june juni juin junio junho giugno",
            "jul july juli juillet julio julho luglio",
            "aug august ao\u00fbt aout agosto augustus",
            "sep sept september septembre septiembre setembro settembre",
            "oct okt october oktober octobre octubre outubro ottobre",
            "nov november novembre noviembre novembro",
            "dec dez december dezember d\u00e9cembre diciembre dezembro dicembre"
        };
        for (int i = 0; i < names.length; i++) {
            for (String name : names[i].split(" ")) {
                months.put(name, i + 1);
            }
        }
        return Map.copyOf(months);
    }

    /** The first time at or behind a place. */
    public static Optional<Found> find(String text, int from, @Nullable ZoneOffset hint) {
        if (!mayHaveTime(text)) {
            return Optional.empty();
        }
        Found best = null;
        for (Form form : FORMS) {
            // Only what begins before the best so far is of use: it ends within a date's length behind that.
            int end = best == null ? text.length() : Math.min(text.length(), best.start + LONGEST);
            Optional<Found> found = first(form, text, from, end, best, hint);
            best = found.orElse(best);
            if (best != null && best.start == from) {
                break;
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean mayHaveTime(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            boolean clock = c == ':'
                    && i > 0
                    && i + 1 < text.length()
                    && Character.isDigit(text.charAt(i - 1))
                    && Character.isDigit(text.charAt(i + 1));
            if (clock || digits >= 10) {
                return true;
            }
        }
        // 20260207T031200Z
        return text.indexOf('T') > 0 && text.matches(".*\\d{8}T\\d{6}.*");
    }

    private static Optional<Found> first(
            Form form, String text, int from, int end, @Nullable Found best, @Nullable ZoneOffset hint) {
        Matcher matcher = form.pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        int at = from;
        while (at <= end) {
            matcher.region(at, end);
            if (!matcher.find() || best != null && matcher.start() >= best.start) {
                return Optional.empty();
            }
            Optional<Stamp> stamp = stamp(form, matcher);
            if (stamp.isPresent()) {
                return Optional.of(completed(text, matcher.start(), matcher.end(), stamp.get(), hint));
            }
            at = matcher.start() + 1;
        }
        return Optional.empty();
    }

    /** A date without a time of day. */
    static Optional<Found> findDate(String text, int from) {
        Found best = null;
        for (Form form : DATES) {
            Matcher matcher = form.pattern.matcher(text);
            int at = from;
            while (at <= text.length() && matcher.find(at) && (best == null || matcher.start() < best.start)) {
                Optional<Stamp> stamp = stamp(form, matcher);
                if (stamp.isPresent()) {
                    best = new Found(matcher.start(), matcher.end(), stamp.get());
                    break;
                }
                at = matcher.start() + 1;
            }
        }
        return Optional.ofNullable(best);
    }

    /** A clock without seconds, for columns that are known to be of time. */
    static Optional<Stamp> clock(String text) {
        Matcher matcher = Pattern.compile(CLOCK).matcher(text.strip());
        return matcher.lookingAt() ? stamp(Form.of("x", "h mi s f ap"), matcher) : Optional.empty();
    }

    private static Found completed(String text, int start, int end, Stamp stamp, @Nullable ZoneOffset hint) {
        int at = end;
        int year = stamp.year();
        ZoneId zone = stamp.zone();
        String words = stamp.zoneWords();
        LocalTime clock = stamp.time();
        Optional<LocalTime> until = stamp.end();
        if (stamp.exact().isPresent()) {
            return new Found(start, end, stamp);
        }
        for (int round = 0; round < 3; round++) {
            Matcher suffix = ZONE.matcher(text).region(at, text.length());
            Matcher range = TO.matcher(text).region(at, text.length());
            Matcher yearBehind = YEAR.matcher(text).region(at, text.length());
            if (zone == null && suffix.lookingAt()) {
                Optional<ZoneId> named = ZoneNames.parse(suffix.group(1), hint);
                if (named.isPresent()) {
                    zone = named.get();
                    words = suffix.group(1).replaceAll("[()\\[\\]]", "");
                    at = suffix.end();
                    continue;
                }
            }
            if (year == 0 && stamp.day() > 0 && yearBehind.lookingAt()) {
                year = Integer.parseInt(yearBehind.group(1));
                at = yearBehind.end();
            } else if (until.isEmpty() && range.lookingAt()) {
                until = time(range, " h mi s ap ");
                // "05:30 to 05:36 PM": both are.
                boolean afternoon = "p".equalsIgnoreCase(range.group("ap")) && clock.getHour() < 12;
                LocalTime later = clock.plusHours(12);
                clock = afternoon && until.filter(to -> !later.isAfter(to)).isPresent() ? later : clock;
                at = until.isPresent() ? range.end() : at;
            } else {
                break;
            }
        }
        return new Found(
                start,
                at,
                new Stamp(
                        year,
                        stamp.month(),
                        stamp.day(),
                        stamp.swappable(),
                        clock,
                        until,
                        zone,
                        words,
                        Optional.empty()));
    }

    private static Optional<Stamp> stamp(Form form, Matcher m) {
        if (form.has("epoch")) {
            return Optional.of(Stamp.ofEpoch(
                    m.group("epoch") == null
                            ? Instant.ofEpochMilli(Long.parseLong(m.group("millis")))
                            : Instant.ofEpochSecond(Long.parseLong(m.group("epoch")), nanos(m.group("f")))));
        }
        int month = 0;
        int day = 0;
        int year = form.has("y") && m.group("y") != null ? Integer.parseInt(m.group("y")) : 0;
        if (form.has("d")) {
            day = Integer.parseInt(m.group("d"));
            month = form.has("mon")
                    ? MONTHS.getOrDefault(m.group("mon").toLowerCase(Locale.ROOT), 0)
                    : Integer.parseInt(m.group("m"));
        }
        boolean swappable = false;
        if (form.has("sep")) {
            year += year < 100 ? 2000 : 0;
            boolean dots = m.group("sep").equals(".");
            boolean halfDay = form.has("ap") && m.group("ap") != null;
            if (month > 12 || dots || day <= 12 && !halfDay) {
                int swap = month;
                month = day;
                day = swap;
            }
            swappable = !dots && month <= 12 && day <= 12;
        }
        if (form.has("d")
                && (month < 1 || month > 12 || day < 1 || day > 31 || year != 0 && (year < 1990 || year > 2100))) {
            return Optional.empty();
        }
        Optional<LocalTime> time = form.has("h") ? time(m, form.groups) : Optional.of(LocalTime.MIDNIGHT);
        boolean zoned = form.has("z") && m.group("z") != null;
        Optional<ZoneId> zone = zoned ? ZoneNames.parse(m.group("z"), null) : Optional.empty();
        Optional<LocalTime> end = form.has("h2") && m.group("h2") != null ? end(m) : Optional.empty();
        int taken = month;
        int on = day;
        int in = year;
        boolean either = swappable;
        return time.map(clock -> new Stamp(
                in,
                taken,
                on,
                either,
                clock,
                end,
                zone.orElse(null),
                zone.isPresent() ? m.group("z") : "",
                Optional.empty()));
    }

    private static Optional<LocalTime> end(Matcher m) {
        int hour = Integer.parseInt(m.group("h2"));
        String half = m.group("ap2");
        int whole = half == null || hour > 12 ? hour : hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
        int minute = Integer.parseInt(m.group("mi2"));
        return whole > 23 || minute > 59 ? Optional.empty() : Optional.of(LocalTime.of(whole, minute));
    }

    private static Optional<LocalTime> time(Matcher m, String groups) {
        int hour = Integer.parseInt(m.group("h"));
        String half = groups.contains(" ap ") ? m.group("ap") : null;
        if (half != null && hour >= 1 && hour <= 12) {
            hour = hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
        }
        String seconds = groups.contains(" s ") ? m.group("s") : null;
        int second = seconds == null ? 0 : Math.min(59, Integer.parseInt(seconds));
        try {
            int nano = groups.contains(" f ") ? nanos(m.group("f")) : 0;
            return Optional.of(LocalTime.of(hour, Integer.parseInt(m.group("mi")), second, nano));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }
}
