package org.outguard.headless;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.Host;
import org.outguard.headless.complaint.Kind;
import org.outguard.headless.complaint.Row;
import org.outguard.text.SafeText;

/** What {@code outguard explain} prints. All of it is safe to print. */
public final class ExplanationReport {

    private static final int MAX_ROWS_SHOWN = 20;
    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private ExplanationReport() {}

    /** For programs: one object. */
    public static String json(Complaint complaint, AbuseExplanation.Result result) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", complaint.kind().word());
        object.put("zone", SafeText.clean(complaint.zone()));
        object.put("rows", complaint.rows().stream().map(ExplanationReport::row).toList());
        object.put("mail", complaint.message().map(ExplanationReport::message).orElse(null));
        object.put(
                "answers",
                result.answers().stream().map(ExplanationReport::answer).toList());
        object.put("notes", complaint.notes().stream().map(SafeText::clean).toList());
        try {
            return ASCII.asString(object) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    private static Map<String, Object> row(Row row) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("at", row.at().map(Instant::toString).orElse(null));
        fields.put("source", address(row.source()));
        fields.put("sourcePort", number(row.sourcePort()));
        fields.put("destination", address(row.destination()));
        fields.put("destinationPort", number(row.destinationPort()));
        fields.put("protocol", row.protocol().isEmpty() ? null : row.protocol());
        return cast(fields);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // JSON has null values
    private static Map<String, Object> cast(Map<String, ?> fields) {
        return (Map<String, Object>) fields;
    }

    private static @Nullable String address(Host host) {
        return host.address().map(IpAddress::toString).orElse(null);
    }

    private static @Nullable Integer number(OptionalInt port) {
        return port.isPresent() ? port.getAsInt() : null;
    }

    private static Map<String, Object> message(Complaint.Message message) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("messageId", message.messageId().isEmpty() ? null : SafeText.clean(message.messageId()));
        fields.put("queueId", message.queueId().isEmpty() ? null : SafeText.clean(message.queueId()));
        return cast(fields);
    }

    private static Map<String, Object> answer(Answer answer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("about", SafeText.clean(answer.about()));
        fields.put("owner", answer.owner().isEmpty() ? null : clean(answer.owner()));
        fields.put("match", answer.match());
        fields.put("evidence", SafeText.clean(answer.evidence()));
        fields.put("facts", answer.facts().stream().map(SafeText::clean).toList());
        fields.put("stopped", answer.stopped().map(SafeText::clean).orElse(null));
        fields.put("goesOn", answer.goesOn());
        fields.put("commands", answer.commands().stream().map(SafeText::clean).toList());
        return cast(fields);
    }

    private static @Nullable Object clean(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> safe = new LinkedHashMap<>();
            map.forEach((name, each) -> safe.put(SafeText.clean(String.valueOf(name)), clean(each)));
            return safe;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> safe = new ArrayList<>();
            list.forEach(each -> safe.add(clean(each)));
            return safe;
        }
        return value instanceof String text ? SafeText.clean(text) : value;
    }

    /** For people. */
    public static String text(AbuseExplanation abuseExplanation, AbuseExplanation.Result result) {
        Complaint complaint = abuseExplanation.complaint();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "complaint: " + kind(complaint.kind())
                        + (complaint.detail().isEmpty() ? "" : ", said to be " + complaint.detail()));
        if (!complaint.accused().isEmpty()) {
            line(
                    text,
                    "about: " + complaint.accused().get(0)
                            + more(complaint.accused().size() - 1));
        }
        if (!complaint.rows().isEmpty()) {
            line(text, "time zone: " + complaint.zone());
        }
        complaint.notes().forEach(note -> line(text, "note: " + note));
        complaint.message().ifPresent(message -> message(text, message));
        complaint.rows().stream().limit(MAX_ROWS_SHOWN).forEach(row -> line(text, "  " + words(row)));
        if (complaint.rows().size() > MAX_ROWS_SHOWN) {
            line(text, "  and " + (complaint.rows().size() - MAX_ROWS_SHOWN) + " more");
        }
        text.append('\n');
        answers(abuseExplanation, result, text);
        return text.toString();
    }

    private static void answers(AbuseExplanation abuseExplanation, AbuseExplanation.Result result, StringBuilder text) {
        Complaint complaint = abuseExplanation.complaint();
        if (complaint.message().isPresent() && result.answers().isEmpty()) {
            line(text, "the message: not seen in the history or in a mail log");
        } else if (complaint.kind() == Kind.SPAM_LISTING && result.answers().isEmpty()) {
            line(text, "top senders: nothing was recorded of the days before the notice");
        }
        for (AbuseExplanation.Target target : abuseExplanation.targets()) {
            line(
                    text,
                    target.words() + ": " + target.rows + (target.rows == 1 ? " row" : " rows")
                            + target.first
                                    .map(first -> ", " + first + " to " + target.last.orElse(first))
                                    .orElse(""));
            List<Answer> about = result.answers().stream()
                    .filter(answer -> answer.about().equals(target.words()))
                    .toList();
            if (about.isEmpty()) {
                line(text, "  not seen: nothing was recorded that was sent there at that time");
            }
            about.forEach(answer -> answer(answer, text));
        }
        if (abuseExplanation.targets().isEmpty()) {
            result.answers().forEach(answer -> {
                line(text, answer.about());
                answer(answer, text);
            });
        }
    }

    private static void answer(Answer answer, StringBuilder text) {
        line(text, "  sent by: " + answer.name());
        line(text, "  match: " + answer.match() + ", " + answer.evidence());
        answer.facts().forEach(fact -> line(text, "  " + fact));
        line(text, "  " + (answer.goesOn() ? "goes on: yes" : "goes on: not at the last record"));
        line(text, "  stopped: " + answer.stopped().orElse("nothing was done about it"));
        answer.commands().forEach(command -> line(text, "  stop it: " + command));
    }

    private static void message(StringBuilder text, Complaint.Message message) {
        line(text, "message: " + (message.messageId().isEmpty() ? "without an id" : message.messageId()));
        line(text, "queue id: " + (message.queueId().isEmpty() ? "not shown" : message.queueId()));
        if (!message.script().isEmpty()) {
            line(text, "script, by its header: " + message.script());
        }
    }

    static String kind(Kind kind) {
        return switch (kind) {
            case DDOS -> "an attack (DDoS) from here";
            case NETSCAN -> "a network scan from here";
            case BRUTE_FORCE -> "password guessing (brute force) from here";
            case REFLECTOR -> "a service here that attacks are reflected by";
            case SPAM_MESSAGE -> "a message that was sent from here";
            case SPAM_LISTING -> "a listing on a block list";
            case OTHER -> "of no known kind";
        };
    }

    static String words(Row row) {
        return row.at().map(Instant::toString).orElse("no time") + "  " + end(row.source(), row.sourcePort()) + " -> "
                + end(row.destination(), row.destinationPort()) + "  "
                + (row.protocol().isEmpty() ? "?" : row.protocol());
    }

    private static String end(Host host, OptionalInt port) {
        return (host.told() ? host.toString() : "?") + (port.isPresent() ? " port " + port.getAsInt() : "");
    }

    private static String more(int count) {
        return count > 0 ? " and " + count + " more" : "";
    }

    private static void line(StringBuilder text, String line) {
        text.append(SafeText.clean(line)).append('\n');
    }
}
