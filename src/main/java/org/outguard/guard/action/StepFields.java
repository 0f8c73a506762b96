package org.outguard.guard.action;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a {@link Step} as a journal has them: texts, whole numbers, lists and maps of those. */
public final class StepFields {

    /** The last second of the year 9999. */
    private static final long LAST_OF_FOUR_DIGITS = 253_402_300_799L;

    private final Map<?, ?> fields;

    private StepFields(Map<?, ?> fields) {
        this.fields = fields;
    }

    /**
     * Makes a step again.
     *
     * @param word see {@link Step#word()}
     * @param fields see {@link Step#fields()}; others may stand among them
     * @throws IllegalArgumentException where they make none
     * @throws java.time.DateTimeException where a time among them is none
     */
    public static Step read(String word, Map<?, ?> fields) {
        StepFields from = new StepFields(fields);
        return NetworkStep.read(word, from)
                .or(() -> ProcessStep.read(word, from))
                .or(() -> MailStep.read(word, from))
                .or(() -> FileStep.read(word, from))
                .orElseThrow(() -> new IllegalArgumentException("no action"));
    }

    String text(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw missing(name);
    }

    String text(String name, String otherwise) {
        return fields.containsKey(name) ? text(name) : otherwise;
    }

    Optional<String> optionalText(String name) {
        return fields.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** A whole number that is not negative. */
    long number(String name) {
        Object value = fields.get(name);
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw missing(name);
    }

    /** A whole number of 31 bits that is not negative. */
    int smallNumber(String name) {
        long value = number(name);
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " " + value);
        }
        return (int) value;
    }

    /** Whether there is one of that name. */
    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A user's number, 32 bits without a sign. */
    int uid() {
        long uid = number("uid");
        if (uid > 0xffff_ffffL) {
            throw new IllegalArgumentException("uid " + uid);
        }
        return (int) uid;
    }

    long number(String name, long otherwise) {
        return fields.containsKey(name) ? number(name) : otherwise;
    }

    Duration duration(String name) {
        return Duration.parse(text(name));
    }

    Instant time(String name) {
        return Instant.parse(text(name));
    }

    /** A time as {@link #time} reads it: what Instant.toString says, at a tenth of its cost, since a step may have many. */
    static String written(Instant time) {
        long second = time.getEpochSecond();
        if (second < 0 || second > LAST_OF_FOUR_DIGITS) {
            return time.toString();
        }
        String text = LocalDateTime.ofEpochSecond(second, time.getNano(), ZoneOffset.UTC)
                .toString();
        // Seconds are left out there where they are 0.
        return second % 60 == 0 && time.getNano() == 0 ? text + ":00Z" : text + "Z";
    }

    /** A list of maps. */
    List<StepFields> list(String name) {
        List<StepFields> entries = new ArrayList<>();
        if (!(fields.get(name) instanceof List<?> list)) {
            throw missing(name);
        }
        for (Object entry : list) {
            if (!(entry instanceof Map<?, ?> map)) {
                throw missing(name);
            }
            entries.add(new StepFields(map));
        }
        return entries;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("no " + name);
    }
}
