package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.outguard.flow.Endpoint;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.SafeText;

/**
 * The objects of the NDJSON output, one line each, newline included: ASCII only, times in UTC by RFC 3339 with
 * milliseconds, text cleaned. What is not known is null, never left out.
 */
public final class Ndjson {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Ndjson() {}

    /** What an object writes between its braces. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** A talker at that time: type {@code offender}, or {@code talker} where it is CLEAN. */
    public static String talker(Instant at, Talker talker) {
        return line(talker.verdict() == Verdict.CLEAN ? "talker" : "offender", at, json -> {
            text(json, "id", talker.id());
            json.writeStringField("kind", talker.kind().name());
            json.writeStringField("verdict", talker.verdict().name());
            status(json, talker.status());
            text(json, "reason", talker.reason());
            json.writeStringField("protocol", talker.protocol().word());
            if (talker.servicePort().isPresent()) {
                json.writeNumberField("servicePort", talker.servicePort().getAsInt());
            }
            traffic(json, talker);
            EyeJson.write(json, talker.eyes());
            owner(json, talker);
            MailJson.sent(json, talker);
            json.writeArrayFieldStart("actions");
            for (ActiveBlock block : talker.blocks()) {
                json.writeStartObject();
                text(json, "id", block.actionId());
                json.writeStringField("action", block.word());
                time(json, "expires", block.expires());
                json.writeStringField("state", block.state().name());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void status(JsonGenerator json, RowStatus status) throws IOException {
        json.writeStringField("state", status.state().word());
        if (status.hasEnded() && status.at().isPresent()) {
            time(json, "endedAt", status.at().get());
        } else {
            json.writeNullField("endedAt");
        }
    }

    /** That what a talker's lines counted is all another's: type {@code moved}, the last line with that id. */
    public static String moved(Instant at, Snapshot.Moved moved) {
        return line("moved", at, json -> {
            text(json, "id", moved.id());
            if (moved.to().isPresent()) {
                text(json, "to", moved.to().get());
            } else {
                json.writeNullField("to");
            }
        });
    }

    private static void traffic(JsonGenerator json, Talker talker) throws IOException {
        json.writeArrayFieldStart("remotes");
        for (Talker.RemoteTotal total : talker.remotes()
                .subList(0, Math.min(Talker.MAX_REMOTES, talker.remotes().size()))) {
            Endpoint remote = total.remote();
            json.writeStartObject();
            json.writeStringField("address", remote.address().toString());
            json.writeNumberField("port", remote.port());
            json.writeNumberField("packets", total.packets());
            json.writeNumberField("bytes", total.bytes());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("remoteCount", talker.remoteCount());
        json.writeNumberField("packets", talker.packets());
        json.writeNumberField("bytes", talker.bytes());
        tenths(json, "packetsPerSecond", talker.rate().packets1s());
        tenths(json, "bitsPerSecond", talker.rate().bits1s());
        if (talker.limit() > 0) {
            json.writeNumberField("limitPacketsPerSecond", talker.limit());
        }
        time(json, "firstSeen", talker.firstSeen());
        time(json, "lastSeen", talker.lastSeen());
    }

    private static void owner(JsonGenerator json, Talker talker) throws IOException {
        if (talker.attribution() instanceof Attribution.OfUser user) {
            OwnerJson.write(json, user);
        } else {
            OwnerJson.write(json, talker.attribution().knownOwner());
        }
        if (talker.pids().size() > 1) {
            json.writeArrayFieldStart("pids");
            for (ProcessId id : talker.pids()) {
                if (id.isHere()) {
                    json.writeNumber(id.pid());
                }
            }
            json.writeEndArray();
        }
        if (talker.attribution() instanceof Attribution.Contested contested) {
            json.writeArrayFieldStart("candidates");
            for (Owner candidate : contested.candidates()) {
                OwnerJson.write(json, candidate);
            }
            json.writeEndArray();
        }
        if (talker.attribution().users().size() > 1) {
            json.writeArrayFieldStart("users");
            for (Account user : talker.attribution().users()) {
                json.writeStartObject();
                json.writeNumberField("uid", Integer.toUnsignedLong(user.uid()));
                text(json, "user", user.user());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeStringField("match", talker.attribution().quality().name());
        text(json, "matchedBy", talker.attribution().matchedBy());
    }

    /** The same of a snapshot that was just made. */
    public static String summary(Snapshot snapshot) {
        return summary(snapshot, Duration.ZERO, List.of());
    }

    /**
     * Sums since the start. Capture files are read by the wire eye.
     *
     * @param age how old the snapshot is
     * @param confined what the process has given up
     */
    public static String summary(Snapshot snapshot, Duration age, List<String> confined) {
        return line("summary", snapshot.at(), json -> {
            Snapshot.Totals totals = snapshot.totals();
            Duration span = Duration.between(totals.since(), snapshot.at());
            tenths(json, "seconds", Math.max(0, span.toMillis()) / 1000.0);
            tenths(json, "lastTickAgeSeconds", Math.max(0, age.toMillis()) / 1000.0);
            json.writeStringField("eye", snapshot.eye() == Snapshot.Eye.KERNEL ? "kernel" : "wire");
            json.writeArrayFieldStart("degraded");
            for (String reason : snapshot.degraded()) {
                json.writeString(SafeText.clean(reason));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("confined");
            for (String word : confined) {
                json.writeString(SafeText.clean(word));
            }
            json.writeEndArray();
            json.writeNumberField("packets", totals.packets());
            json.writeNumberField("bytes", totals.bytes());
            json.writeNumberField("attributedPackets", totals.attributedPackets());
            var sources = snapshot.sources();
            json.writeObjectFieldStart("capture");
            json.writeNumberField(
                    "received",
                    sources.stream()
                            .mapToLong(TrafficObservation.SourceHealth::received)
                            .sum());
            json.writeNumberField(
                    "dropped",
                    sources.stream()
                            .mapToLong(TrafficObservation.SourceHealth::dropped)
                            .sum());
            json.writeEndObject();
            json.writeNumberField(
                    "malformed",
                    sources.stream()
                            .mapToLong(TrafficObservation.SourceHealth::malformed)
                            .sum());
            if (snapshot.mail().reading().lines() > 0) {
                MailJson.reading(json, snapshot.mail().reading());
            }
        });
    }

    /** A line of the log. */
    public static String notice(Snapshot.Notice notice) {
        return line("notice", notice.at(), json -> {
            json.writeStringField("level", notice.level().name());
            text(json, "text", notice.text());
        });
    }

    /** What was decided, with the exact commands. */
    public static String action(Action action) {
        return line("action", action.at(), json -> {
            text(json, "id", action.id());
            json.writeStringField("action", action.step().word());
            text(json, "by", action.by());
            text(json, "why", action.why());
            step(json, action.step());
            text(json, "command", action.plan().command());
            text(json, "undo", action.plan().undo());
        });
    }

    private static void step(JsonGenerator json, Step step) throws IOException {
        if (step instanceof NetworkStep.OnTarget network) {
            target(json, network.target());
        } else {
            text(json, "subject", step.subject());
            json.writeFieldName("step");
            value(json, step.fields());
        }
        if (step instanceof NetworkStep.Limit limit) {
            json.writeNumberField("packetsPerSecond", limit.packetsPerSecond());
        }
        if (step.length().isPresent()) {
            json.writeNumberField("seconds", step.length().get().toSeconds());
        }
        if (!step.undoes().isEmpty()) {
            text(json, "undoes", step.undoes());
        }
    }

    /* Texts, whole numbers, lists and maps of those: see Step.fields(). */
    private static void value(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Long number) {
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
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            json.writeString(SafeText.clean(String.valueOf(value)));
        }
    }

    private static void target(JsonGenerator json, BlockTarget target) throws IOException {
        json.writeObjectFieldStart("target");
        json.writeObjectField("remote", target.remote().map(Object::toString).orElse(null));
        number(json, "port", target.port().isPresent(), target.port().orElse(0));
        json.writeObjectField("protocol", target.protocol().map(p -> p.word()).orElse(null));
        number(json, "uid", target.uid().isPresent(), target.uid().orElse(0));
        json.writeObjectField("cgroup", target.cgroup().map(SafeText::clean).orElse(null));
        if (target.process().isPresent()) {
            json.writeNumberField("pid", target.process().get().pid());
        }
        if (target.client().isPresent()) {
            json.writeStringField("from", target.client().get().toString());
        }
        json.writeEndObject();
    }

    /** What became of an action. */
    public static String outcome(Outcome outcome) {
        return line("outcome", outcome.at(), json -> {
            text(json, "action", outcome.actionId());
            json.writeStringField("result", outcome.result().name());
            text(json, "detail", outcome.detail());
        });
    }

    static String line(String type, Instant at, Fields fields) {
        StringWriter line = new StringWriter(512);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("type", type);
            time(json, "at", at);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return line.append('\n').toString();
    }

    static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeStringField(name, SafeText.clean(text));
    }

    static void number(JsonGenerator json, String name, boolean known, long value) throws IOException {
        if (known) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    static void time(JsonGenerator json, String name, Instant at) throws IOException {
        json.writeStringField(name, TIME.format(at));
    }

    /* A whole number as such; a rate that is none (no span to divide by) as 0. */
    private static void tenths(JsonGenerator json, String name, double value) throws IOException {
        long tenths = Double.isFinite(value) ? Math.round(value * 10) : 0;
        if (tenths % 10 == 0) {
            json.writeNumberField(name, tenths / 10);
        } else {
            json.writeNumberField(name, tenths / 10.0);
        }
    }
}
