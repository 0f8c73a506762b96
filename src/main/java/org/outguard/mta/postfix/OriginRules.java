package org.outguard.mta.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.MailOrigin.Link;
import org.outguard.mail.Provenance;
import org.outguard.mail.Provenance.Evidence;
import org.outguard.mail.QueueId;
import org.outguard.mta.PhpScript;
import org.outguard.mta.UserNames;

/**
 * Who handed a message in, by its queue file. Attributes can be written by nobody but Postfix: pickup takes none of a
 * submitter's but those of DSN and encoding. For mail without a client the topmost Received field says the rest.
 *
 * @param instance name of the mail system, for the ids of parents
 * @param ownUid uid of Postfix itself, under which {@code postsuper -r} hands mail in again
 * @param users names of local users
 * @param known what was found of local users before
 */
record OriginRules(String instance, int ownUid, UserNames users, ConcurrentMap<String, Found> known) {

    private static final int MOST_KNOWN = 4_096;

    OriginRules(String instance, int ownUid, UserNames users) {
        this(instance, ownUid, users, new ConcurrentHashMap<>());
    }

    /* Postfix names the bounced message in the boundary: queue id, time, host (src/bounce/bounce_notify_util.c). */
    private static final Pattern BOUNDARY =
            Pattern.compile(".*boundary=\"([0-9A-Za-z]{6,30})\\.\\d{1,20}/[^\"]*\".*", Pattern.DOTALL);

    /**
     * Origin and root of a message.
     *
     * @param origin who handed it in
     * @param root the first submitter behind it
     */
    record Found(Provenance origin, Provenance root) {
        static Found one(MailOrigin origin) {
            Provenance provenance = Provenance.of(origin, Evidence.QUEUE_FILE);
            return new Found(provenance, provenance);
        }

        static Found unknown(String reason) {
            return new Found(Provenance.unknown(reason), Provenance.unknown(reason));
        }
    }

    /** By a file of the maildrop, which belongs to its submitter: postdrop(1) runs as that user. */
    Found ofMaildrop(QueueFile file, int owner) {
        return owner == ownUid ? of(file) : byUser(owner, file);
    }

    Found of(QueueFile file) {
        Optional<String> client = file.attribute("client_address");
        if (client.isPresent()) {
            return Found.one(remote(file, client.get()));
        }
        List<ReceivedLine> received = received(file.header().received());
        if (received.isEmpty()) {
            return Found.unknown("its queue file names neither client nor user");
        }
        ReceivedLine top = received.get(0);
        if (top.uid().isEmpty()) {
            return file.sender().isEmpty() ? bounce(file) : derived(Link.FORWARD, received, file);
        }
        boolean again = isOwn(top) && received.size() > 1;
        return again ? derived(Link.REQUEUE, received, file) : byUser(top.uid().getAsInt(), file);
    }

    /* From the topmost on, as far as they are Postfix's; below a user's nothing counts, unless that user is Postfix. */
    private List<ReceivedLine> received(List<String> values) {
        List<ReceivedLine> received = new ArrayList<>(2);
        for (String value : values) {
            Optional<ReceivedLine> line = ReceivedLine.parse(value, users);
            if (line.isEmpty()) {
                break;
            }
            received.add(line.get());
            if (received.size() == 1 && line.get().uid().isPresent() && !isOwn(line.get())) {
                break;
            }
        }
        return received;
    }

    private boolean isOwn(ReceivedLine line) {
        return line.uid().orElse(-1) == ownUid;
    }

    /* Thousands of messages are one user's, by one script. */
    private Found byUser(int uid, QueueFile file) {
        String script = PhpScript.of(file.header().script(), uid);
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(
                uid + "/" + script, key -> Found.one(new MailOrigin.LocalUser(uid, users.nameOf(uid), script)));
    }

    private static MailOrigin remote(QueueFile file, String client) {
        OptionalInt port = port(file.attribute("client_port").orElse(""));
        Optional<String> login = file.attribute("sasl_username");
        return login.isPresent()
                ? new MailOrigin.Login(login.get(), client, port)
                : new MailOrigin.Client(client, port);
    }

    /* Below Postfix's own line is that of the hand-over before, as long as each was Postfix's own doing. */
    private Found derived(Link link, List<ReceivedLine> received, QueueFile file) {
        Optional<QueueId> parent = received.size() > 1 ? received.get(1).id().map(this::queueId) : Optional.empty();
        Provenance origin = Provenance.of(new MailOrigin.Derived(link, parent), Evidence.QUEUE_FILE);
        return new Found(
                origin, root(received.subList(1, received.size()), file.header().script()));
    }

    private Found bounce(QueueFile file) {
        Matcher boundary = BOUNDARY.matcher(file.header().contentType());
        Optional<QueueId> parent = boundary.matches() ? Optional.of(queueId(boundary.group(1))) : Optional.empty();
        Provenance origin = Provenance.of(new MailOrigin.Derived(Link.BOUNCE, parent), Evidence.QUEUE_FILE);
        List<ReceivedLine> received = new ArrayList<>();
        for (String value : file.returned().received()) {
            ReceivedLine.parse(value, users).ifPresent(received::add);
        }
        boolean fits = !received.isEmpty()
                && parent.isPresent()
                && received.get(0).id().equals(parent.map(QueueId::id));
        Provenance root = fits
                ? root(received, file.returned().script())
                : Provenance.unknown("the bounced message is not in the notification");
        return new Found(origin, root);
    }

    private Provenance root(List<ReceivedLine> received, String scriptHeader) {
        for (ReceivedLine line : received) {
            boolean own = line.origin().isEmpty() || isOwn(line);
            if (!own) {
                MailOrigin origin = line.origin().get();
                if (origin instanceof MailOrigin.LocalUser user) {
                    origin = new MailOrigin.LocalUser(user.uid(), user.user(), PhpScript.of(scriptHeader, user.uid()));
                }
                return Provenance.of(origin, Evidence.QUEUE_FILE);
            }
        }
        return Provenance.unknown("no Received field names the first submitter");
    }

    private QueueId queueId(String id) {
        return new QueueId("", instance, id);
    }

    private static OptionalInt port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port <= 0xffff ? OptionalInt.of(port) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
