package org.outguard.maillog.file;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.outguard.mail.LogReading;
import org.outguard.maillog.line.LineKind;

/** Counts the lines of all sources by what was made of them. */
public final class ReadLines {

    private static final int MAX_SYSTEMS = 16;

    private final Map<LineKind, Long> counts = new EnumMap<>(LineKind.class);
    private final TreeSet<String> systems = new TreeSet<>();
    private Optional<LogReading.Place> first = Optional.empty();

    public void count(LineKind kind, String file, long line) {
        counts.merge(kind, 1L, Long::sum);
        if (!kind.understood() && first.isEmpty()) {
            first = Optional.of(new LogReading.Place(file, line));
        }
    }

    /** A line of a mail system that is not supported. */
    public void unsupported(String system) {
        if (systems.size() < MAX_SYSTEMS) {
            systems.add(system);
        }
    }

    public long count(LineKind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    public long all() {
        return counts.values().stream().mapToLong(count -> count).sum();
    }

    public long notUnderstood() {
        return counts.entrySet().stream()
                .filter(e -> !e.getKey().understood())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    public LogReading reading() {
        return new LogReading(
                all(),
                notUnderstood(),
                count(LineKind.FORGED),
                first,
                counts.entrySet().stream()
                        .filter(e -> !e.getKey().understood())
                        .map(e -> new LogReading.Kind(
                                e.getKey().word(), e.getKey().words(), e.getValue()))
                        .toList(),
                java.util.List.copyOf(systems));
    }
}
