package org.outguard.journal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/**
 * The journal file: one JSON object a line, only ever appended to. Safe from any thread, and from several processes, which
 * take turns by a lock on the file. Each append opens the file anew, so it may be moved away at any time.
 *
 * <p>A line that a crash cut short stays as it is; the next append starts on a new line.
 */
public final class Journal {

    /** Where the journal is, if nobody says otherwise. */
    public static final Path DEFAULT_FILE = Path.of("/var/lib/outguard/journal.ndjson");

    /** How many entries, and how many damaged lines, {@link #read()} keeps of a long journal; the newest. */
    public static final int MOST_ENTRIES = 100_000;

    /** Beyond this length a journal is begun anew; the one before stays under its name with {@code .1} behind it. */
    public static final long MOST_BYTES = 16L << 20;

    private static final int LONGEST_LINE_BYTES = 4 << 20;
    private static final Set<OpenOption> OPEN = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** Longer than any action takes: a kill with its evidence, the hold of a whole queue. */
    public static final long LONGEST_SECONDS = 60;

    private static final String TURN_SUFFIX = ".lock";
    private static final String ACTING_SUFFIX = ".acting";

    /* One for all journals, since a lock on a file is the process's, not the object's. */
    private static final Object TURN = new Object();

    private final Path file;
    private final String boot;
    private final long mostBytes;

    /** A journal in this file, which need not be there yet; nor need its directory. */
    public Journal(Path file) {
        this(file, "", MOST_BYTES);
    }

    /**
     * A journal that knows a reboot when it sees one.
     *
     * @param file need not be there yet; nor need its directory
     * @param boot id of the boot that is under way, see {@link JournalEntry.Decided#boot}
     */
    public Journal(Path file, String boot) {
        this(file, boot, MOST_BYTES);
    }

    /** The same with another length, see {@link #MOST_BYTES}. */
    Journal(Path file, String boot, long mostBytes) {
        this.file = file.toAbsolutePath();
        this.boot = boot;
        this.mostBytes = mostBytes;
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** The folder it lies in, where other records of what was done may lie too. */
    public Path folder() {
        return directory();
    }

    /**
     * Writes that an action is about to be run. When this returns empty, the line is on the disk.
     *
     * @return why it could not be journaled, in which case the action may not be run; empty where it was
     */
    public Optional<String> before(Action action) {
        return append(new JournalEntry.Decided(action, boot));
    }

    /**
     * Writes what became of an action.
     *
     * @return why it could not be journaled; empty where it was
     */
    public Optional<String> after(Outcome outcome) {
        return append(new JournalEntry.Ended(outcome));
    }

    /**
     * Writes that a request was refused.
     *
     * @return why it could not be journaled; empty where it was
     */
    public Optional<String> refused(JournalEntry.Refused refusal) {
        return append(refusal);
    }

    private Optional<String> append(JournalEntry entry) {
        byte[] line = JournalLine.write(entry);
        if (line.length > LONGEST_LINE_BYTES) {
            return Optional.of("could not be journaled: its line would be longer than can be read back");
        }
        try {
            synchronized (TURN) {
                write(line);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("could not be journaled: " + e);
        }
    }

    @SuppressWarnings("try") // the turn is held, not used
    private void write(byte[] line) throws IOException {
        boolean created = makeDirectory() || Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
        // Until the channel is closed. Other processes wait; within ours the monitor keeps appends apart.
        try (FileChannel turn = lock(TURN_SUFFIX, LONGEST_SECONDS)) {
            if (!created && Files.size(file) > mostBytes) {
                rotate();
            }
            append(line);
        }
        if (created) {
            syncDirectory();
        }
    }

    private void append(byte[] line) throws IOException {
        try (FileChannel channel = FileChannel.open(file, OPEN, mode("rw-------"))) {
            long end = channel.size();
            ByteBuffer bytes = ByteBuffer.wrap(endsInMidLine(channel, end) ? onNewLine(line) : line);
            for (long at = end; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
            channel.force(true);
        }
    }

    /* A file of its own for each lock: the journal is replaced when it is long, and closing a file lets go of every lock
     * that the process has on it (fcntl_locking(2)). */
    private FileChannel lock(String suffix, long seconds) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + suffix);
        FileChannel channel = FileChannel.open(lock, OPEN, mode("rw-------"));
        try {
            ActingLock.take(channel, lock, seconds);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Takes the turn to act, which one process has at a time: from before an action is journaled until its outcome is. So
     * who has it knows that an action without an outcome is nobody's any more.
     *
     * @throws IOException where the lock cannot be taken, or another has it for {@value #LONGEST_SECONDS} s; says who
     */
    public Turn turn() throws IOException {
        return turn(LONGEST_SECONDS);
    }

    /** The same with another time to wait. */
    Turn turn(long seconds) throws IOException {
        makeDirectory();
        FileChannel channel = lock(ACTING_SUFFIX, seconds);
        return channel::close;
    }

    /** The turn to act; given back by closing. */
    public interface Turn extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /* By the newest time in it, since nobody's clock is asked here. */
    private void rotate() throws IOException {
        Instant[] newest = {Instant.MIN};
        forEach(entry -> newest[0] = entry.at().isAfter(newest[0]) ? entry.at() : newest[0]);
        List<byte[]> lines =
                reckon(newest[0]).essence().stream().map(JournalLine::write).toList();
        // Where as much as that is in force, it would have to be begun anew with each line.
        if (lines.stream().mapToLong(line -> line.length).sum() < mostBytes / 2) {
            JournalRotation.begin(file, lines);
        }
    }

    private boolean makeDirectory() throws IOException {
        Path directory = directory();
        if (Files.isDirectory(directory)) {
            return false;
        }
        Files.createDirectories(directory, mode("rwx------"));
        return true;
    }

    /* An absolute path has a parent, but for the root itself, which is no file. */
    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /* A file that is on the disk under no name is lost in a crash all the same (fsync(2)). */
    private void syncDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static boolean endsInMidLine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    private static byte[] onNewLine(byte[] line) {
        byte[] whole = new byte[line.length + 1];
        whole[0] = '\n';
        System.arraycopy(line, 0, whole, 1, line.length);
        return whole;
    }

    /**
     * What the journal holds.
     *
     * @param entries oldest first; of a long journal the newest {@link #MOST_ENTRIES}
     * @param damagedLines numbers, from 1, of lines that are no entries; as many at most
     * @param torn whether the last line was cut short; it is not among the damaged ones
     */
    public record Contents(List<JournalEntry> entries, List<Long> damagedLines, boolean torn) {
        public Contents {
            entries = List.copyOf(entries);
            damagedLines = List.copyOf(damagedLines);
        }
    }

    /**
     * Reads the journal; one that is not there is empty.
     *
     * @throws IOException where it is there and cannot be read
     */
    public Contents read() throws IOException {
        Deque<JournalEntry> entries = new ArrayDeque<>();
        Deque<Long> damaged = new ArrayDeque<>();
        boolean torn = scan(entry -> keep(entries, entry), (number, line) -> keep(damaged, number));
        return new Contents(new ArrayList<>(entries), new ArrayList<>(damaged), torn);
    }

    private static <T> void keep(Deque<T> newest, T one) {
        if (newest.size() == MOST_ENTRIES) {
            newest.removeFirst();
        }
        newest.addLast(one);
    }

    /**
     * What should be in force by what the journal says, oldest first.
     *
     * @param now the time to judge their expiry by
     * @throws IOException where the journal is there and cannot be read
     */
    public List<StandingByJournal> standing(Instant now) throws IOException {
        return reckon(now).standing(boot);
    }

    /**
     * What should be in force if only time and Outguard had ended it: what a reboot took is among it.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public List<StandingByJournal> promised(Instant now) throws IOException {
        return reckon(now).promised();
    }

    /**
     * Actions that were begun and have no outcome, oldest first.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public List<Action> open() throws IOException {
        return reckon(Instant.MIN).open();
    }

    /**
     * What whoever carried it out has to be asked about: actions without an outcome, and what a damaged line may have ended.
     *
     * @param now the time to judge the expiry of the latter by
     * @throws IOException where the journal is there and cannot be read
     */
    public List<StandingByJournal.Unsettled> unsettled(Instant now) throws IOException {
        return reckon(now).unsettled();
    }

    /**
     * Gives each entry, oldest first, and keeps none.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public void forEach(Consumer<JournalEntry> entries) throws IOException {
        scan(entries, (number, line) -> {});
    }

    /** The journal before this one was begun anew, see {@link #MOST_BYTES}; it need not be there. */
    public Journal earlier() {
        return new Journal(file.resolveSibling(file.getFileName() + JournalRotation.NEWEST), boot, mostBytes);
    }

    /**
     * What is written from here on, by this program or another.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public JournalTail tail() throws IOException {
        return new JournalTail(file, open());
    }

    private StandingByJournal.Reckoning reckon(Instant now) throws IOException {
        StandingByJournal.Reckoning reckoning = new StandingByJournal.Reckoning(now);
        scan(reckoning::add, (number, line) -> reckoning.damaged(line));
        return reckoning;
    }

    /* Line by line, so that a long journal costs time and no memory; whether the last line was cut short. */
    private boolean scan(Consumer<JournalEntry> entries, BiConsumer<Long, String> damaged) throws IOException {
        try (InputStream in = new BufferedInputStream(
                Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long number = 1;
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c != '\n') {
                    // One more than may be: enough to see that it is too long.
                    if (line.size() <= LONGEST_LINE_BYTES) {
                        line.write(c);
                    }
                    continue;
                }
                long here = number;
                entry(line).ifPresentOrElse(entries, () -> damaged.accept(here, text(line)));
                line.reset();
                number++;
            }
            Optional<JournalEntry> last = entry(line);
            last.ifPresent(entries);
            return line.size() > 0 && last.isEmpty();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String text(ByteArrayOutputStream line) {
        return line.toString(StandardCharsets.UTF_8);
    }

    private static Optional<JournalEntry> entry(ByteArrayOutputStream line) {
        return line.size() > LONGEST_LINE_BYTES ? Optional.empty() : JournalLine.read(text(line));
    }
}
