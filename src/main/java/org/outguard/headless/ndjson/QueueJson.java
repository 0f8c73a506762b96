package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.text.SafeText;

/** A mail queue as NDJSON, by the manners of {@link Ndjson}. */
public final class QueueJson {

    private QueueJson() {}

    /** What one origin has in the queue: type {@code origin}. */
    public static String group(Instant at, OriginGroup group, Map<String, String> accounts) {
        return Ndjson.line("origin", at, json -> {
            provenance(json, "origin", group.provenance());
            Ndjson.text(json, "link", group.link());
            Ndjson.text(json, "container", group.container());
            Ndjson.text(
                    json,
                    "account",
                    MailSnapshot.accountOf(group.provenance().origin(), accounts)
                            .orElse(""));
            json.writeNumberField("messages", group.count());
            json.writeNumberField("disputed", group.disputed());
            json.writeNumberField("bytes", group.bytes());
            json.writeNumberField("recipients", group.recipients());
            Ndjson.time(json, "oldest", group.oldest());
            Ndjson.time(json, "newest", group.newest());
            json.writeObjectFieldStart("statuses");
            for (Map.Entry<QueuedMessage.Status, Integer> one : group.statuses().entrySet()) {
                json.writeNumberField(one.getKey().word(), one.getValue());
            }
            json.writeEndObject();
            counts(json, "senders", "sender", group.senders());
            counts(json, "domains", "domain", group.domains());
            counts(json, "reasons", "reason", group.reasons());
        });
    }

    private static void counts(JsonGenerator json, String list, String name, Map<String, Integer> counts)
            throws IOException {
        json.writeArrayFieldStart(list);
        for (Map.Entry<String, Integer> one : counts.entrySet()) {
            json.writeStartObject();
            Ndjson.text(json, name, one.getKey());
            json.writeNumberField("count", one.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** One message: type {@code message}. */
    public static String message(Instant at, QueuedMessage message) {
        return Ndjson.line("message", at, json -> {
            Ndjson.text(json, "queueId", message.id().id());
            Ndjson.text(json, "instance", message.id().instance());
            provenance(json, "origin", message.provenance());
            provenance(json, "root", message.root());
            Ndjson.text(json, "sender", message.sender());
            json.writeNumberField("recipients", message.recipientCount());
            json.writeArrayFieldStart("to");
            for (Recipient recipient : message.recipients()) {
                json.writeStartObject();
                Ndjson.text(json, "address", recipient.address());
                Ndjson.text(json, "reason", recipient.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("status", message.status().word());
            Ndjson.time(json, "arrival", message.arrival());
            json.writeNumberField("bytes", message.size());
            Ndjson.text(json, "messageId", message.attributes().messageId());
            Ndjson.text(json, "subject", message.attributes().subject());
            Ndjson.text(json, "scriptHeader", message.attributes().scriptHeader());
        });
    }

    private static void provenance(JsonGenerator json, String name, Provenance provenance) throws IOException {
        MailOrigin origin = provenance.origin();
        json.writeObjectFieldStart(name);
        json.writeStringField("kind", origin.kind());
        Ndjson.text(json, "who", origin.who());
        Ndjson.text(json, "script", origin.script());
        if (origin instanceof MailOrigin.LocalUser user) {
            json.writeNumberField("uid", Integer.toUnsignedLong(user.uid()));
        } else if (origin instanceof MailOrigin.Login login) {
            Ndjson.text(json, "client", login.client());
        } else if (origin instanceof MailOrigin.Unknown unknown) {
            Ndjson.text(json, "reason", unknown.reason());
        }
        json.writeStringField("evidence", provenance.evidence().word());
        Optional<MailOrigin> disputed = provenance.disputed();
        if (disputed.isPresent()) {
            json.writeStringField(
                    "disputedBy",
                    disputed.get().kind() + " " + SafeText.clean(disputed.get().who()));
        }
        json.writeEndObject();
    }
}
