package org.outguard.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/**
 * What is written to a journal from here on, whoever writes it. Costs a look at the file where nothing was written. For
 * one thread.
 */
public final class JournalTail {

    private static final int MOST_OPEN = 1024;

    /** So much of what was written is taken in at a time; the rest the next time. */
    private static final int MOST_BYTES = 8 << 20;

    private final Path file;
    private final Map<String, Action> open = new LinkedHashMap<>();
    private @Nullable Object key;
    private long offset;
    private long damaged;

    /**
     * An action that was carried out.
     *
     * @param action what was done
     * @param outcome what became of it
     */
    public record Done(Action action, Outcome outcome) {}

    /* From the end of the file on. */
    JournalTail(Path file, List<Action> open) throws IOException {
        this.file = file;
        open.forEach(action -> this.open.put(action.id(), action));
        attributes().ifPresent(now -> {
            key = now.fileKey();
            offset = now.size();
        });
    }

    private Optional<BasicFileAttributes> attributes() throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Actions whose outcome was written since the last call, in order. A journal that was begun anew is read from its
     * beginning, so an action may come twice.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public List<Done> next() throws IOException {
        Optional<BasicFileAttributes> now = attributes();
        if (now.isEmpty()) {
            return List.of();
        }
        if (!Objects.equals(now.get().fileKey(), key) || now.get().size() < offset) {
            key = now.get().fileKey();
            offset = 0;
        }
        if (now.get().size() == offset) {
            return List.of();
        }
        byte[] written = read((int) Math.min(MOST_BYTES, now.get().size() - offset));
        List<Done> done = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < written.length; i++) {
            if (written[i] == '\n') {
                String line = new String(written, begin, i - begin, StandardCharsets.UTF_8);
                Optional<JournalEntry> entry = JournalLine.read(line);
                damaged += entry.isEmpty() ? 1 : 0;
                entry.flatMap(this::take).ifPresent(done::add);
                begin = i + 1;
            }
        }
        // What has no end yet is read again; where a line is longer than any may be, it is passed over.
        offset += begin == 0 && written.length == MOST_BYTES ? MOST_BYTES : begin;
        return done;
    }

    /** How many lines were no entries, or not as they were written. */
    public long damaged() {
        return damaged;
    }

    private byte[] read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
                // On to the end of what was there when it was looked at.
            }
        }
        byte[] read = new byte[bytes.position()];
        bytes.flip().get(read);
        return read;
    }

    private Optional<Done> take(JournalEntry entry) {
        if (entry instanceof JournalEntry.Decided decided) {
            if (open.size() >= MOST_OPEN) {
                open.remove(open.keySet().iterator().next());
            }
            open.put(decided.action().id(), decided.action());
            return Optional.empty();
        }
        if (!(entry instanceof JournalEntry.Ended ended)) {
            return Optional.empty();
        }
        Outcome outcome = ended.outcome();
        return Optional.ofNullable(open.remove(outcome.actionId())).map(action -> new Done(action, outcome));
    }
}
