package org.outguard.trace.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.trace.tree.ForeignText;

/**
 * Reads access logs with those that were put aside, plain or compressed. Bounded in bytes, in time and in the length of a line,
 * whatever a client wrote into them.
 */
public final class AccessLogs {

    private static final int MAX_LINE = 16 << 10;
    private static final int BUFFER = 1 << 16;
    private static final int MAX_FILES = 20_000;
    private static final String PACKED = "(?:\\.(?:gz|xz|zst|bz2))?";
    /* A run of them is one, so that a pattern never has to try many ways to share a name out. */
    private static final Pattern FILLED = Pattern.compile("(?:%-?[A-Za-z]|\\$(?:\\w+|\\{\\w+\\}))+");

    private final ForeignText texts;
    private final long mostBytes;
    private final long end;
    private final LongSupplier nanos;
    private final BooleanSupplier stop;
    private final List<String> gaps = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private long bytes;
    private long lines;
    private long notUnderstood;
    private int files;

    /**
     * @param mostBytes of all logs together, after they were unpacked
     * @param time for all
     * @param nanos a clock as {@link System#nanoTime}
     */
    public AccessLogs(ForeignText texts, long mostBytes, Duration time, LongSupplier nanos, BooleanSupplier stop) {
        this.texts = texts;
        this.mostBytes = mostBytes;
        this.nanos = nanos;
        this.stop = stop;
        this.end = nanos.getAsLong() + time.toNanos();
    }

    /**
     * Reads a log and its older files, but none that was read before.
     *
     * @param needles a line is looked at only if one of these is in it; a line with a percent sign always
     */
    public void read(WebSite.Log log, List<String> needles, Consumer<WebRequest> requests) {
        List<byte[]> wanted = needles.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        for (String file : filesOf(log.path())) {
            if (!seen.add(file)) {
                continue;
            }
            if (over()) {
                gaps.add(file + " was not read: there was more than may be read, or it took too long");
                return;
            }
            try (InputStream content = texts.log(file)) {
                read(content, file, log.format(), wanted, requests);
            } catch (IOException e) {
                gaps.add(file + " could not be read: " + e.getMessage());
            }
        }
    }

    /* A folder or a name may have in it what the server fills in: %Y of rotatelogs(8), $host of nginx. */
    private List<String> filesOf(String path) {
        String[] parts = path.replaceFirst("^/+", "").split("/+");
        List<String> folders = List.of("");
        for (int i = 0; i + 1 < parts.length; i++) {
            String part = parts[i];
            List<String> next = new ArrayList<>();
            for (String folder : folders) {
                if (FILLED.matcher(part).find()) {
                    named(folder, Pattern.compile(filled(part)), next);
                } else {
                    next.add(folder + "/" + part);
                }
            }
            folders = next;
        }
        String name = parts[parts.length - 1];
        int dot = name.lastIndexOf('.');
        String stem = filled(dot > 0 ? name.substring(0, dot) : name);
        String ending = dot > 0 ? filled(name.substring(dot)) : "";
        // Of access.log: access.log.1, access.log.2.gz, access.log-20260101, access-20260101.log.gz (dateext, Caddy).
        Pattern wanted = Pattern.compile(filled(name) + "(?:[.-]\\d[\\d.-]*(?:\\.\\w{1,4})?|\\.old)?" + PACKED + "|"
                + stem + "-\\d[\\dT.-]*" + ending + PACKED);
        List<String> found = new ArrayList<>();
        for (String folder : folders) {
            named(folder, wanted, found);
        }
        return found;
    }

    private void named(String folder, Pattern wanted, List<String> found) {
        for (String file : texts.in(folder.isEmpty() ? "/" : folder)) {
            if (found.size() < MAX_FILES
                    && wanted.matcher(file.substring(file.lastIndexOf('/') + 1)).matches()) {
                found.add(file);
            }
        }
    }

    private static String filled(String part) {
        StringBuilder pattern = new StringBuilder();
        Matcher next = FILLED.matcher(part);
        int from = 0;
        while (next.find()) {
            pattern.append(Pattern.quote(part.substring(from, next.start()))).append(".+");
            from = next.end();
        }
        return pattern.append(Pattern.quote(part.substring(from))).toString();
    }

    private boolean over() {
        return bytes > mostBytes || nanos.getAsLong() > end || stop.getAsBoolean();
    }

    private void read(InputStream in, String file, LogFormat format, List<byte[]> wanted, Consumer<WebRequest> requests)
            throws IOException {
        files++;
        byte[] buffer = new byte[BUFFER];
        byte[] line = new byte[MAX_LINE];
        int length = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (over()) {
                gaps.add(file + " was not read to its end: there was more than may be read, or it took too long");
                return;
            }
            bytes += count;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    line(line, length, file, format, wanted, requests);
                    length = 0;
                } else if (length < MAX_LINE) {
                    line[length++] = buffer[i];
                }
            }
        }
        line(line, length, file, format, wanted, requests);
    }

    private void line(
            byte[] line,
            int length,
            String file,
            LogFormat format,
            List<byte[]> wanted,
            Consumer<WebRequest> requests) {
        if (length == 0) {
            return;
        }
        lines++;
        boolean worth = false;
        for (byte[] needle : wanted) {
            worth |= contains(line, length, needle);
        }
        if (!worth) {
            return;
        }
        String text = new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
        Optional<WebRequest> request = text.startsWith("{")
                ? JsonLog.parse(text, file)
                : Optional.of(format)
                        // Combined is also what is taken where no configuration says anything.
                        .filter(one -> one != LogFormat.COMBINED)
                        .flatMap(one -> one.parse(text, file))
                        .or(() -> LogFormat.guess(text, file));
        request.ifPresentOrElse(requests, () -> notUnderstood++);
    }

    private static boolean contains(byte[] line, int length, byte[] needle) {
        for (int at = 0; at + needle.length <= length; at++) {
            int i = 0;
            while (i < needle.length && line[at + i] == needle[i]) {
                i++;
            }
            if (i == needle.length) {
                return true;
            }
        }
        return false;
    }

    /** Files that were read. */
    public int files() {
        return files;
    }

    /** What was not read, and lines that were looked at and not understood. */
    public List<String> gaps() {
        List<String> all = new ArrayList<>(gaps);
        if (notUnderstood > 0) {
            all.add(notUnderstood + " of " + lines + " lines of access logs were not understood");
        }
        return all;
    }
}
