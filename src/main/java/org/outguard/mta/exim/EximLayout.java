package org.outguard.mta.exim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.MailOrigin.Link;
import org.outguard.mail.Provenance;
import org.outguard.mail.Provenance.Evidence;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.Interner;
import org.outguard.mta.MailHost;
import org.outguard.mta.PhpScript;
import org.outguard.mta.SpoolLayout;
import org.outguard.mta.ThisMachine;
import org.outguard.mta.UserNames;

/**
 * The spool of one Exim as files. A message is a file {@code ID-H} with envelope and header, and {@code ID-D} with the
 * body; the spool may be split into folders by the sixth digit of the id.
 */
public final class EximLayout implements SpoolLayout {

    /** Name of the mail system in a {@link QueueId}. */
    static final String INSTANCE = "exim";

    private static final int MOST_BYTES = 512 * 1024;
    private static final int FIRST_BYTES = 4 * 1024;
    private static final int LOG_BYTES = 8 * 1024;
    private static final int LONGEST_REASON = 300;
    private static final String SPLIT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /* Until 4.96, and since 4.97. */
    private static final Pattern ID =
            Pattern.compile("[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})");
    private static final Pattern HOST = Pattern.compile("\\[?([0-9A-Fa-f.:]{2,45}?)\\]?(?:[:.](\\d{1,5}))?");
    private static final Pattern PUT_OFF = Pattern.compile("\\S+ \\S+ (\\S+).* defer \\(-?\\d+\\):? ?(.*)");
    private static final Pattern LOCAL =
            Pattern.compile("from (\\S+) by \\S+ with local \\(Exim [^)]*\\).* id (\\S+?)[;\\s].*");

    private final Path spool;
    private final int ownUid;
    private final UserNames users;
    private final MailHost host;
    private final Interner interner = new Interner();
    private final List<Folder> folders;

    /**
     * A layout.
     *
     * @param spool {@code spool_directory}
     * @param ownUid uid of Exim itself, under which its daemon hands mail in
     * @param users names of local users
     */
    public EximLayout(Path spool, int ownUid, UserNames users) {
        this(spool, ownUid, users, ThisMachine.HERE);
    }

    /**
     * The same for a spool that may be a container's.
     *
     * @param host opens its files
     */
    public EximLayout(Path spool, int ownUid, UserNames users, MailHost host) {
        this.host = host;
        this.spool = spool;
        this.ownUid = ownUid;
        this.users = users;
        List<Folder> all = new ArrayList<>();
        all.add(new Folder(spool.resolve("input"), Status.DEFERRED));
        SPLIT.chars()
                .mapToObj(c -> spool.resolve("input").resolve(Character.toString(c)))
                .forEach(path -> all.add(new Folder(path, Status.DEFERRED)));
        this.folders = List.copyOf(all);
    }

    @Override
    public List<Folder> folders() {
        return folders;
    }

    @Override
    public Optional<QueueId> id(String fileName) {
        if (!fileName.endsWith("-H")) {
            return Optional.empty();
        }
        String id = fileName.substring(0, fileName.length() - 2);
        return isId(id) ? Optional.of(new QueueId("", host.instance(INSTANCE), id)) : Optional.empty();
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    @Override
    public boolean replacesFiles() {
        return true;
    }

    @Override
    public Reading read(Folder folder, QueueId id) {
        Path path = folder.path().resolve(id.id() + "-H");
        try {
            SpoolHeader file = header(path);
            if (!file.whole()) {
                return new Reading.Damaged(damaged(id));
            }
            long body = size(folder.path().resolve(id.id() + "-D"));
            return new Reading.Message(message(folder, id, file, body));
        } catch (NoSuchFileException e) {
            return new Reading.Gone();
        } catch (IOException e) {
            return new Reading.Damaged(damaged(id));
        }
    }

    SpoolHeader header(Path path) throws IOException {
        return SpoolHeader.parse(bytes(path, MOST_BYTES));
    }

    private byte[] bytes(Path path, int most) throws IOException {
        try (SeekableByteChannel channel = host.open(path)) {
            long size = Math.min(most, channel.size());
            ByteBuffer into = ByteBuffer.allocate((int) Math.max(size, Math.min(most, FIRST_BYTES)));
            while (into.hasRemaining() && channel.read(into) > 0) {
                // On to the next part.
            }
            return java.util.Arrays.copyOf(into.array(), into.position());
        }
    }

    private long size(Path path) {
        try (SeekableByteChannel channel = host.open(path)) {
            return channel.size();
        } catch (IOException e) {
            return 0;
        }
    }

    private QueuedMessage message(Folder folder, QueueId id, SpoolHeader file, long bodySize) {
        Attributes attributes = file.header().attributes();
        Provenance origin = interner.one(Provenance.of(origin(file, attributes), Evidence.QUEUE_FILE));
        Provenance root = origin.origin() instanceof MailOrigin.Derived ? interner.one(returned(folder, id)) : origin;
        return new QueuedMessage(
                id,
                file.isFrozen() ? Status.HOLD : Status.DEFERRED,
                file.arrival(),
                bodySize,
                interner.one(file.sender()),
                file.recipients(),
                file.recipientCount(),
                origin,
                root,
                new Attributes(
                        attributes.messageId(),
                        interner.one(attributes.subject()),
                        interner.one(attributes.scriptHeader())));
    }

    /* What -oMa and -oMt pretend stands in options; who called stands in line 2 and cannot be chosen. */
    private MailOrigin origin(SpoolHeader file, Attributes attributes) {
        if (file.uid() != ownUid) {
            return new MailOrigin.LocalUser(
                    file.uid(), users.nameOf(file.uid()), PhpScript.of(attributes.scriptHeader(), file.uid()));
        }
        Matcher host = HOST.matcher(file.option("host_address").orElse(""));
        if (host.matches()) {
            OptionalInt port =
                    host.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(host.group(2)));
            Optional<String> login =
                    file.option("auth_id").filter(name -> !name.isEmpty()).map(SpoolHeader::unescaped);
            return login.isPresent()
                    ? new MailOrigin.Login(login.get(), host.group(1), port)
                    : new MailOrigin.Client(host.group(1), port);
        }
        return file.sender().isEmpty()
                ? new MailOrigin.Derived(Link.BOUNCE, Optional.empty())
                : new MailOrigin.LocalUser(ownUid, users.nameOf(ownUid), "");
    }

    /* A bounce carries the header of what bounced, which Exim itself began. */
    private Provenance returned(Folder folder, QueueId id) {
        try {
            String body =
                    new String(bytes(folder.path().resolve(id.id() + "-D"), FIRST_BYTES * 4), StandardCharsets.UTF_8);
            int part = body.indexOf("Content-type: message/rfc822");
            int received = part < 0 ? -1 : body.indexOf("\nReceived: ", part);
            if (received >= 0) {
                String field =
                        body.substring(received + "\nReceived: ".length()).replaceAll("\\n[ \\t]+", " ");
                Matcher local = LOCAL.matcher(field.lines().findFirst().orElse(""));
                OptionalInt uid = local.matches() ? users.uidOf(local.group(1)) : OptionalInt.empty();
                if (uid.isPresent()) {
                    return Provenance.of(
                            new MailOrigin.LocalUser(uid.getAsInt(), users.nameOf(uid.getAsInt()), ""),
                            Evidence.QUEUE_FILE);
                }
            }
        } catch (IOException e) {
            // Gone since its header was read.
        }
        return Provenance.unknown("the spool does not say what bounced");
    }

    private static QueuedMessage damaged(QueueId id) {
        Provenance unknown = Provenance.unknown("its spool file is damaged");
        return new QueuedMessage(
                id, Status.DEFERRED, Instant.EPOCH, 0, "", List.of(), 0, unknown, unknown, Attributes.NONE);
    }

    @Override
    public QueuedMessage withReasons(Folder folder, QueuedMessage message) {
        Path log = spool.resolve("msglog")
                .resolve(spool.resolve("input").relativize(folder.path()))
                .resolve(message.id().id());
        Map<String, String> reasons = new HashMap<>();
        try (SeekableByteChannel channel = host.open(log)) {
            channel.position(Math.max(0, channel.size() - LOG_BYTES));
            ByteBuffer into = ByteBuffer.allocate(LOG_BYTES);
            while (into.hasRemaining() && channel.read(into) > 0) {
                // On to the next part.
            }
            new String(into.array(), 0, into.position(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> reason(line, reasons));
        } catch (IOException e) {
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

    private static void reason(String line, Map<String, String> reasons) {
        Matcher matcher = PUT_OFF.matcher(line);
        if (matcher.matches() && reasons.size() < SpoolHeader.MOST_RECIPIENTS * 10) {
            String reason = matcher.group(2);
            reasons.put(matcher.group(1), reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
        }
    }

    /** Opens a file of a message. */
    InputStream stream(Path path) throws IOException {
        return Channels.newInputStream(host.open(path));
    }

    /** The folders that a message with this id can lie in. */
    List<Folder> candidates(String id) {
        return List.of(
                new Folder(spool.resolve("input").resolve(id.substring(5, 6)), Status.DEFERRED),
                new Folder(spool.resolve("input"), Status.DEFERRED));
    }
}
