package org.outguard.headless.complaint;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A table with a head line: columns by a separator (comma, semicolon, bar, tab), or by blanks. */
public final class DelimitedTable {

    private static final char BLANKS = ' ';
    private static final char[] SEPARATORS = {'\t', '|', ';', ','};
    private static final Pattern ARROW = Pattern.compile("(?:^|\\s)(?:[-=]+>|>|\u2192|\u00bb)(?=\\s|$)");
    private static final Pattern BRACKETS = Pattern.compile("\\([^)]*\\)|\\[[^]]*]");
    private static final int MAX_COLUMNS = 200;

    /* A head has names; rows have numbers. */
    private static final int MAX_DIGITS = 24;

    private final char separator;
    private final List<String> names;
    private final List<Optional<FieldName>> fields;
    private final Optional<ZoneNames.Statement> zone;
    private final @Nullable ZoneOffset hint;

    private DelimitedTable(
            char separator,
            List<String> names,
            List<Optional<FieldName>> fields,
            Optional<ZoneNames.Statement> zone,
            @Nullable ZoneOffset hint) {
        this.separator = separator;
        this.names = names;
        this.fields = fields;
        this.zone = zone;
        this.hint = hint;
    }

    /** The table that a line is the head of; empty where it is none. */
    public static Optional<DelimitedTable> head(String line, @Nullable ZoneOffset hint) {
        String bare = line.strip().replaceFirst("(?i)^(?:format|columns?|fields?|header)\\s*:\\s*", "");
        if (bare.length() < 6
                || bare.length() > 2_000
                || bare.chars().filter(Character::isDigit).count() > MAX_DIGITS) {
            return Optional.empty();
        }
        for (char separator : SEPARATORS) {
            if (bare.indexOf(separator) >= 0) {
                Optional<DelimitedTable> table = of(separator, cells(bare, separator), bare, hint);
                if (table.isPresent()) {
                    return table;
                }
            }
        }
        String words = ARROW.matcher(BRACKETS.matcher(bare).replaceAll(" ")).replaceAll(" ");
        return of(BLANKS, List.of(words.strip().split("\\s+")), bare, hint);
    }

    private static Optional<DelimitedTable> of(
            char separator, List<String> cells, String line, @Nullable ZoneOffset hint) {
        if (cells.size() < 2 || cells.size() > MAX_COLUMNS) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(cells);
        List<Optional<FieldName>> fields = new ArrayList<>();
        names.forEach(name -> fields.add(FieldName.of(name)));
        long known = fields.stream().filter(Optional::isPresent).count();
        boolean hosts = fields.contains(Optional.of(FieldName.SOURCE))
                || fields.contains(Optional.of(FieldName.DESTINATION))
                || fields.contains(Optional.of(FieldName.LOG));
        boolean enough = separator == BLANKS
                ? (known >= 5 || known >= 3 && known * 2 >= names.size()) && !line.endsWith(".")
                : known >= 2 && known * 4 >= Math.min(names.size(), 24);
        if (!hosts
                || !enough
                || !HostFinder.all(line).isEmpty()
                || TimeFinder.find(line, 0, hint).isPresent()) {
            return Optional.empty();
        }
        if (separator == BLANKS) {
            joinDate(names, fields);
        }
        nameBarePorts(fields);
        return Optional.of(new DelimitedTable(
                separator,
                names,
                fields,
                ZoneNames.stated(
                        line.replace('_', ' ').toUpperCase(Locale.ROOT).contains("UTC")
                                ? line.replace('_', ' ').replace("utc", "UTC")
                                : line,
                        false,
                        hint),
                hint));
    }

    /* "Source, Port, Destination, Port": each port is of what stands before it. */
    private static void nameBarePorts(List<Optional<FieldName>> fields) {
        boolean both =
                fields.contains(Optional.of(FieldName.SOURCE)) && fields.contains(Optional.of(FieldName.DESTINATION));
        for (int i = 1; both && i < fields.size(); i++) {
            if (fields.get(i).equals(Optional.of(FieldName.PORT))) {
                Optional<FieldName> before = fields.get(i - 1);
                boolean ofSource = before.equals(Optional.of(FieldName.SOURCE));
                boolean ofDestination = before.equals(Optional.of(FieldName.DESTINATION));
                fields.set(
                        i,
                        Optional.of(
                                ofSource
                                        ? FieldName.SOURCE_PORT
                                        : ofDestination ? FieldName.DESTINATION_PORT : FieldName.PORT));
            }
        }
    }

    /* "date Time": both are what one time is read for. */
    private static void joinDate(List<String> names, List<Optional<FieldName>> fields) {
        for (int i = 0; i + 1 < fields.size(); i++) {
            boolean date = fields.get(i).equals(Optional.of(FieldName.DATE));
            Optional<FieldName> next = fields.get(i + 1);
            if (date && (next.equals(Optional.of(FieldName.TIME)) || next.equals(Optional.of(FieldName.CLOCK)))) {
                names.remove(i);
                fields.remove(i);
            } else if (date) {
                fields.set(i, Optional.of(FieldName.TIME));
            }
        }
    }

    public Optional<ZoneNames.Statement> zone() {
        return zone;
    }

    /** Whether its columns name the destination before the source. */
    public boolean destinationFirst() {
        int source = fields.indexOf(Optional.of(FieldName.SOURCE));
        int destination = fields.indexOf(Optional.of(FieldName.DESTINATION));
        return destination >= 0 && source > destination;
    }

    /** A line of it; empty where it is none. */
    public Optional<Draft> row(String line) {
        List<String> cells = separator == BLANKS ? words(line) : cells(line.strip(), separator);
        boolean fits = separator == BLANKS
                ? cells.size() >= fields.size() && cells.size() <= fields.size() + 1
                : cells.size() >= Math.min(2, fields.size());
        if (!fits || cells.size() > MAX_COLUMNS) {
            return Optional.empty();
        }
        FieldValues values = new FieldValues(hint);
        boolean host = false;
        boolean time = false;
        Optional<Draft> inside = Optional.empty();
        for (int i = 0; i < Math.min(cells.size(), fields.size()); i++) {
            String cell = cells.get(i);
            if (fields.get(i).isEmpty() || cell.isBlank()) {
                continue;
            }
            FieldName field = fields.get(i).get();
            boolean read = values.set(field, names.get(i), cell);
            host |= read && (field == FieldName.SOURCE || field == FieldName.DESTINATION);
            time |= read && (field == FieldName.TIME || field == FieldName.DATE);
            if (field == FieldName.LOG) {
                inside = LineReader.read(cell, false, hint);
            }
        }
        if (!host && !(time && inside.isPresent()) || separator == BLANKS && !time) {
            return Optional.empty();
        }
        Draft draft = values.draft(portIsSource());
        if (draft.at == null) {
            // A column of time with a name that says nothing.
            draft.at = TimeFinder.find(line, 0, hint)
                    .map(TimeFinder.Found::stamp)
                    .filter(Stamp::hasDate)
                    .orElse(null);
        }
        inside.ifPresent(log -> fill(draft, log));
        return Optional.of(draft);
    }

    /* "ip,port": the port of that address (Shadowserver). With any other name for the source it is what was attacked. */
    private boolean portIsSource() {
        int source = fields.indexOf(Optional.of(FieldName.SOURCE));
        return source >= 0
                && names.get(source).toLowerCase(Locale.ROOT).matches("\\W*(?:ip|addr|address|ipv[46]|host)\\W*")
                && !fields.contains(Optional.of(FieldName.DESTINATION))
                && !fields.contains(Optional.of(FieldName.DESTINATION_PORT));
    }

    static void fill(Draft draft, Draft from) {
        draft.kind = draft.kind == null ? from.kind : draft.kind;
        draft.source = draft.source.told() ? draft.source : from.source;
        draft.destination = draft.destination.told() ? draft.destination : from.destination;
        draft.sourcePort = draft.sourcePort < 0 ? from.sourcePort : draft.sourcePort;
        draft.destinationPort = draft.destinationPort < 0 ? from.destinationPort : draft.destinationPort;
        draft.protocol = draft.protocol.isEmpty() ? from.protocol : draft.protocol;
        draft.at = draft.at == null ? from.at : draft.at;
    }

    /* The time is one word; arrows are none. */
    private List<String> words(String line) {
        Optional<TimeFinder.Found> time = TimeFinder.find(line, 0, hint);
        if (time.isEmpty()) {
            return List.of();
        }
        String token = line.substring(time.get().start(), time.get().end());
        String before = line.substring(0, time.get().start()).replaceAll("\\b[A-Z][a-z]{2},?\\s*$", "");
        String rest = before + " \u0001 " + line.substring(time.get().end());
        List<String> words = new ArrayList<>();
        for (String word : ARROW.matcher(rest).replaceAll(" ").strip().split("\\s+")) {
            words.add(word.equals("\u0001") ? token : word);
        }
        return words;
    }

    /** Cells of a line, quoted ones without their quotes (RFC 4180). */
    static List<String> cells(String line, char separator) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && (quoted || cell.toString().isBlank())) {
                boolean twice = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (twice) {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == separator && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return cells;
    }
}
