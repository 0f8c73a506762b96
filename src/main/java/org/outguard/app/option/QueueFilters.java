package org.outguard.app.option;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueuedMessage;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which messages of the queue are meant: all that every given filter takes. */
public final class QueueFilters {

    @Parameters(paramLabel = "QUEUE-ID", arity = "0..*", description = "queue ids")
    public List<String> ids = new ArrayList<>();

    @Option(names = "--uid", paramLabel = "UID", description = "submitted by this local user, by number or name")
    @Nullable
    String uid;

    @Option(names = "--sasl", paramLabel = "LOGIN", description = "submitted under this login")
    @Nullable
    String login;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "submitted from this address")
    @Nullable
    String client;

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            description = "with this envelope sender, or any of this domain (@example.org); <> for bounces")
    @Nullable
    String sender;

    @Option(names = "--script", paramLabel = "FILE", description = "submitted by this script")
    @Nullable
    String script;

    @Option(
            names = "--age",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "at least this old: 30s, 10m, 2d")
    @Nullable
    Duration age;

    @Option(names = "--status", paramLabel = "STATUS", description = "maildrop, incoming, active, deferred or hold")
    @Nullable
    String status;

    /** Whether nothing was said, so that all would be meant. */
    public boolean isEmpty() {
        return ids.isEmpty()
                && uid == null
                && login == null
                && client == null
                && sender == null
                && script == null
                && age == null
                && status == null;
    }

    /** The messages that are meant. */
    public List<QueuedMessage> of(List<QueuedMessage> all, Instant now) {
        Set<String> named = new HashSet<>(ids);
        return all.stream()
                .filter(m -> named.isEmpty() || named.contains(m.id().id()))
                .filter(m -> origins(m).anyMatch(this::takes))
                .filter(m -> sender == null || takesSender(m.sender(), sender))
                .filter(m -> age == null || !m.arrival().isAfter(now.minus(age)))
                .filter(m -> status == null || m.status().word().equals(status.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /* A bounce is charged to who sent what bounced, and a forward to who sent it first. */
    private static Stream<MailOrigin> origins(QueuedMessage message) {
        return Stream.of(message.provenance().origin(), message.root().origin());
    }

    private boolean takes(MailOrigin origin) {
        return (uid == null || isUser(origin, uid))
                && (login == null
                        || origin instanceof MailOrigin.Login one && one.login().equalsIgnoreCase(login))
                && (client == null || client.equals(clientOf(origin)))
                && (script == null || origin.script().equals(script));
    }

    private static boolean isUser(MailOrigin origin, String user) {
        return origin instanceof MailOrigin.LocalUser one
                && (one.user().equals(user)
                        || Integer.toUnsignedString(one.uid()).equals(user));
    }

    private static String clientOf(MailOrigin origin) {
        if (origin instanceof MailOrigin.Login one) {
            return one.client();
        }
        return origin instanceof MailOrigin.Client one ? one.address() : "";
    }

    private static boolean takesSender(String sender, String wanted) {
        if (wanted.startsWith("@")) {
            return sender.toLowerCase(Locale.ROOT).endsWith(wanted.toLowerCase(Locale.ROOT));
        }
        return sender.equalsIgnoreCase(wanted.equals("<>") ? "" : wanted);
    }
}
