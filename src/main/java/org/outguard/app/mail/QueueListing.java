package org.outguard.app.mail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystems;
import org.outguard.mta.OtherMailSystems;
import org.outguard.mta.QueueChange;
import org.outguard.mta.QueueReader;

/**
 * All queues of this machine at one moment.
 *
 * @param messages every message that could be read
 * @param limits what keeps the list from being all there is, for people
 */
public record QueueListing(List<QueuedMessage> messages, List<String> limits) {

    private static final Duration AT_A_TIME = Duration.ofMillis(200);

    /* A queue into which mail pours is read as long as it is worth it, not for ever. */
    private static final int MOST_LOOKS = 150;
    private static final int MOST_LOOKS_WITHOUT_NEWS = 3;

    /** Reads them. */
    public static QueueListing read(List<MailSystem> systems) {
        List<QueuedMessage> all = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        for (MailSystem system : systems) {
            read(system.reader(), all, limits);
        }
        if (systems.isEmpty()) {
            limits.add(MailSystems.NONE_HERE);
        }
        limits.addAll(OtherMailSystems.limits(Path.of("/")));
        return new QueueListing(all, limits);
    }

    private static void read(QueueReader reader, List<QueuedMessage> all, List<String> limits) {
        Map<QueueId, QueuedMessage> messages = new LinkedHashMap<>();
        QueueChange change;
        int quiet = 0;
        int looks = 0;
        do {
            change = reader.look(AT_A_TIME);
            change.seen().forEach(message -> messages.put(message.id(), message));
            change.gone().forEach(messages::remove);
            quiet = change.seen().isEmpty() ? quiet + 1 : 0;
            looks++;
        } while (!(change.complete() && change.seen().isEmpty())
                && looks < MOST_LOOKS
                && quiet < MOST_LOOKS_WITHOUT_NEWS);
        all.addAll(messages.values());
        change.problem().ifPresent(limits::add);
        if (change.uncounted() > 0) {
            limits.add(reader.instance() + ": " + change.uncounted() + " more messages are not listed");
        }
        if (change.unread() > 0) {
            limits.add(reader.instance() + ": " + change.unread() + " messages are being written");
        }
        if (reader.method().startsWith("postqueue")) {
            limits.add(reader.method());
        }
    }
}
