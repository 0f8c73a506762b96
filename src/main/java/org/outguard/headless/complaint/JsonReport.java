package org.outguard.headless.complaint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.ValueIterator;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.complaint.mail.MailDecoder;

/** Reports in JSON: XARF v3 and v4, and whatever else names its values as {@link FieldName} knows them. */
final class JsonReport {

    /* As objects it is many times its size. */
    private static final int MAX_CHARS = 2 << 20;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_OBJECTS = 20_000;
    private static final JSON READER = JSON.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MailDecoder.MAX_TEXT)
                            .build())
                    .build())
            .build();

    private final @Nullable ZoneOffset hint;
    private final List<Draft> rows = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final BiConsumer<String, String> evidence;
    private int objects;

    private JsonReport(@Nullable ZoneOffset hint, BiConsumer<String, String> evidence) {
        this.hint = hint;
        this.evidence = evidence;
    }

    /**
     * What a report says.
     *
     * @param rows one for each object that names a host
     * @param words what it says that it is about
     */
    record Result(List<Draft> rows, List<String> words) {}

    /**
     * Reads a text.
     *
     * @param evidence takes what is enclosed: its media type and its text in base64 or as it is
     * @return empty where it is no JSON
     */
    static Optional<Result> read(String text, @Nullable ZoneOffset hint, BiConsumer<String, String> evidence) {
        String bare = text.strip();
        if (!bare.startsWith("{") && !bare.startsWith("[") || bare.length() > MAX_CHARS) {
            return Optional.empty();
        }
        JsonReport report = new JsonReport(hint, evidence);
        int read = 0;
        // One value, or one a line as sensors write them.
        try (ValueIterator<Object> values = READER.anySequenceFrom(bare)) {
            while (values.hasNextValue()) {
                report.value(values.nextValue(), 0);
                read++;
            }
        } catch (IOException | RuntimeException e) {
            // The library's own faults on hostile input, too. What is no JSON from the start is read as lines.
            return read == 0 ? Optional.empty() : Optional.of(new Result(report.rows, report.words));
        }
        return Optional.of(new Result(report.rows, report.words));
    }

    private void value(@Nullable Object value, int depth) {
        if (value instanceof List<?> list) {
            list.forEach(each -> value(each, depth + 1));
        } else if (value instanceof Map<?, ?> map && depth < MAX_DEPTH && objects++ < MAX_OBJECTS) {
            object(map, depth);
        }
    }

    private void object(Map<?, ?> map, int depth) {
        FieldValues values = new FieldValues(hint);
        boolean any = gather(map, values, "first", 0);
        any |= gather(map, values, "", 0);
        if (any) {
            Draft draft = values.draft(false);
            draft.grade = Draft.Grade.SUMMARY;
            rows.add(draft);
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey()).toLowerCase(Locale.ROOT);
            if (name.equals("evidence") || name.equals("samples") || name.equals("attachments")) {
                enclosed(entry.getValue());
            } else if (entry.getValue() instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)
                    || !any && entry.getValue() instanceof Map) {
                value(entry.getValue(), depth + 1);
            }
        }
    }

    /* XARF v3 has its values in an object of the report, so one level of objects is read as one. First what is told of the
     * beginning: "timestamp" is when a report was made. */
    private boolean gather(Map<?, ?> map, FieldValues values, String only, int level) {
        boolean any = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            String lower = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
            Object value = entry.getValue();
            if (value instanceof Map<?, ?> inner
                    && level < 2
                    && lower.matches(
                            "report|source|destination|attack|event|flow|network|target|data|sourceidentifier")) {
                any |= lower.matches("source|destination|target")
                        ? ends(inner, values, lower)
                        : gather(inner, values, only, level + 1);
            } else if (value instanceof String || value instanceof Number) {
                if (only.isEmpty()
                        && lower.matches(
                                "category|type|reporttype|reportclass|attacktype|attackvector|classification|class|eventtype|incidenttype|subtype")) {
                    words.add(String.valueOf(value));
                }
                boolean wanted = only.isEmpty() || lower.startsWith(only) || lower.startsWith("start");
                Optional<FieldName> field = lower.equals("sourceidentifier")
                        ? Optional.of(FieldName.SOURCE)
                        : lower.equals("date") ? Optional.of(FieldName.TIME) : FieldName.of(name);
                if (wanted && field.isPresent()) {
                    boolean read = values.set(field.get(), name, String.valueOf(value));
                    any |= read && (field.get() == FieldName.SOURCE || field.get() == FieldName.DESTINATION);
                }
            }
        }
        return any;
    }

    /* {"source": {"ip": …, "port": …}}: whose address it is stands outside. */
    private static boolean ends(Map<?, ?> inner, FieldValues values, String end) {
        boolean any = false;
        boolean source = end.equals("source");
        for (Map.Entry<?, ?> entry : inner.entrySet()) {
            String name = String.valueOf(entry.getKey());
            Optional<FieldName> field = FieldName.of(name);
            if (field.equals(Optional.of(FieldName.PORT))) {
                values.set(
                        source ? FieldName.SOURCE_PORT : FieldName.DESTINATION_PORT,
                        name,
                        String.valueOf(entry.getValue()));
            } else if (field.equals(Optional.of(FieldName.SOURCE))) {
                any |= values.set(
                        source ? FieldName.SOURCE : FieldName.DESTINATION, name, String.valueOf(entry.getValue()));
            }
        }
        return any;
    }

    private void enclosed(@Nullable Object value) {
        if (value instanceof List<?> list) {
            list.stream().limit(100).forEach(this::enclosed);
        } else if (value instanceof Map<?, ?> map) {
            String type = "text/plain";
            Object content = null;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String name =
                        String.valueOf(entry.getKey()).toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
                if (name.equals("contenttype") || name.equals("mimetype")) {
                    type = String.valueOf(entry.getValue());
                } else if (name.equals("payload") || name.equals("content") || name.equals("data")) {
                    content = entry.getValue();
                }
            }
            if (content instanceof String text) {
                evidence.accept(type, text);
            }
        }
    }
}
