package org.outguard.headless.complaint.mail;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.DelimitedTable;
import org.outguard.headless.complaint.Draft;
import org.outguard.headless.complaint.LineReader;
import org.outguard.headless.complaint.TimeFinder;

/** Reads the rows of one text, line by line: tables by their head, other lines by their shape, wrapped ones put together. */
public final class PartReader {

    private static final int MAX_LINE = 4_096;
    private static final int MAX_LINES = 300_000;
    private static final int MAX_MISSES = 6;
    private static final Pattern QUOTE = Pattern.compile("^(?:\\s{0,3}>)++ ?");
    private static final Pattern CONTINUES =
            Pattern.compile("^(?:\\s{1,}\\S|\\s*(?:(?i:tcp|udp|icmp)\\b|[\\d\\[*xX<]|[-=]+>)).*");
    /* "name: value", which is no piece of a row. */
    private static final Pattern FIELD = Pattern.compile("^\\s*[*\u2022-]?\\s*[A-Za-z][\\w ./()-]{1,48}:\\s+\\S.*");
    private static final Pattern UNSEEN = Pattern.compile("[\\u200b-\\u200f\\u2060\\ufeff\\u00ad\\u202a-\\u202e]");
    private static final Pattern RULE = Pattern.compile("[\\s+=|_#*-]*");

    private final List<String> lines;
    private final List<@Nullable String> rest = new ArrayList<>();
    private final List<Draft> rows = new ArrayList<>();
    private final int part;
    private final @Nullable ZoneOffset hint;
    private @Nullable DelimitedTable table;
    private int misses;

    private PartReader(List<String> lines, int part, @Nullable ZoneOffset hint) {
        this.lines = lines;
        this.rest.addAll(lines);
        this.part = part;
        this.hint = hint;
    }

    /**
     * What was read.
     *
     * @param rows in their order
     * @param rest the lines, null where one is a row or part of one
     */
    public record Read(List<Draft> rows, List<@Nullable String> rest) {}

    public static Read read(String text, int part, @Nullable ZoneOffset hint) {
        PartReader reader = new PartReader(lines(text), part, hint);
        reader.run();
        return new Read(reader.rows, reader.rest);
    }

    /** Lines without quotation marks, control characters and what makes addresses unclickable; long ones are cut. */
    public static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < text.length() && lines.size() < MAX_LINES) {
            int end = text.indexOf('\n', at);
            int stop = end < 0 ? text.length() : end;
            String line = text.substring(at, Math.min(stop, at + MAX_LINE));
            lines.add(clean(line));
            at = stop + 1;
        }
        return lines;
    }

    private static String clean(String line) {
        StringBuilder plain = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            plain.append(c == '\t' || c >= ' ' && c != 0x7f && c != '\u00a0' ? c : ' ');
        }
        String cleaned = QUOTE.matcher(plain).replaceFirst("");
        cleaned = UNSEEN.matcher(cleaned).replaceAll("");
        return cleaned.replace("[.]", ".")
                .replace("(.)", ".")
                .replace("[dot]", ".")
                .replace("[:]", ":")
                .stripTrailing();
    }

    private void run() {
        for (int i = 0; i < lines.size() && rows.size() < Complaint.MAX_ROWS; i++) {
            String line = lines.get(i);
            if (line.isBlank() || RULE.matcher(line).matches()) {
                continue;
            }
            Optional<DelimitedTable> head = DelimitedTable.head(line, hint);
            if (head.isPresent()) {
                table = head.get();
                misses = 0;
                continue;
            }
            if (!inTable(line, i)) {
                i += single(line, i);
            }
        }
    }

    private boolean inTable(String line, int i) {
        if (table == null) {
            return false;
        }
        Optional<Draft> row = table.row(line).filter(PartReader::enough);
        if (row.isEmpty()) {
            misses++;
            return false;
        }
        misses = 0;
        // What a program's line within it says is known better by its form.
        add(row.get(), i, 1);
        return true;
    }

    private static boolean enough(Draft draft) {
        return draft.at != null
                || draft.source.told() && draft.destination.told()
                || draft.source.told() && draft.sourcePort >= 0;
    }

    /* Gives the number of lines that it took beside the first. */
    private int single(String line, int i) {
        boolean swapped = table != null && table.destinationFirst();
        if (!digits(line) || TimeFinder.find(line, 0, hint).isEmpty()) {
            return 0;
        }
        Optional<Draft> alone = LineReader.read(line, swapped, hint);
        Optional<Draft> best = alone;
        int taken = 1;
        boolean whole = FIELD.matcher(line).matches()
                || alone.isPresent()
                        && (alone.get().byProgram
                                || !alone.get().protocol.isEmpty()
                                        && alone.get().destination.told());
        StringBuilder joined = new StringBuilder(line);
        for (int more = 1; !whole && more <= 3 && i + more < lines.size(); more++) {
            String next = lines.get(i + more);
            if (next.isBlank()
                    || FIELD.matcher(next).matches()
                    || TimeFinder.find(next, 0, hint).isPresent()
                    || alone.isPresent() && !CONTINUES.matcher(next).matches()) {
                break;
            }
            joined.append(' ').append(next);
            Optional<Draft> together = read(joined.toString(), swapped);
            boolean better = together.isPresent()
                    && together.get().source.told()
                    && (together.get().destination.told() || alone.isPresent())
                    && (best.isEmpty() || together.get().known() > best.get().known());
            if (better) {
                best = together;
                taken = more + 1;
            }
        }
        best.ifPresent(row -> add(row, i, 1));
        for (int j = 0; best.isPresent() && j < taken; j++) {
            rest.set(i + j, null);
        }
        return best.isPresent() ? taken - 1 : 0;
    }

    private Optional<Draft> read(String line, boolean swapped) {
        Optional<Draft> row = table == null ? Optional.empty() : table.row(line).filter(PartReader::enough);
        return row.isPresent() ? row : LineReader.read(line, swapped, hint);
    }

    private static boolean digits(String line) {
        return line.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    private void add(Draft row, int line, int count) {
        row.at(part, line);
        if (table != null && misses <= MAX_MISSES) {
            table.zone().ifPresent(zone -> {
                row.tableZone = zone.zone();
                row.tableZoneWords = zone.words();
            });
        }
        rows.add(row);
        for (int j = 0; j < count; j++) {
            rest.set(line + j, null);
        }
    }
}
