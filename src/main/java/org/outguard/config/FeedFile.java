package org.outguard.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.policy.Listings;

/**
 * Reads one feed: an address or network a line with a note behind a semicolon or number sign (Spamhaus DROP and plain lists), CSV
 * (abuse.ch, CrowdSec), or JSON (the same and DROP's, one object a line or all in one). What cannot be read is named by its line.
 */
public final class FeedFile {

    /** Entries of all feeds together. */
    public static final int MOST_ENTRIES = 500_000;

    private static final long MOST_BYTES = 64 << 20;
    private static final int MOST_NOTE = 80;
    private static final int MOST_FAULTS = 3;

    /** Whoever lists more than that lists the Internet: a mistake, or an attack on us. */
    private static final int WIDEST_V4 = 8;

    private static final int WIDEST_V6 = 16;

    private static final Set<String> ADDRESS_FIELDS = Set.of(
            "cidr", "ip", "ip_address", "dst_ip", "ip:port", "value", "network", "range", "ioc_value", "ioc", "prefix");
    private static final Set<String> NOTE_FIELDS =
            Set.of("sblid", "malware", "scenario", "reason", "malware_printable", "threat_type", "as_name");

    private static final Pattern COMMENT = Pattern.compile("\\s*(?:[#;]|//).*|\\s*");
    private static final Pattern SCOPE = Pattern.compile("(?i)(?:ip|range):");
    private static final Pattern PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9.]+):\\d{1,5}");

    private final String name;
    private final List<Listings.Entry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final int room;
    private int wrong;
    private int left;

    private FeedFile(String name, int room) {
        this.name = name;
        this.room = room;
    }

    /**
     * What a file lists.
     *
     * @param entries in the order of the file
     * @param faults what is wrong with it, {@code file:line: reason}, the first few; empty where nothing is. Not safe to print uncleaned
     */
    public record Read(List<Listings.Entry> entries, List<String> faults) {
        public Read {
            entries = List.copyOf(entries);
            faults = List.copyOf(faults);
        }
    }

    /**
     * Reads a feed.
     *
     * @param room how many entries there is room for
     */
    public static Read read(Path file, int room) {
        Path last = file.getFileName();
        FeedFile reading = new FeedFile(last == null ? file.toString() : last.toString(), room);
        try {
            // A pipe would wait for whoever writes to it.
            if (!Files.isRegularFile(file)) {
                return new Read(List.of(), List.of(file + ": no such file, or no regular one"));
            }
            if (Files.size(file) > MOST_BYTES) {
                return new Read(List.of(), List.of(file + ": longer than " + (MOST_BYTES >> 20) + " MiB"));
            }
            try (InputStream in = Files.newInputStream(file)) {
                reading.read(in.readNBytes((int) MOST_BYTES));
            }
        } catch (IOException e) {
            return new Read(List.of(), List.of(file + ": cannot be read: " + e));
        }
        return reading.result(file);
    }

    private Read result(Path file) {
        if (entries.isEmpty() && wrong == 0) {
            faults.add(file + ": lists nothing");
        }
        if (wrong > MOST_FAULTS) {
            faults.add(name + ": " + (wrong - MOST_FAULTS) + " more lines that are not understood");
        }
        if (left > 0) {
            faults.add(name + ": " + left + " entries left out, since " + MOST_ENTRIES + " are the most of all feeds");
        }
        return new Read(entries, faults);
    }

    private void read(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length && Character.isWhitespace(bytes[at])) {
            at++;
        }
        boolean json = at < bytes.length && (bytes[at] == '{' || bytes[at] == '[');
        if (json) {
            readJson(bytes);
        } else {
            readLines(bytes);
        }
    }

    private void readLines(byte[] bytes) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        List<String> columns = List.of();
        boolean first = true;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (COMMENT.matcher(line).matches()) {
                // abuse.ch has the names of the columns in the last comment.
                columns = line.indexOf(',') > 0 ? fields(line.replaceFirst("^[\\s#;]+", "")) : columns;
                continue;
            }
            List<String> fields = line.indexOf(',') > 0 ? fields(line) : List.of();
            // A note may have commas.
            boolean taken = takeLine(line) || takeFields(fields, columns);
            if (!taken && first && names(fields)) {
                columns = fields;
            } else if (!taken) {
                wrong(number, line);
            }
            first = false;
        }
    }

    private static boolean names(List<String> fields) {
        return fields.stream().anyMatch(field -> ADDRESS_FIELDS.contains(field.toLowerCase(Locale.ROOT)));
    }

    private boolean takeLine(String line) {
        int end = 0;
        while (end < line.length() && ";#".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        return take(line.substring(0, end).strip(), line.substring(Math.min(line.length(), end + 1)));
    }

    private boolean takeFields(List<String> fields, List<String> columns) {
        String note = "";
        for (int i = 0; i < Math.min(fields.size(), columns.size()); i++) {
            if (NOTE_FIELDS.contains(columns.get(i).toLowerCase(Locale.ROOT))) {
                note = fields.get(i);
            }
        }
        for (String field : fields) {
            if (take(field, note)) {
                return true;
            }
        }
        return false;
    }

    /* Commas within quotes are rare and harmless: no part of such a text is an address and all others stay in place. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split(",", -1)) {
            fields.add(field.strip().replaceAll("^\"|\"$", "").strip());
        }
        return fields;
    }

    /** An object of JSON, as far as it is read. */
    private static final class Listed {
        private final int line;
        private String address = "";
        private String note = "";

        Listed(int line) {
            this.line = line;
        }

        void field(String name, String value) {
            address = ADDRESS_FIELDS.contains(name) && address.isEmpty() ? value : address;
            note = NOTE_FIELDS.contains(name) ? value : note;
        }
    }

    /* Objects with an address and perhaps a note, at whatever depth. */
    private void readJson(byte[] bytes) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(bytes)) {
            List<Listed> open = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    open.add(new Listed(parser.currentLocation().getLineNr()));
                } else if (token == JsonToken.END_OBJECT && !open.isEmpty()) {
                    Listed object = open.remove(open.size() - 1);
                    if (!object.address.isEmpty() && !take(object.address, object.note)) {
                        wrong(object.line, object.address);
                    }
                } else if (token == JsonToken.VALUE_STRING && !open.isEmpty()) {
                    String field = String.valueOf(parser.currentName()).toLowerCase(Locale.ROOT);
                    open.get(open.size() - 1).field(field, parser.getText());
                } else if (token == JsonToken.VALUE_STRING) {
                    // A list of nothing but addresses.
                    if (!take(parser.getText(), "")) {
                        wrong(parser.currentLocation().getLineNr(), parser.getText());
                    }
                }
            }
        } catch (JsonParseException e) {
            wrong++;
            faults.add(name + ":" + e.getLocation().getLineNr() + ": no JSON from here on: " + e.getOriginalMessage());
        }
    }

    private boolean take(String text, String note) {
        Optional<BlockTarget.Remote> network = network(text);
        if (network.isEmpty()) {
            return false;
        }
        if (entries.size() >= room) {
            left++;
        } else {
            String said = note.strip();
            entries.add(new Listings.Entry(
                    network.get(), name, said.length() <= MOST_NOTE ? said : said.substring(0, MOST_NOTE)));
        }
        return true;
    }

    private static Optional<BlockTarget.Remote> network(String text) {
        String bare = SCOPE.matcher(text).lookingAt() ? text.substring(text.indexOf(':') + 1) : text;
        if (PORT.matcher(bare).matches()) {
            bare = bare.substring(0, bare.lastIndexOf(':')).replace("[", "").replace("]", "");
        }
        return bare.length() > 64
                ? Optional.empty()
                : BlockTarget.Remote.parse(bare)
                        .filter(network ->
                                network.prefix() >= (network.address().v6() ? WIDEST_V6 : WIDEST_V4));
    }

    private void wrong(int line, String text) {
        wrong++;
        if (wrong <= MOST_FAULTS) {
            String shown = text.length() <= MOST_NOTE ? text : text.substring(0, MOST_NOTE) + "…";
            faults.add(name + ":" + line + ": no address or network (of /" + WIDEST_V4 + " or narrower, IPv6 /"
                    + WIDEST_V6 + "): " + shown.strip());
        }
    }
}
