package org.outguard.maillog;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.outguard.mail.LoggedMessage;

/** Logs of a lab, with what really happened beside them; see the truth of each folder. */
public final class Corpus {

    public static final Instant LATEST = Instant.parse("2026-11-25T00:00:00Z");
    static final int ROOM = 20_000;

    /** The lab's users. */
    public static final MailLog.Users USERS = new MailLog.Users() {
        @Override
        public String name(int uid) {
            return switch (uid) {
                case 0 -> "root";
                case 33 -> "www-data";
                case 1001 -> "site1";
                case 1002 -> "site2";
                default -> Integer.toString(uid);
            };
        }

        @Override
        public int uid(String name) {
            return switch (name) {
                case "root" -> 0;
                case "www-data" -> 33;
                case "site1" -> 1001;
                case "site2" -> 1002;
                default -> -1;
            };
        }
    };

    private Corpus() {}

    static byte[] bytes(String name) {
        try (InputStream in = new GZIPInputStream(
                Objects.requireNonNull(Corpus.class.getResourceAsStream("/mail/" + name + ".gz"), name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Map<String, Object> truth(String folder) {
        try {
            return JSON.std.mapFrom(new ByteArrayInputStream(bytes(folder + "/truth.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static List<Map<String, Object>> truths(String folder) {
        List<Map<String, Object>> truths = maps(truth(folder).get("messages"));
        if (folder.equals("postfix-multi")) {
            correctParents(truths);
        }
        return truths;
    }

    /**
     * The truth joins what another instance was handed by Message-ID, which a forwarded message shares with the one it
     * comes out of. The log says which of the two it was.
     */
    private static void correctParents(List<Map<String, Object>> truths) {
        var parents = new HashMap<String, String>();
        var queuedAs = Pattern.compile("postfix/smtp\\[\\d+]: (\\w+): .*queued as (\\w+)\\)$");
        for (byte[] line : lines("postfix-multi/mail.log")) {
            var matcher = queuedAs.matcher(new String(line, StandardCharsets.UTF_8));
            if (matcher.find()) {
                parents.put(matcher.group(2), matcher.group(1));
            }
        }
        for (Map<String, Object> truth : truths) {
            String parent = parents.get(String.valueOf(truth.get("queue_id")));
            if (parent != null && truth.get("instance").equals("postfix-out")) {
                map(truth.get("origin")).put("parent", parent);
            }
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    static List<Map<String, Object>> maps(Object value) {
        return ((List<?>) value).stream().map(Corpus::map).toList();
    }

    static List<byte[]> lines(byte[] log) {
        List<byte[]> lines = new ArrayList<>();
        var line = new ByteArrayOutputStream();
        for (byte b : log) {
            if (b == '\n') {
                lines.add(line.toByteArray());
                line.reset();
            } else {
                line.write(b);
            }
        }
        if (line.size() > 0) {
            lines.add(line.toByteArray());
        }
        return lines;
    }

    public static List<byte[]> lines(String name) {
        return lines(bytes(name));
    }

    public static byte[] utf8(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** What a log says, by message: the newest word on each. */
    static Map<String, LoggedMessage> read(List<byte[]> lines) {
        var log = new MailLog(USERS, ZoneOffset.UTC, ROOM);
        return read(log, lines);
    }

    static Map<String, LoggedMessage> read(MailLog log, List<byte[]> lines) {
        Source source = log.source(LATEST);
        var all = new LinkedHashMap<String, LoggedMessage>();
        for (byte[] line : lines) {
            source.line(line, 0, line.length);
            log.changed(1_000).forEach(m -> all.put(key(m.id().host(), m.id().instance(), m.id().id(), m.life()), m));
        }
        log.passed(Instant.EPOCH.plusNanos(log.nowMicros * 1_000).plusSeconds(3_600));
        log.changed(1_000_000).forEach(m -> all.put(key(m.id().host(), m.id().instance(), m.id().id(), m.life()), m));
        return all;
    }

    public static String key(String host, String instance, String id, int life) {
        return host + "/" + instance + "/" + id + "/" + life;
    }
}
