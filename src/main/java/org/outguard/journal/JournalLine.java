package org.outguard.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.StepFields;
import org.outguard.guard.port.ReadsForeign;

/**
 * An entry as one line of JSON, and back. The line is printable ASCII whatever is in the entry: all else is escaped
 * ({@code \\u202e}), so a name that an attacker chose cannot steer the terminal of who reads the file with cat. Its last field is
 * {@code crc}, the CRC-32C of the bytes before it (RFC 3720, B.4); lines that were written before there was one are read without.
 */
final class JournalLine {

    private static final JsonFactory ASCII = asciiFactory();

    private static final String CRC = "crc";
    private static final String BEFORE_CRC = ",\"" + CRC + "\":\"";
    private static final String AFTER_CRC = "\"}";
    private static final int CRC_DIGITS = 8;

    private JournalLine() {}

    private static JsonFactory asciiFactory() {
        JsonFactory factory =
                JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        factory.setCharacterEscapes(new DelToo());
        return factory;
    }

    /** The entry with its end of line. */
    static byte[] write(JournalEntry entry) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = ASCII.createGenerator(line)) {
            json.writeStartObject();
            if (entry instanceof JournalEntry.Decided decided) {
                write(json, decided.action());
                if (!decided.boot().isEmpty()) {
                    json.writeStringField("boot", decided.boot());
                }
            } else if (entry instanceof JournalEntry.Ended ended) {
                write(json, ended.outcome());
            } else if (entry instanceof JournalEntry.Refused refused) {
                write(json, refused);
            }
            json.flush();
            json.writeStringField(CRC, crc(line.toByteArray(), line.size()));
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return line.toByteArray();
    }

    private static String crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return HexFormat.of().toHexDigits(crc.getValue(), CRC_DIGITS);
    }

    /* Whether it has none, or the right one at its end. */
    private static boolean isSound(String line, Map<?, ?> fields) {
        if (!fields.containsKey(CRC)) {
            return true;
        }
        int covered = line.length() - BEFORE_CRC.length() - CRC_DIGITS - AFTER_CRC.length();
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return covered > 0
                && bytes.length == line.length()
                && line.substring(covered).equals(BEFORE_CRC + crc(bytes, covered) + AFTER_CRC);
    }

    private static void write(JsonGenerator json, Action action) throws IOException {
        json.writeStringField("type", "action");
        json.writeStringField("at", action.at().toString());
        json.writeStringField("id", action.id());
        json.writeStringField("by", action.by());
        json.writeStringField("why", action.why());
        json.writeStringField("action", action.step().word());
        for (Map.Entry<String, Object> field : action.step().fields().entrySet()) {
            json.writeFieldName(field.getKey());
            value(json, field.getValue());
        }
        json.writeStringField("command", action.plan().command());
        json.writeStringField("undo", action.plan().undo());
    }

    /* Texts, whole numbers, lists and maps of those: see Step.fields(). */
    private static void value(JsonGenerator json, Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object entry : list) {
                value(json, entry);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            throw new IllegalStateException("a step has a field of " + value.getClass());
        }
    }

    private static void write(JsonGenerator json, Outcome outcome) throws IOException {
        json.writeStringField("type", "outcome");
        json.writeStringField("at", outcome.at().toString());
        json.writeStringField("id", outcome.actionId());
        json.writeStringField("result", outcome.result().name());
        json.writeStringField("detail", outcome.detail());
    }

    private static void write(JsonGenerator json, JournalEntry.Refused refused) throws IOException {
        json.writeStringField("type", "refusal");
        json.writeStringField("at", refused.at().toString());
        json.writeStringField("by", refused.by());
        json.writeStringField("request", refused.request());
        json.writeStringField("reason", refused.reason());
        json.writeNumberField("unlisted", refused.unlisted());
    }

    /** The entry in a line; empty where there is none in it, or it is not as it was written. */
    @ReadsForeign
    static Optional<JournalEntry> read(String line) {
        try (JsonParser parser = ASCII.createParser(line)) {
            if (!(JSON.std.anyFrom(parser) instanceof Map<?, ?> fields)
                    || parser.nextToken() != null
                    || !isSound(line, fields)) {
                return Optional.empty();
            }
            return switch (text(fields, "type")) {
                case "action" ->
                    Optional.of(new JournalEntry.Decided(
                            action(fields), fields.containsKey("boot") ? text(fields, "boot") : ""));
                case "outcome" -> Optional.of(new JournalEntry.Ended(outcome(fields)));
                case "refusal" -> Optional.of(refusal(fields));
                default -> Optional.empty();
            };
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Action action(Map<?, ?> fields) {
        Step step = StepFields.read(text(fields, "action"), fields);
        return new Action(
                text(fields, "id"),
                Instant.parse(text(fields, "at")),
                text(fields, "by"),
                text(fields, "why"),
                step,
                new Action.Plan(text(fields, "command"), text(fields, "undo")));
    }

    private static Outcome outcome(Map<?, ?> fields) {
        return new Outcome(
                text(fields, "id"),
                Instant.parse(text(fields, "at")),
                Outcome.Result.valueOf(text(fields, "result")),
                text(fields, "detail"));
    }

    private static JournalEntry.Refused refusal(Map<?, ?> fields) {
        if (!(fields.get("unlisted") instanceof Number unlisted)) {
            throw new IllegalArgumentException("no unlisted");
        }
        return new JournalEntry.Refused(
                Instant.parse(text(fields, "at")),
                text(fields, "by"),
                text(fields, "request"),
                text(fields, "reason"),
                unlisted.longValue());
    }

    private static String text(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no " + name);
    }

    /** JSON's own escapes and DEL, which is ASCII and does not print. */
    private static final class DelToo extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int DEL = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = Arrays.copyOf(CharacterEscapes.standardAsciiEscapesForJSON(), DEL + 1);
            escapes[DEL] = CharacterEscapes.ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int ch) {
            return null;
        }
    }
}
