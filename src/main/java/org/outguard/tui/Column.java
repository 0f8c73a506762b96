package org.outguard.tui;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Columns of the table, from left to right. */
enum Column {
    SEVERITY("severity", 9, 9, false, Sort.SEVERITY),
    SCORE("score", 5, 14, false, null),
    PID("pid", 7, 7, true, Sort.PID),
    PROCESS("process", 10, 36, false, Sort.PROCESS),
    USER("user", 8, 14, false, Sort.USER),
    DESTINATION("destination", 19, 30, false, Sort.DESTINATION),
    PACKETS("pps", 5, 6, true, Sort.PACKETS),
    BITS("bit/s", 6, 6, true, Sort.BITS),
    HISTORY("last 60 s", 12, 60, false, null),
    MATCH("match", 5, 5, false, null),
    ACTION("action", 12, 12, false, null);

    final String title;
    final boolean right;
    private final int least;
    private final int most;
    private final Optional<Sort> sort;

    Column(String title, int least, int most, boolean right, @org.jspecify.annotations.Nullable Sort sort) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.right = right;
        this.sort = Optional.ofNullable(sort);
    }

    /** A column in its place. */
    record Placed(Column column, int from, int width) {}

    /* A step towards a richer table: a column comes in, or one that is in grows to a width. */
    private record Step(Column column, int width) {}

    private static final List<Step> STEPS = List.of(
            new Step(SEVERITY, SEVERITY.least),
            new Step(PROCESS, PROCESS.least),
            new Step(PACKETS, PACKETS.least),
            new Step(ACTION, ACTION.least),
            new Step(PID, PID.least),
            new Step(DESTINATION, DESTINATION.least),
            new Step(USER, USER.least),
            new Step(BITS, BITS.least),
            new Step(MATCH, MATCH.least),
            new Step(PROCESS, 16),
            new Step(SCORE, SCORE.least),
            new Step(HISTORY, HISTORY.least),
            new Step(PROCESS, 24),
            new Step(DESTINATION, 22),
            new Step(SCORE, 10),
            new Step(PROCESS, 28),
            new Step(HISTORY, 20),
            new Step(USER, 12),
            new Step(SCORE, SCORE.most),
            new Step(DESTINATION, DESTINATION.most),
            new Step(HISTORY, 30),
            new Step(PROCESS, PROCESS.most),
            new Step(PACKETS, PACKETS.most),
            new Step(USER, USER.most),
            new Step(HISTORY, HISTORY.most));

    Optional<Sort> sort() {
        return sort;
    }

    /** The columns for a width of the screen. What is left over goes to the process, then to the history. */
    static List<Placed> place(int columns) {
        int gap = columns < 140 ? 1 : 2;
        int edge = columns < 60 ? 0 : 1;
        int left = columns - 2 * edge + gap;
        Map<Column, Integer> widths = new EnumMap<>(Column.class);
        for (Step step : STEPS) {
            Integer now = widths.get(step.column);
            int cost = now == null ? step.width + gap : step.width - now;
            if (cost > left && now == null) {
                // The columns that follow are worth less than room for those that are there.
                break;
            }
            int granted = now == null ? step.width : now + Math.min(cost, left);
            left -= now == null ? cost : granted - now;
            widths.put(step.column, granted);
        }
        Integer process = widths.get(PROCESS);
        if (process != null && left > 0) {
            widths.put(PROCESS, process + left);
        }
        List<Placed> placed = new ArrayList<>();
        int from = edge;
        for (Map.Entry<Column, Integer> entry : widths.entrySet()) {
            placed.add(new Placed(entry.getKey(), from, entry.getValue()));
            from += entry.getValue() + gap;
        }
        return placed;
    }
}
