package org.outguard.headless;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.headless.ndjson.EyeJson;
import org.outguard.headless.ndjson.Fields;
import org.outguard.headless.ndjson.Ndjson;
import org.outguard.text.SourceCountLabels;

/**
 * An offender as a log has it, see {@link Ndjson#talker}: its last line, with the highest rates of all its lines. Text from
 * outside is in it.
 *
 * @param fields the last line
 * @param firstSeen time of its first packet
 * @param lastSeen time of its last one
 * @param peakPacketsPerSecond of all lines
 * @param peakBitsPerSecond of all lines
 * @param rates its packets a second over time, as far as they were recorded
 */
public record PastOffender(
        Map<String, Object> fields,
        Instant firstSeen,
        Instant lastSeen,
        double peakPacketsPerSecond,
        double peakBitsPerSecond,
        RateCurve rates) {

    /** Reads a line; empty where it is none of an offender. */
    static Optional<PastOffender> read(Map<String, Object> fields) {
        if (!"offender".equals(fields.get("type")) || text(fields, "id").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PastOffender(
                    fields,
                    Instant.parse(text(fields, "firstSeen")),
                    Instant.parse(text(fields, "lastSeen")),
                    number(fields, "packetsPerSecond"),
                    number(fields, "bitsPerSecond"),
                    rate(fields)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /* The rate of a line is that of the second before it. */
    private static RateCurve rate(Map<String, Object> fields) {
        if (!(fields.get("packetsPerSecond") instanceof Number rate)) {
            return RateCurve.NONE;
        }
        return moment(fields, "at")
                .map(at -> RateCurve.of(at.minusSeconds(1), at, rate.doubleValue()))
                .orElse(RateCurve.NONE);
    }

    private static Optional<Instant> moment(Map<String, Object> fields, String name) {
        try {
            return Optional.of(Instant.parse(text(fields, name)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** When it ended; empty where no line says that it has. */
    public Optional<Instant> endedAt() {
        return moment(fields, "endedAt");
    }

    /** One of which the newest line and the span of all lines were kept; empty where the line cannot be read. */
    public static Optional<PastOffender> of(
            String line, Instant first, Instant last, double peakPacketsPerSecond, double peakBitsPerSecond) {
        return Fields.read(line)
                .map(fields ->
                        new PastOffender(fields, first, last, peakPacketsPerSecond, peakBitsPerSecond, RateCurve.NONE));
    }

    /** The same with other rates. */
    public PastOffender withRates(RateCurve newRates) {
        return new PastOffender(fields, firstSeen, lastSeen, peakPacketsPerSecond, peakBitsPerSecond, newRates);
    }

    /** The same offender with a later line. */
    PastOffender then(PastOffender later) {
        return new PastOffender(
                later.fields,
                firstSeen.isBefore(later.firstSeen) ? firstSeen : later.firstSeen,
                lastSeen.isAfter(later.lastSeen) ? lastSeen : later.lastSeen,
                Math.max(peakPacketsPerSecond, later.peakPacketsPerSecond),
                Math.max(peakBitsPerSecond, later.peakBitsPerSecond),
                rates.and(later.rates));
    }

    /**
     * A destination of its packets.
     *
     * @param address as text
     * @param port its port
     * @param packets how many
     */
    public record Remote(String address, int port, long packets) {}

    /** Where it sent to, busiest first. */
    public List<Remote> remotes() {
        List<Remote> remotes = new ArrayList<>();
        if (fields.get("remotes") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map && map.get("address") instanceof String address) {
                    remotes.add(new Remote(address, (int) number(map, "port"), (long) number(map, "packets")));
                }
            }
        }
        return remotes;
    }

    /** What both eyes counted of it, in words; empty where that was not recorded. */
    public Optional<String> counts() {
        return EyeJson.read(fields).map(eyes -> SourceCountLabels.of(eyes, (int) number("remoteCount")));
    }

    /** A field as text; empty where it is not there or null. */
    public String text(String name) {
        return text(fields, name);
    }

    /** A number; 0 where it is not there. */
    public long number(String name) {
        return (long) number(fields, name);
    }

    /** A field of its owner as text; empty where nobody was named. */
    public String owner(String name) {
        return fields.get("owner") instanceof Map<?, ?> owner ? text(owner, name) : "";
    }

    /** Whether its last line names this action as one that stands against it. */
    public boolean isTargetOf(String actionId) {
        return fields.get("actions") instanceof List<?> list
                && list.stream().anyMatch(each -> each instanceof Map<?, ?> map && actionId.equals(map.get("id")));
    }

    /** Its ancestors, nearest first: {@code "600 php-fpm8.2"}. */
    public List<String> parents() {
        List<String> parents = new ArrayList<>();
        if (fields.get("owner") instanceof Map<?, ?> owner && owner.get("parents") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map) {
                    parents.add(text(map, "pid") + " " + text(map, "command"));
                }
            }
        }
        return parents;
    }

    private static String text(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value instanceof List<?> words) {
            return String.join(" ", words.stream().map(String::valueOf).toList());
        }
        return value == null ? "" : String.valueOf(value);
    }

    private static double number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : 0;
    }
}
