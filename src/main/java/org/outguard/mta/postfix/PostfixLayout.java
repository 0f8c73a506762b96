package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.Interner;
import org.outguard.mta.MailHost;
import org.outguard.mta.SpoolLayout;
import org.outguard.mta.ThisMachine;
import org.outguard.mta.UserNames;

/** The queues of one Postfix instance as files. */
public final class PostfixLayout implements SpoolLayout {

    private static final int SHORTEST_ID = 6;
    private static final int LONGEST_ID = 30;

    private final PostfixInstance instance;
    private final MailHost host;
    private final OriginRules origins;
    private final Interner interner = new Interner();
    private final List<Folder> folders;

    /**
     * A layout.
     *
     * @param instance whose queues
     * @param users names of local users
     */
    public PostfixLayout(PostfixInstance instance, UserNames users) {
        this(instance, users, ThisMachine.HERE);
    }

    /**
     * The same for an instance that may be a container's.
     *
     * @param host opens its files
     */
    public PostfixLayout(PostfixInstance instance, UserNames users, MailHost host) {
        this.instance = instance;
        this.host = host;
        this.origins = new OriginRules(instance.name(), instance.ownUid(), users);
        this.folders = List.copyOf(everyFolder());
    }

    private List<Folder> everyFolder() {
        List<Folder> all = new ArrayList<>();
        // As mail goes, so that one that moves on is met again rather than missed; what is deferred is most and last.
        for (Status status : List.of(Status.MAILDROP, Status.INCOMING, Status.ACTIVE, Status.HOLD, Status.DEFERRED)) {
            Path queue = instance.queue().resolve(status.word());
            all.add(new Folder(queue, status));
            if (instance.hashedQueues().contains(status.word())) {
                addHashed(all, queue, status, instance.hashDepth());
            }
        }
        return all;
    }

    private static void addHashed(List<Folder> all, Path parent, Status status, int depth) {
        for (char c : "0123456789ABCDEF".toCharArray()) {
            Path path = parent.resolve(String.valueOf(c));
            all.add(new Folder(path, status));
            if (depth > 1) {
                addHashed(all, path, status, depth - 1);
            }
        }
    }

    @Override
    public List<Folder> folders() {
        return folders;
    }

    @Override
    public Optional<QueueId> id(String fileName) {
        return isId(fileName) ? Optional.of(new QueueId("", instance.name(), fileName)) : Optional.empty();
    }

    /** Whether this can be a queue id, short or long. */
    static boolean isId(String text) {
        return text.length() >= SHORTEST_ID && text.length() <= LONGEST_ID && isAlphanumeric(text);
    }

    private static boolean isAlphanumeric(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!alphanumeric) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean replacesFiles() {
        return false;
    }

    @Override
    public Reading read(Folder folder, QueueId id) {
        Path path = folder.path().resolve(id.id());
        QueueFile file;
        OriginRules.Found found;
        try (SeekableByteChannel channel = host.open(path)) {
            file = QueueFile.read(channel);
            found = folder.status() == Status.MAILDROP
                    ? origins.ofMaildrop(
                            file, (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    : origins.of(file);
        } catch (NoSuchFileException e) {
            return new Reading.Gone();
        } catch (IOException e) {
            return new Reading.Damaged(nothing(folder, id, "its queue file cannot be read: " + e.getMessage()));
        }
        return switch (file.state()) {
            case WHOLE -> new Reading.Message(message(folder, id, file, found));
            case BEING_WRITTEN -> new Reading.Unfinished();
            case DAMAGED ->
                folder.status() == Status.INCOMING || folder.status() == Status.MAILDROP
                        ? new Reading.Unfinished()
                        : new Reading.Damaged(nothing(folder, id, "its queue file is damaged"));
        };
    }

    private QueuedMessage message(Folder folder, QueueId id, QueueFile file, OriginRules.Found found) {
        Attributes attributes = file.header().attributes();
        Provenance origin = found.origin();
        return new QueuedMessage(
                id,
                folder.status(),
                file.arrival(),
                file.size(),
                interner.one(file.sender()),
                file.recipients(),
                file.recipientCount(),
                origin,
                found.root(),
                new Attributes(
                        attributes.messageId(),
                        interner.one(attributes.subject()),
                        interner.one(attributes.scriptHeader())));
    }

    private static QueuedMessage nothing(Folder folder, QueueId id, String reason) {
        Provenance unknown = Provenance.unknown(reason);
        return new QueuedMessage(
                id, folder.status(), Instant.EPOCH, 0, "", List.of(), 0, unknown, unknown, Attributes.NONE);
    }

    @Override
    public QueuedMessage withReasons(Folder folder, QueuedMessage message) {
        Map<String, String> reasons = new HashMap<>();
        try (SeekableByteChannel channel =
                host.open(deferLog(folder, message.id().id()))) {
            DeferLog.read(channel, reasons);
        } catch (IOException e) {
            // There is none for mail that was not tried yet.
            return message;
        }
        List<Recipient> recipients = message.recipients().stream()
                .map(r -> new Recipient(r.address(), interner.one(reasons.getOrDefault(r.address(), ""))))
                .toList();
        return new QueuedMessage(
                message.id(),
                message.status(),
                message.arrival(),
                message.size(),
                message.sender(),
                recipients,
                message.recipientCount(),
                message.provenance(),
                message.root(),
                message.attributes());
    }

    private Path deferLog(Folder folder, String id) {
        Path logs = instance.queue().resolve("defer");
        if (!instance.hashedQueues().contains("defer")) {
            return logs.resolve(id);
        }
        if (folder.status() == Status.DEFERRED && instance.hashedQueues().contains("deferred")) {
            return logs.resolve(instance.queue().resolve("deferred").relativize(folder.path()))
                    .resolve(id);
        }
        return hashed(logs, id).resolve(id);
    }

    /** Opens a queue file for reading. */
    SeekableByteChannel open(Path path) throws IOException {
        return host.open(path);
    }

    /** Where a message with this id lies, if it is in that queue; the likelier place first. */
    List<Path> places(String id, Status status) {
        Path queue = instance.queue().resolve(status.word());
        Path plain = queue.resolve(id);
        return instance.hashedQueues().contains(status.word())
                ? List.of(hashed(queue, id).resolve(id), plain)
                : List.of(plain);
    }

    private Path hashed(Path queue, String id) {
        Path folder = queue;
        for (char c : LongId.hash(id).substring(0, instance.hashDepth()).toCharArray()) {
            folder = folder.resolve(String.valueOf(c));
        }
        return folder;
    }

    /** What the record of a name's hash is made of. */
    static final class LongId {
        private static final int MICROSECOND_DIGITS = 4;

        private LongId() {}

        /**
         * Names of the folders that a split queue has this id in: its first digits, for a long id those of its
         * microseconds in base 16 (src/global/mail_queue.c, mail_queue_dir).
         */
        static String hash(String id) {
            int inode = id.lastIndexOf('z');
            if (inode < MICROSECOND_DIGITS) {
                return id;
            }
            long microseconds = QueueId.postfixNumber(id.substring(inode - MICROSECOND_DIGITS, inode));
            String hex = Long.toHexString(microseconds).toUpperCase(java.util.Locale.ROOT);
            return "0".repeat(Math.max(0, 5 - hex.length())) + hex;
        }
    }

    /** The file that says why recipients were put off (src/global/defer.c): {@code name=value} lines a recipient. */
    private static final class DeferLog {
        private static final int FIRST_BYTES = 1024;
        private static final int MOST_BYTES = 16 * 1024;
        private static final int LONGEST_REASON = 300;

        private DeferLog() {}

        static void read(SeekableByteChannel channel, Map<String, String> reasons) throws IOException {
            // Nearly all are small, and there are as many as there are messages.
            ByteBuffer into = ByteBuffer.allocate(FIRST_BYTES);
            while (channel.read(into) > 0) {
                if (!into.hasRemaining() && into.capacity() < MOST_BYTES) {
                    into = ByteBuffer.allocate(MOST_BYTES).put(into.flip());
                }
            }
            String recipient = "";
            for (String line : new String(into.array(), 0, into.position(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith("recipient=")) {
                    recipient = line.substring("recipient=".length());
                } else if (line.startsWith("reason=") && !recipient.isEmpty()) {
                    String reason = line.substring("reason=".length());
                    reasons.put(recipient, reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
                }
            }
        }
    }
}
