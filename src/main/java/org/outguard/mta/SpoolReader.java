package org.outguard.mta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.SpoolLayout.Folder;
import org.outguard.mta.SpoolLayout.Reading;

/**
 * Follows a queue by the names in its folders, and reads a message's file once. A folder is listed again when its time
 * of change moved (inode(7): mtime of a directory tells of files made, removed and renamed in it), and one that is long
 * to list is listed less often, so that listing takes a fortieth of one core at most.
 */
public final class SpoolReader implements QueueReader {

    /** Messages beyond these are counted by name only; each one costs about 700 bytes. */
    public static final int MOST_MESSAGES = 200_000;

    /** A folder rests this many times as long as its last listing took, times the number of those that are slow. */
    private static final int REST = 40;

    private static final long SLOW_NANOS = 1_000_000;

    /** Two changes within one tick of the kernel's coarse clock bear the same time. */
    private static final Duration CLOCK_GRAIN = Duration.ofMillis(100);

    private final String instance;
    private final String method;
    private final SpoolLayout layout;
    private final ParallelHeaderReader heads;
    private final Clock clock;
    private final LongSupplier ticker;
    private final int mostMessages;

    private final Map<Path, SpoolFolder> folders = new LinkedHashMap<>();
    private final Map<String, SpoolEntry> entries = new HashMap<>();
    private final Deque<SpoolEntry> unread = new ArrayDeque<>();
    private final Deque<SpoolEntry> withoutReasons = new ArrayDeque<>();
    private final List<SpoolEntry> missing = new ArrayList<>();
    private long round;
    private int slowFolders;
    private boolean unlisted;

    /* Files whose reading failed; readers have several threads. */
    private final AtomicInteger faults = new AtomicInteger();
    private volatile String lastFault = "";

    /**
     * A reader that knows nothing yet.
     *
     * @param instance see {@link QueueReader#instance}
     * @param method see {@link QueueReader#method}
     * @param layout where the messages lie
     * @param heads reads their files
     * @param clock the clock by which the file system stamps
     * @param ticker nanoseconds from anywhere
     */
    public SpoolReader(
            String instance,
            String method,
            SpoolLayout layout,
            ParallelHeaderReader heads,
            Clock clock,
            LongSupplier ticker) {
        this(instance, method, layout, heads, clock, ticker, MOST_MESSAGES);
    }

    SpoolReader(
            String instance,
            String method,
            SpoolLayout layout,
            ParallelHeaderReader heads,
            Clock clock,
            LongSupplier ticker,
            int mostMessages) {
        this.instance = instance;
        this.method = method;
        this.layout = layout;
        this.heads = heads;
        this.clock = clock;
        this.ticker = ticker;
        this.mostMessages = mostMessages;
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public QueueChange look(Duration budget) {
        round++;
        List<SpoolEntry> missedBefore = List.copyOf(missing);
        missing.clear();
        long begun = ticker.getAsLong();
        Optional<String> problem = list(begun + budget.toNanos() / 2);
        List<QueueId> gone = new ArrayList<>();
        for (SpoolEntry entry : missedBefore) {
            // A message that moved on while the folders were listed turns up a round later.
            if (entries.get(entry.id.id()) == entry && entry.round < 0 && entry.missedIn < round) {
                forget(entry, gone);
            }
        }
        List<QueuedMessage> seen = new ArrayList<>();
        readHeads(seen, begun + budget.toNanos());
        int uncounted = folders.values().stream().mapToInt(f -> f.uncounted).sum();
        return new QueueChange(seen, gone, unread.size() + (unlisted ? 1 : 0), uncounted, problem.or(this::faults));
    }

    private Optional<String> faults() {
        return faults.get() == 0
                ? Optional.empty()
                : Optional.of("queue files could not be parsed " + faults + " times; last: " + lastFault);
    }

    /* What a file makes its parser throw is about that message alone. */
    @ReadsForeign
    private Reading read(SpoolEntry entry) {
        try {
            return layout.read(entry.folder, entry.id);
        } catch (RuntimeException e) {
            failed(entry, e);
            Provenance unknown = Provenance.unknown("its queue file could not be parsed");
            return new Reading.Damaged(entry.message.orElseGet(() -> new QueuedMessage(
                    entry.id,
                    entry.folder.status(),
                    Instant.EPOCH,
                    0,
                    "",
                    List.of(),
                    0,
                    unknown,
                    unknown,
                    QueuedMessage.Attributes.NONE)));
        }
    }

    @ReadsForeign
    private Optional<QueuedMessage> withReasons(SpoolEntry entry) {
        try {
            return entry.message.map(message -> layout.withReasons(entry.folder, message));
        } catch (RuntimeException e) {
            failed(entry, e);
            return entry.message;
        }
    }

    private void failed(SpoolEntry entry, RuntimeException e) {
        lastFault = entry.id.id() + ", " + e;
        faults.incrementAndGet();
    }

    /* Where there is much to list, heads of what is known are read before the rest is listed. */
    private Optional<String> list(long until) {
        Optional<String> problem = Optional.empty();
        List<Folder> now = layout.folders();
        slowFolders =
                (int) folders.values().stream().filter(f -> f.cost > SLOW_NANOS).count();
        unlisted = false;
        for (Folder folder : now) {
            SpoolFolder listed = folders.computeIfAbsent(folder.path(), path -> new SpoolFolder(folder));
            if (ticker.getAsLong() > until) {
                unlisted |= !listed.everListed;
                continue;
            }
            listed.everListed = true;
            try {
                if (isDue(listed)) {
                    list(listed);
                }
            } catch (NoSuchFileException e) {
                // Exim makes and removes the folders of a split spool as it goes.
                missAll(listed);
            } catch (IOException | UncheckedIOException e) {
                problem = Optional.of("cannot list " + folder.path() + ": " + e.getMessage());
            }
        }
        folders.values().stream().filter(f -> !now.contains(f.folder)).toList().forEach(f -> {
            missAll(f);
            folders.remove(f.folder.path());
        });
        return problem;
    }

    private boolean isDue(SpoolFolder listed) throws IOException {
        if (ticker.getAsLong() < listed.notBefore) {
            return false;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(listed.folder.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        long changed = attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.MICROSECONDS);
        boolean due = !listed.settled || changed != listed.changed;
        listed.changed = changed;
        long age = clock.millis() - attributes.lastModifiedTime().toMillis();
        listed.settled = Math.abs(age) > CLOCK_GRAIN.toMillis();
        return due;
    }

    private void list(SpoolFolder listed) throws IOException {
        long begun = ticker.getAsLong();
        listed.uncounted = 0;
        names(listed);
        long end = ticker.getAsLong();
        listed.cost = end - begun;
        listed.notBefore = end + REST * listed.cost * Math.max(1, slowFolders);
    }

    private void names(SpoolFolder listed) throws IOException {
        int known = 0;
        for (String name : names(listed.folder.path())) {
            // Nearly all are known, and their name says so.
            SpoolEntry entry = listed.entries.get(name);
            if (entry != null && entry.message.isPresent() && !layout.replacesFiles()) {
                known += entry.round == round ? 0 : 1;
                entry.round = round;
                continue;
            }
            Optional<QueueId> id = layout.id(name);
            if (id.isPresent()) {
                saw(listed, id.get(), name);
            }
        }
        if (known == listed.entries.size()) {
            return;
        }
        for (SpoolEntry entry : listed.entries.values()) {
            if (entry.round != round) {
                miss(entry);
            }
        }
    }

    /* Names alone cost half of what paths do; those say why there are none. */
    private static String[] names(Path folder) throws IOException {
        String[] names = folder.toFile().list();
        if (names != null) {
            return names;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toArray(String[]::new);
        }
    }

    private void saw(SpoolFolder listed, QueueId id, String name) throws IOException {
        SpoolEntry entry = entries.get(id.id());
        if (entry == null) {
            if (entries.size() >= mostMessages) {
                listed.uncounted++;
                return;
            }
            entry = new SpoolEntry(id, listed.folder);
            entries.put(id.id(), entry);
            listed.entries.put(id.id(), entry);
            toRead(entry);
        } else if (!entry.folder.equals(listed.folder)) {
            SpoolFolder before = folders.get(entry.folder.path());
            if (before != null) {
                before.entries.remove(id.id());
            }
            entry.folder = listed.folder;
            listed.entries.put(id.id(), entry);
            // Delivery marks recipients in the file as done, and delay has its reasons written.
            toRead(entry);
        } else if (entry.message.isEmpty()) {
            // It was elsewhere when it was to be read.
            toRead(entry);
        }
        if (layout.replacesFiles()) {
            readAgainIfReplaced(entry, listed.folder.path().resolve(name));
        }
        entry.round = round;
    }

    private void readAgainIfReplaced(SpoolEntry entry, Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            long version = attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.MICROSECONDS) * 31
                    + String.valueOf(attributes.fileKey()).hashCode();
            if (version != entry.version) {
                entry.version = version;
                toRead(entry);
            }
        } catch (NoSuchFileException e) {
            // Delivered since it was listed; the next look misses it.
        }
    }

    private void toRead(SpoolEntry entry) {
        if (!entry.queued) {
            entry.queued = true;
            unread.addLast(entry);
        }
    }

    private void missAll(SpoolFolder listed) {
        listed.settled = false;
        listed.uncounted = 0;
        List.copyOf(listed.entries.values()).forEach(this::miss);
    }

    private void miss(SpoolEntry entry) {
        if (entry.round >= 0) {
            entry.round = -1;
            entry.missedIn = round;
            missing.add(entry);
        }
    }

    private void forget(SpoolEntry entry, List<QueueId> gone) {
        entries.remove(entry.id.id());
        SpoolFolder listed = folders.get(entry.folder.path());
        if (listed != null) {
            listed.entries.remove(entry.id.id());
        }
        if (entry.reported) {
            gone.add(entry.id);
        }
    }

    /* Origins of all first, then reasons, since what is shown first is who sends. */
    private void readHeads(List<QueuedMessage> seen, long until) {
        List<SpoolEntry> again = new ArrayList<>();
        heads.run(unread, until, this::read, (entry, reading) -> {
            entry.queued = false;
            if (reading instanceof Reading.Message read) {
                keep(entry, read.message(), seen);
                if (read.message().status() == Status.DEFERRED || read.message().status() == Status.HOLD) {
                    withoutReasons.addLast(entry);
                }
            } else if (reading instanceof Reading.Damaged damaged) {
                keep(entry, damaged.message(), seen);
            } else if (reading instanceof Reading.Unfinished) {
                again.add(entry);
            }
        });
        again.forEach(this::toRead);
        if (unread.size() > again.size()) {
            return;
        }
        heads.run(withoutReasons, until, this::withReasons, (entry, message) -> {
            if (message.isPresent() && !message.equals(entry.message) && entries.get(entry.id.id()) == entry) {
                keep(entry, message.get(), seen);
            }
        });
    }

    private static void keep(SpoolEntry entry, QueuedMessage message, List<QueuedMessage> seen) {
        if (!entry.message.equals(Optional.of(message))) {
            entry.message = Optional.of(message);
            entry.reported = true;
            seen.add(message);
        }
    }

    /** Every message that was read and is still there. */
    public List<QueuedMessage> messages() {
        List<QueuedMessage> all = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> entry.message.ifPresent(all::add));
        return all;
    }
}
