package org.outguard.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.outguard.guard.policy.Verdict;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;

/**
 * Events that are told at once. Everything that it gives is clean.
 *
 * @param host name of this machine
 * @param at when it was put together
 * @param events at least one, oldest first
 * @param omitted how many events before it were not told, since there were too many
 */
record Message(String host, Instant at, List<Event> events, long omitted) {

    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .build();

    Message {
        events = List.copyOf(events);
    }

    /** Whether nothing in it begins or gets worse. */
    boolean ended() {
        return events.stream().allMatch(event -> event.what() == Event.What.ENDED);
    }

    Event first() {
        return events.get(0);
    }

    Verdict worst() {
        return events.stream().map(Event::verdict).max(Verdict::compareTo).orElse(Verdict.CLEAN);
    }

    /** One line. */
    String summary() {
        String more = events.size() == 1 ? "" : " and " + (events.size() - 1) + " more";
        return SafeText.clean("outguard on " + host + ": " + words(first()) + more);
    }

    private static String words(Event event) {
        String who = event.user().isEmpty() && event.program().isEmpty()
                ? "unknown sender"
                : (event.user() + " " + (event.script().isEmpty() ? event.program() : event.script())).strip();
        String kind = event.kind().name();
        return switch (event.what()) {
            case TEST -> "test";
            case ENDED -> kind + " by " + who + " has ended";
            case WORSE -> kind + " by " + who + " is " + event.verdict() + " now";
            case BEGUN -> kind + " by " + who + (event.verdict() == Verdict.OFFENDING ? "" : ", " + event.verdict());
        };
    }

    /** Some lines for each event. */
    String details() {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            text.append(SafeText.clean(words(event))).append('\n');
            line(text, "when", event.at().toString());
            line(text, "why", event.reason());
            line(text, "process", event.pid() == 0 ? "" : event.pid() + " " + event.program());
            line(text, "script", event.script());
            line(
                    text,
                    "to",
                    String.join(", ", event.remotes())
                            + (event.remoteCount() > event.remotes().size()
                                    ? ", … " + event.remoteCount() + " in all"
                                    : ""));
            line(text, "packets", event.packets() == 0 ? "" : Numbers.count(event.packets()));
            line(text, "id", event.id());
        }
        if (omitted > 0) {
            line(text, "not told", omitted + " events before this: too many");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("  ")
                    .append(name)
                    .append(": ")
                    .append(SafeText.clean(value))
                    .append('\n');
        }
    }

    /** All of it as one object. */
    Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "notification");
        object.put("at", at.toString());
        object.put("host", SafeText.clean(host));
        object.put("summary", summary());
        object.put("omitted", omitted);
        object.put("events", events.stream().map(Message::object).toList());
        return object;
    }

    private static Map<String, Object> object(Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", event.what().name().toLowerCase(Locale.ROOT));
        fields.put("id", SafeText.clean(event.id()));
        fields.put("at", event.at().toString());
        fields.put("kind", event.kind().name());
        fields.put("verdict", event.verdict().name());
        fields.put("reason", SafeText.clean(event.reason()));
        fields.put("user", SafeText.clean(event.user()));
        fields.put("program", SafeText.clean(event.program()));
        fields.put("script", SafeText.clean(event.script()));
        fields.put("pid", event.pid());
        fields.put("remotes", event.remotes().stream().map(SafeText::clean).toList());
        fields.put("remoteCount", event.remoteCount());
        fields.put("packets", event.packets());
        fields.put("packetsPerSecond", Math.round(event.packetsPerSecond()));
        fields.put("firstSeen", event.firstSeen().toString());
        return fields;
    }

    String json() {
        return json(object());
    }

    static String json(Object value) {
        try {
            return ASCII.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }
}
