package org.outguard.headless.complaint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Rows as they were read to rows that stand once each. */
final class RowList {

    private static final int MAX_COMPARED = 1_000;

    private RowList() {}

    /** Of the lines of one session those that count: one for each source port, else all of the lowest rank. */
    static List<Draft> sessions(List<Draft> rows) {
        Map<String, List<Draft>> sessions = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> !row.session.isEmpty())
                .forEach(row -> sessions.computeIfAbsent(key(row), k -> new ArrayList<>())
                        .add(row));
        Set<Draft> dropped = new HashSet<>();
        for (List<Draft> session : sessions.values()) {
            boolean ports = session.stream().anyMatch(row -> row.sourcePort >= 0);
            int lowest = session.stream().mapToInt(row -> row.rank).min().orElse(0);
            Map<Integer, Draft> best = new HashMap<>();
            for (Draft row : session) {
                if (ports) {
                    Draft before = row.sourcePort < 0 ? null : best.get(row.sourcePort);
                    if (row.sourcePort < 0 || before != null && before.rank <= row.rank) {
                        dropped.add(row);
                    } else {
                        best.put(row.sourcePort, row);
                        if (before != null) {
                            dropped.add(before);
                        }
                    }
                } else if (row.rank > lowest) {
                    dropped.add(row);
                }
            }
        }
        // A log that has failures in it: what else it says of the same client is no row.
        Set<Host> failed = new HashSet<>();
        rows.stream()
                .filter(row -> row.kind == Kind.BRUTE_FORCE && row.rank == 0 && !dropped.contains(row))
                .forEach(row -> failed.add(row.source));
        return rows.stream()
                .filter(row -> !dropped.contains(row) && (row.rank < 2 || !failed.contains(row.source)))
                .toList();
    }

    private static String key(Draft row) {
        return row.session + " " + row.source;
    }

    /** Without summaries of what is there in detail; what only they tell of the other end goes into the details. */
    static List<Draft> withoutSummaries(List<Draft> rows) {
        List<Draft> details = rows.stream()
                .filter(row -> row.grade == Draft.Grade.DETAIL)
                .limit(MAX_COMPARED)
                .toList();
        List<Draft> kept = new ArrayList<>();
        List<Draft> absorbed = new ArrayList<>();
        for (Draft row : rows) {
            boolean summary = row.grade != Draft.Grade.DETAIL;
            if (summary && details.stream().anyMatch(detail -> compatible(row, detail))) {
                absorbed.add(row);
            } else if (!summary || worth(row)) {
                kept.add(row);
            }
        }
        if (absorbed.size() == 1) {
            Draft summary = absorbed.get(0);
            details.stream().filter(detail -> compatible(summary, detail)).forEach(detail -> {
                detail.destination = detail.destination.told() ? detail.destination : summary.destination;
                detail.destinationPort = detail.destinationPort < 0 ? summary.destinationPort : detail.destinationPort;
                detail.protocol = detail.protocol.isEmpty() ? summary.protocol : detail.protocol;
            });
        }
        return kept;
    }

    private static boolean worth(Draft row) {
        boolean ends = row.source.told() || row.destination.told();
        return ends && (row.at != null || row.source.told() && row.destination.told());
    }

    private static boolean compatible(Draft summary, Draft detail) {
        return (!summary.source.told() || !detail.source.told() || summary.source.equals(detail.source))
                && (!summary.destination.told()
                        || !detail.destination.told()
                        || summary.destination.equals(detail.destination))
                && compatible(summary.sourcePort, detail.sourcePort)
                && compatible(summary.destinationPort, detail.destinationPort)
                && (summary.protocol.isEmpty()
                        || detail.protocol.isEmpty()
                        || summary.protocol.equals(detail.protocol));
    }

    private static boolean compatible(int one, int other) {
        return one < 0 || other < 0 || one == other;
    }

    /** Each once; one that tells less than another of the same instant is none of its own. */
    static List<Row> distinct(List<Draft> drafts, TimeZones zones) {
        Map<Row, Row> rows = new LinkedHashMap<>();
        Map<String, List<Row>> known = new HashMap<>();
        for (Draft draft : drafts) {
            if (draft.destination.told() && draft.destination.equals(draft.source)) {
                // Named twice; nobody sends to himself.
                draft.destination = Host.NONE;
            }
            if (draft.protocol.startsWith("icmp")) {
                // What flow exports write there are a type and a code.
                draft.sourcePort = -1;
                draft.destinationPort = -1;
            }
            Optional<Instant[]> at = zones.at(draft);
            Row row = new Row(
                    at.map(times -> times[0]),
                    at.map(times -> times[1]),
                    draft.source,
                    port(draft.sourcePort),
                    draft.destination,
                    port(draft.destinationPort),
                    draft.protocol);
            List<Row> same = known.computeIfAbsent(row.at() + " " + row.source(), k -> new ArrayList<>());
            if (rows.containsKey(row) || same.stream().limit(200).anyMatch(other -> tellsMore(other, row))) {
                continue;
            }
            same.stream()
                    .limit(200)
                    .filter(other -> tellsMore(row, other))
                    .findFirst()
                    .ifPresent(less -> {
                        rows.remove(less);
                        same.remove(less);
                    });
            if (rows.size() < Complaint.MAX_ROWS) {
                rows.put(row, row);
                same.add(row);
            }
        }
        return new ArrayList<>(rows.values());
    }

    private static boolean tellsMore(Row more, Row less) {
        return covers(more.sourcePort(), less.sourcePort())
                && covers(more.destinationPort(), less.destinationPort())
                && (!less.destination().told() || less.destination().equals(more.destination()))
                && (less.protocol().isEmpty() || less.protocol().equals(more.protocol()));
    }

    private static boolean covers(OptionalInt more, OptionalInt less) {
        return less.isEmpty() || less.equals(more);
    }

    private static OptionalInt port(int port) {
        return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
