package org.outguard.maillog;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.outguard.mail.LogReading;

/** Counts the lines of all sources by what was made of them. */
final class ReadLines {

    private static final int MAX_SYSTEMS = 16;

    private final long[] counts = new long[LineKind.values().length];
    private final TreeSet<String> systems = new TreeSet<>();
    private Optional<LogReading.Place> first = Optional.empty();

    void count(LineKind kind, String file, long line) {
        counts[kind.ordinal()]++;
        if (!kind.understood() && first.isEmpty()) {
            first = Optional.of(new LogReading.Place(file, line));
        }
    }

    /** A line of a mail system that is not supported. */
    void unsupported(String system) {
        if (systems.size() < MAX_SYSTEMS) {
            systems.add(system);
        }
    }

    long count(LineKind kind) {
        return counts[kind.ordinal()];
    }

    long all() {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all;
    }

    long notUnderstood() {
        long sum = 0;
        for (LineKind kind : LineKind.values()) {
            sum += kind.understood() ? 0 : counts[kind.ordinal()];
        }
        return sum;
    }

    LogReading reading() {
        Map<LineKind, Long> kinds = new EnumMap<>(LineKind.class);
        for (LineKind kind : LineKind.values()) {
            if (counts[kind.ordinal()] > 0 && !kind.understood()) {
                kinds.put(kind, counts[kind.ordinal()]);
            }
        }
        return new LogReading(
                all(),
                notUnderstood(),
                count(LineKind.FORGED),
                first,
                kinds.entrySet().stream()
                        .map(e -> new LogReading.Kind(
                                e.getKey().word(), e.getKey().words(), e.getValue()))
                        .toList(),
                java.util.List.copyOf(systems));
    }
}
