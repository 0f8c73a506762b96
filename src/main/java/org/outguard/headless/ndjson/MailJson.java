package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.text.SafeText;

/** The objects of mail in the NDJSON output: submitters that offend, and messages. */
public final class MailJson {

    private static final MailOrigin NO_MESSAGE =
            new MailOrigin.Unknown("no message of a mail system is known of this sender");

    private MailJson() {}

    /** A submitter at that time: type {@code offender}, or {@code submitter} where it is CLEAN. */
    public static String submitter(Instant at, Submitter submitter, String account) {
        return Ndjson.line(submitter.verdict() == Verdict.CLEAN ? "submitter" : "offender", at, json -> {
            Ndjson.text(json, "id", submitter.id());
            json.writeStringField("kind", submitter.kind().name());
            json.writeStringField("verdict", submitter.verdict().name());
            Ndjson.text(json, "reason", submitter.reason());
            if (submitter.peakAt().isPresent()) {
                Ndjson.time(json, "peakAt", submitter.peakAt().get());
            }
            json.writeStringField("protocol", "smtp");
            json.writeArrayFieldStart("remotes");
            json.writeEndArray();
            json.writeNumberField("remoteCount", 0);
            Ndjson.time(json, "firstSeen", submitter.firstSeen());
            Ndjson.time(json, "lastSeen", submitter.lastSeen());
            json.writeNullField("owner");
            json.writeStringField("match", "NONE");
            Ndjson.text(json, "matchedBy", submitter.evidence().word());
            mail(json, submitter, account);
            json.writeArrayFieldStart("actions");
            json.writeEndArray();
        });
    }

    private static void mail(JsonGenerator json, Submitter submitter, String account) throws IOException {
        MailSnapshot.Totals counts = submitter.counts();
        json.writeObjectFieldStart("mail");
        origin(json, "origin", submitter.origin(), scripts(submitter));
        Ndjson.text(json, "account", account);
        json.writeStringField("evidence", submitter.evidence().name());
        queueIds(json, submitter.queueIds());
        json.writeNumberField("messages", counts.messages());
        json.writeNumberField("queued", counts.queued());
        json.writeNumberField("held", counts.held());
        json.writeNumberField("sent", counts.sent());
        json.writeNumberField("bounced", counts.bounced());
        json.writeNumberField("deferred", counts.deferred());
        json.writeNumberField("bounces", counts.backscatter());
        json.writeNumberField("disputed", counts.disputed());
        json.writeNumberField("recipientsPerMinute", submitter.recipientsPerMinute());
        json.writeNumberField("recipientsPerHour", submitter.recipientsPerHour());
        json.writeNumberField("distinctRecipients", submitter.distinctRecipients());
        json.writeNumberField("networks", submitter.networks());
        json.writeNumberField("failedLogins", submitter.failedLogins());
        counted(json, "senders", submitter.senders());
        counted(json, "domains", submitter.domains());
        counted(json, "deferrals", submitter.deferrals());
        json.writeEndObject();
    }

    /** Whose mail it sent, and what it was heard to say to mail servers; null where neither is known. */
    static void sent(JsonGenerator json, Talker talker) throws IOException {
        if (talker.mail().isEmpty() && talker.smtp().isEmpty()) {
            json.writeNullField("mail");
            return;
        }
        json.writeObjectFieldStart("mail");
        if (talker.mail().isPresent()) {
            submitted(json, talker.mail().get());
        } else {
            unsubmitted(json);
        }
        if (talker.smtp().isPresent()) {
            smtp(json, talker.smtp().get());
        }
        json.writeEndObject();
    }

    private static void submitted(JsonGenerator json, Talker.Mail mail) throws IOException {
        origin(json, "origin", mail.origin(), mail.script());
        json.writeStringField("evidence", mail.evidence().name());
        queueIds(json, mail.queueIds());
        json.writeNumberField("queued", mail.counts().queued());
        json.writeNumberField("sent", mail.counts().sent());
        json.writeNumberField("bounced", mail.counts().bounced());
        json.writeNumberField("deferred", mail.counts().deferred());
    }

    /* No message of any mail system is known of it. */
    private static void unsubmitted(JsonGenerator json) throws IOException {
        origin(json, "origin", NO_MESSAGE, "");
        json.writeStringField("evidence", Provenance.Evidence.NONE.name());
        queueIds(json, List.of());
        for (String count : List.of("queued", "sent", "bounced", "deferred")) {
            json.writeNullField(count);
        }
    }

    private static void smtp(JsonGenerator json, SmtpSnapshot smtp) throws IOException {
        json.writeObjectFieldStart("smtp");
        json.writeNumberField("connections", smtp.connections());
        json.writeNumberField("encrypted", smtp.encrypted());
        counted(json, "ehlo", smtp.greetings());
        Ndjson.text(json, "lastSender", smtp.lastSender());
        json.writeNumberField("senders", smtp.senders());
        json.writeNumberField("messages", smtp.messages());
        json.writeNumberField("recipients", smtp.recipients());
        json.writeNumberField("refusedRecipients", smtp.refusedRecipients());
        codes(json, "refusedByCode", smtp.refused());
        codes(json, "replies", smtp.replies());
        json.writeEndObject();
    }

    private static void codes(JsonGenerator json, String name, List<SmtpSnapshot.Code> codes) throws IOException {
        json.writeObjectFieldStart(name);
        for (SmtpSnapshot.Code code : codes) {
            json.writeNumberField(Integer.toString(code.code()), code.count());
        }
        json.writeEndObject();
    }

    private static void queueIds(JsonGenerator json, List<QueueId> ids) throws IOException {
        json.writeArrayFieldStart("queueIds");
        for (QueueId id : ids) {
            json.writeString(SafeText.clean(id.id()));
        }
        json.writeEndArray();
    }

    /** A message that was seen on its way out. */
    public static String delivery(Instant at, Delivery delivery) {
        return Ndjson.line("delivery", at, json -> {
            Ndjson.text(json, "queueId", delivery.id().id());
            Ndjson.text(json, "instance", delivery.id().instance());
            json.writeNumberField("pid", delivery.process().pid());
            Ndjson.text(json, "local", delivery.local().toString());
            Ndjson.text(json, "remote", delivery.remote().toString());
            provenance(json, "root", delivery.root());
        });
    }

    private static String scripts(Submitter submitter) {
        return submitter.scripts().isEmpty() ? "" : submitter.scripts().get(0).text();
    }

    private static void counted(JsonGenerator json, String name, List<MailSnapshot.Counted> all) throws IOException {
        json.writeArrayFieldStart(name);
        for (MailSnapshot.Counted one : all) {
            json.writeStartObject();
            Ndjson.text(json, "text", one.text());
            json.writeNumberField("count", one.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * A message at that time.
     *
     * @param lost changes before this one that make no line, since this reader came too late for them
     */
    public static String message(Instant at, MailSnapshot.Message message, long lost) {
        return Ndjson.line("message", at, json -> {
            Ndjson.text(json, "queueId", message.id().id());
            Ndjson.text(json, "instance", message.id().instance());
            provenance(json, "origin", message.provenance());
            provenance(json, "root", message.root());
            Ndjson.text(json, "submitter", message.submitterId());
            Ndjson.time(json, "arrival", message.arrival());
            Ndjson.text(json, "sender", message.sender());
            json.writeNumberField("recipients", message.recipientCount());
            json.writeNumberField("sent", message.sent());
            json.writeNumberField("bounced", message.bounced());
            json.writeNumberField("deferred", message.deferred());
            Ndjson.text(json, "status", message.status());
            Ndjson.text(json, "messageId", message.attributes().messageId());
            recipients(json, message.fates());
            if (message.provenance().origin() instanceof MailOrigin.Derived derived
                    && derived.link() == MailOrigin.Link.BOUNCE
                    && derived.parent().isPresent()) {
                Ndjson.text(json, "bounceOf", derived.who());
            } else {
                json.writeNullField("bounceOf");
            }
            if (lost > 0) {
                json.writeNumberField("lost", lost);
            }
        });
    }

    private static void recipients(JsonGenerator json, List<LoggedMessage.Fate> fates) throws IOException {
        json.writeArrayFieldStart("recipientList");
        for (LoggedMessage.Fate fate : fates) {
            json.writeStartObject();
            Ndjson.text(json, "address", fate.address());
            json.writeStringField("status", fate.status().word());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** How much of the mail logs was read; in the object {@code log} of a summary. */
    static void reading(JsonGenerator json, LogReading reading) throws IOException {
        json.writeObjectFieldStart("log");
        json.writeNumberField("lines", reading.lines());
        json.writeNumberField("notUnderstood", reading.notUnderstood());
        if (reading.first().isPresent()) {
            json.writeObjectFieldStart("firstNotUnderstood");
            Ndjson.text(json, "file", reading.first().get().file());
            json.writeNumberField("line", reading.first().get().line());
            json.writeEndObject();
        } else {
            json.writeNullField("firstNotUnderstood");
        }
        json.writeObjectFieldStart("notUnderstoodByKind");
        for (LogReading.Kind kind : reading.kinds()) {
            json.writeNumberField(kind.word(), kind.count());
        }
        json.writeEndObject();
        json.writeNumberField("forged", reading.forged());
        json.writeArrayFieldStart("unsupported");
        for (String system : reading.unsupported()) {
            json.writeString(SafeText.clean(system));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void provenance(JsonGenerator json, String name, Provenance provenance) throws IOException {
        json.writeObjectFieldStart(name);
        fields(json, provenance.origin(), provenance.origin().script());
        json.writeStringField("evidence", provenance.evidence().name());
        if (provenance.disputed().isPresent()) {
            origin(json, "disputed", provenance.disputed().get(), "");
        } else {
            json.writeNullField("disputed");
        }
        json.writeEndObject();
    }

    private static void origin(JsonGenerator json, String name, MailOrigin origin, String script) throws IOException {
        json.writeObjectFieldStart(name);
        fields(json, origin, script);
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, MailOrigin origin, String script) throws IOException {
        json.writeStringField("kind", origin.kind());
        Ndjson.text(json, "who", origin.who());
        if (origin instanceof MailOrigin.LocalUser user && user.uid() >= 0) {
            json.writeNumberField("uid", user.uid());
        }
        if (origin instanceof MailOrigin.Login login) {
            Ndjson.text(json, "client", login.client());
        }
        if (origin instanceof MailOrigin.Unknown unknown) {
            Ndjson.text(json, "reason", unknown.reason());
        }
        Ndjson.text(json, "script", script);
    }
}
