package org.outguard.headless;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.ReadsForeign;

/**
 * Offenders of the past, by the NDJSON that was written then. Lines that are none are counted and passed over.
 *
 * @param offenders in the order in which they were first written
 * @param files how many files were read
 * @param damaged how many lines could not be read
 * @param more whether there were more than are kept
 */
public record History(List<PastOffender> offenders, int files, long damaged, boolean more) {

    /** Where logs are if nobody says otherwise. */
    public static final Path DEFAULT_FOLDER = Path.of("/var/log/outguard");

    /** Offenders that are kept. */
    public static final int MAX_OFFENDERS = 10_000;

    private static final String TURNS = "(?:\\.(\\d{1,9}))?(?:\\.gz)?$";

    public History {
        offenders = List.copyOf(offenders);
    }

    /** The logs of a folder, oldest first: by name, and of one name by the number behind it. */
    public static List<Path> filesOf(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.toString().matches(".*\\.(ndjson|json)(\\.\\d{1,9})?(\\.gz)?")) {
                    files.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No logs are no history.
        }
        files.sort(Comparator.comparing(History::base)
                .thenComparing(Comparator.comparingInt(History::turns).reversed()));
        return files;
    }

    private static String base(Path file) {
        return file.toString().replaceFirst(TURNS, "");
    }

    /* How often a file was put aside for a newer one: those with the highest number are the oldest. */
    private static int turns(Path file) {
        Matcher number = Pattern.compile(TURNS).matcher(file.toString());
        return number.find() && number.group(1) != null ? Integer.parseInt(number.group(1)) : 0;
    }

    /**
     * Reads logs.
     *
     * @param files one after the other; gzip by its name
     * @param wanted which offenders are kept
     * @throws IOException where one cannot be read
     */
    public static History read(List<Path> files, Predicate<PastOffender> wanted) throws IOException {
        return read(files, wanted, message -> {});
    }

    /**
     * The same, with the messages.
     *
     * @param messages takes each message, once for each line of it
     * @throws IOException where a file cannot be read
     */
    public static History read(List<Path> files, Predicate<PastOffender> wanted, Consumer<PastMessage> messages)
            throws IOException {
        Reading reading = new Reading(wanted, messages);
        for (Path file : files) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    reading.take(line);
                }
            }
        }
        return new History(new ArrayList<>(reading.offenders.values()), files.size(), reading.damaged, reading.more);
    }

    /** What was read so far. */
    private static final class Reading {

        private final Predicate<PastOffender> wanted;
        private final Consumer<PastMessage> messages;
        private final Map<String, PastOffender> offenders = new LinkedHashMap<>();
        private long damaged;
        private boolean more;

        Reading(Predicate<PastOffender> wanted, Consumer<PastMessage> messages) {
            this.wanted = wanted;
            this.messages = messages;
        }

        @ReadsForeign
        void take(String line) {
            try {
                takeObject(object(line));
            } catch (IOException | RuntimeException e) {
                damaged += line.isBlank() ? 0 : 1;
            }
        }

        private void takeObject(Map<String, Object> fields) {
            PastMessage.read(fields).ifPresent(messages);
            if ("moved".equals(fields.get("type"))) {
                // What it is said to have sent is in another's lines.
                offenders.remove(String.valueOf(fields.get("id")));
            }
            PastOffender found = PastOffender.read(fields).filter(wanted).orElse(null);
            if (found != null && (offenders.size() < MAX_OFFENDERS || offenders.containsKey(found.text("id")))) {
                offenders.merge(found.text("id"), found, PastOffender::then);
            } else {
                more |= found != null;
            }
        }
    }

    /* The library reads the line "null" as no map at all. */
    private static Map<String, Object> object(String line) throws IOException {
        @Nullable Map<String, Object> fields = JSON.std.mapFrom(line);
        if (fields == null) {
            throw new IOException("no object");
        }
        return fields;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }
}
