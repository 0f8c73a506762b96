package org.outguard.headless.complaint;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Blocks of named values, one a line: {@code Source: 192.0.2.1}. XARF's YAML is one, and many desks' forms are. */
final class Blocks {

    private static final Pattern LINE = Pattern.compile(
            "^[\\s*\u2022#-]{0,8}([A-Za-z][\\p{L}\\p{N} _/().&'-]{1,48}?)\\s*(?:\\.{2,}|\\t|[:=]|: ?-)\\s*(\\S.*)$");
    private static final Pattern NAME_ALONE =
            Pattern.compile("^[\\s*\u2022#-]{0,8}([A-Za-z][\\p{L} _/()-]{1,40}?)\\s*:\\s*$");
    private static final int MAX_SOURCES = 200;

    private final @Nullable ZoneOffset hint;
    private final List<Draft> rows = new ArrayList<>();
    private FieldValues values;
    private final Set<FieldName> seen = EnumSet.noneOf(FieldName.class);
    private List<Host> sources = new ArrayList<>();
    private List<Host> destinations = new ArrayList<>();
    private int start;

    private Blocks(@Nullable ZoneOffset hint) {
        this.hint = hint;
        this.values = new FieldValues(hint);
    }

    /**
     * Reads the blocks of a text.
     *
     * @param lines null where a line is a row already
     * @return rows with whatever they name: those without time or source, too
     */
    static List<Draft> read(List<@Nullable String> lines, int part, @Nullable ZoneOffset hint) {
        Blocks blocks = new Blocks(hint);
        int blank = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line == null) {
                continue;
            }
            blank = line.isBlank() ? blank + 1 : 0;
            if (blank > 1) {
                blocks.end(part);
            }
            Matcher named = LINE.matcher(line);
            Matcher alone = NAME_ALONE.matcher(line);
            String next = i + 1 < lines.size() ? lines.get(i + 1) : null;
            if (named.matches()) {
                blocks.take(named.group(1), named.group(2), part, i);
            } else if (alone.matches() && next != null && !next.isBlank()) {
                blocks.take(alone.group(1), next, part, i);
            }
        }
        blocks.end(part);
        return blocks.rows;
    }

    private void take(String name, String value, int part, int line) {
        Optional<FieldName> field = FieldName.of(name);
        if (field.isEmpty() || field.get() == FieldName.LOG) {
            return;
        }
        if (seen.contains(field.get())
                && (field.get() == FieldName.SOURCE || field.get() == FieldName.TIME)
                && seen.contains(FieldName.SOURCE)
                && seen.contains(FieldName.TIME)) {
            end(part);
        }
        if (seen.isEmpty()) {
            start = line;
        }
        FieldName taken = field.get();
        boolean read =
                values.set(taken, name, value) || taken == FieldName.CLOCK && values.set(FieldName.TIME, name, value);
        if (read) {
            seen.add(taken);
            if (taken == FieldName.SOURCE || taken == FieldName.DESTINATION) {
                List<Host> hosts = taken == FieldName.SOURCE ? sources : destinations;
                HostFinder.all(value).stream()
                        .map(HostFinder.Found::host)
                        .filter(host -> !hosts.contains(host) && hosts.size() < MAX_SOURCES)
                        .forEach(hosts::add);
            }
        }
    }

    private void end(int part) {
        if (seen.size() > 0 && rows.size() < Complaint.MAX_ROWS) {
            Draft draft = values.draft(false).at(part, start);
            draft.grade = Draft.Grade.SUMMARY;
            rows.add(draft);
            for (Host other : destinations) {
                if (!other.equals(draft.destination)) {
                    Draft copy = copy(draft, draft.source).at(part, start);
                    copy.destination = other;
                    rows.add(copy);
                }
            }
            for (Host other : sources) {
                if (!other.equals(draft.source) && draft.sourcePort < 0) {
                    rows.add(copy(draft, other).at(part, start));
                }
            }
        }
        values = new FieldValues(hint);
        seen.clear();
        sources = new ArrayList<>();
        destinations = new ArrayList<>();
    }

    static Draft copy(Draft draft, Host source) {
        Draft copy = new Draft();
        copy.grade = draft.grade;
        copy.source = source;
        copy.destination = draft.destination;
        copy.sourcePort = draft.sourcePort;
        copy.destinationPort = draft.destinationPort;
        copy.protocol = draft.protocol;
        copy.at = draft.at;
        copy.kind = draft.kind;
        copy.line = draft.line;
        copy.part = draft.part;
        return copy;
    }
}
