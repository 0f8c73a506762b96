package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;

/** What history keeps whole, in the form of NDJSON. */
public final class RecordLines {

    private RecordLines() {}

    /** The fields {@code owner}, {@code match} and {@code matchedBy} of an offender's line. */
    public static String owner(Attribution attribution) {
        return Ndjson.line("owner", Instant.EPOCH, json -> {
                    if (attribution instanceof Attribution.OfUser user) {
                        OwnerJson.write(json, user);
                    } else {
                        OwnerJson.write(json, attribution.knownOwner());
                    }
                    json.writeStringField("match", attribution.quality().name());
                    Ndjson.text(json, "matchedBy", attribution.matchedBy());
                })
                .strip();
    }

    /** An offender's line at that time. */
    public static String offender(Instant at, Talker talker) {
        return Ndjson.talker(at, talker).strip();
    }

    /**
     * What one owner sent to one destination: type {@code traffic}.
     *
     * @param facts of the owner, by {@link #owner}
     * @param counts packets, bytes, connects
     * @param span how exact the times are: SECOND, MINUTE, HOUR, DAY
     */
    public static String traffic(
            String facts,
            String submitter,
            String protocol,
            String remote,
            int port,
            long[] counts,
            String verdict,
            Instant first,
            Instant last,
            String span) {
        Map<String, Object> owner = Fields.read(facts).orElseGet(Map::of);
        return Ndjson.line("traffic", last, json -> {
            json.writeFieldName("owner");
            Fields.write(json, owner.get("owner"));
            Ndjson.text(json, "match", String.valueOf(owner.getOrDefault("match", "NONE")));
            Ndjson.text(json, "matchedBy", String.valueOf(owner.getOrDefault("matchedBy", "")));
            textOrNull(json, "submitter", submitter);
            json.writeStringField("protocol", protocol);
            textOrNull(json, "address", remote);
            json.writeNumberField("port", port);
            json.writeNumberField("packets", counts[0]);
            json.writeNumberField("bytes", counts[1]);
            json.writeNumberField("connects", counts[2]);
            json.writeStringField("verdict", verdict);
            Ndjson.time(json, "firstSeen", first);
            Ndjson.time(json, "lastSeen", last);
            json.writeStringField("exactTo", span);
        });
    }

    /**
     * What one submitter handed in: type {@code submissions}.
     *
     * @param counts messages, recipients, sent, bounced, deferred
     */
    public static String submissions(Instant at, String kind, String who, String script, long[] counts) {
        return Ndjson.line("submissions", at, json -> {
            json.writeObjectFieldStart("origin");
            Ndjson.text(json, "kind", kind);
            Ndjson.text(json, "who", who);
            Ndjson.text(json, "script", script);
            json.writeEndObject();
            json.writeNumberField("messages", counts[0]);
            json.writeNumberField("recipients", counts[1]);
            json.writeNumberField("sent", counts[2]);
            json.writeNumberField("bounced", counts[3]);
            json.writeNumberField("deferred", counts[4]);
        });
    }

    /** Sums of a time: type {@code summary}. */
    public static String span(Instant from, Instant until, long packets, long bytes) {
        return Ndjson.line("summary", until, json -> {
            Ndjson.time(json, "from", from);
            Ndjson.time(json, "until", until);
            json.writeNumberField("packets", packets);
            json.writeNumberField("bytes", bytes);
        });
    }

    private static void textOrNull(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            Ndjson.text(json, name, text);
        }
    }
}
