package org.outguard.app.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.headless.complaint.ComplaintReader;

/**
 * Follows the mailbox in which complaints of receivers arrive, an mbox file or a Maildir, on a thread of its own, and tells
 * the guard of what messages they complain. What was in it before is not read.
 */
public final class FeedbackWatch implements Runnable {

    private static final long PAUSE_MILLIS = 2_000;
    private static final int LONGEST = 4 * 1024 * 1024;
    private static final int MOST_NAMES = 16_384;
    private static final int MOST_AT_ONCE = 256;
    private static final byte[] FROM = {'\n', 'F', 'r', 'o', 'm', ' '};

    private final Path mailbox;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private final Set<String> known = new LinkedHashSet<>();
    private @Nullable Object file;
    private long position;
    private boolean begun;
    private long faults;
    private volatile boolean stopped;

    /** Has read nothing yet. */
    public FeedbackWatch(Path mailbox, Clock clock, Consumer<Observation> sink) {
        this.mailbox = mailbox;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                look();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it soon. */
    public void stop() {
        stopped = true;
    }

    /** Reads what has come since the look before. */
    void look() {
        try {
            List<byte[]> mails = Files.isDirectory(mailbox) ? fromMaildir() : fromMbox();
            List<MailObservation.Complained.About> about = new ArrayList<>();
            for (byte[] mail : mails) {
                about(mail).ifPresent(about::add);
            }
            if (!about.isEmpty()) {
                sink.accept(new MailObservation.Complained(clock.instant(), about));
            }
            degraded(faults == 0 ? "" : "complaints in " + mailbox + " could not be read " + faults + " times");
        } catch (IOException | DirectoryIteratorException e) {
            degraded("complaints in " + mailbox + " are not read: " + e.getMessage());
        } finally {
            begun = true;
        }
    }

    @ReadsForeign
    private Optional<MailObservation.Complained.About> about(byte[] mail) {
        try {
            return ComplaintReader.read(mail, address -> false, clock.instant())
                    .message()
                    .map(message -> new MailObservation.Complained.About(message.messageId(), message.queueId()));
        } catch (RuntimeException e) {
            faults++;
            return Optional.empty();
        }
    }

    private void degraded(String reason) {
        sink.accept(new HostObservation.Degraded("feedback", reason));
    }

    private List<byte[]> fromMaildir() throws IOException {
        List<byte[]> mails = new ArrayList<>();
        for (String folder : List.of("new", "cur")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(mailbox.resolve(folder))) {
                for (Path one : files) {
                    // Flags come behind the name when it is read by somebody.
                    String name = String.valueOf(one.getFileName()).replaceFirst(":2,[A-Za-z]*$", "");
                    if (known.add(name) && begun && mails.size() < MOST_AT_ONCE && Files.isRegularFile(one)) {
                        try (InputStream in = Files.newInputStream(one)) {
                            mails.add(in.readNBytes(LONGEST));
                        }
                    }
                }
            }
        }
        while (known.size() > MOST_NAMES) {
            known.remove(known.iterator().next());
        }
        return mails;
    }

    /* A new one, or one that was emptied, is read from its start. */
    private List<byte[]> fromMbox() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(mailbox, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is neither a file nor a folder");
        }
        boolean other = !Objects.equals(file, attributes.fileKey()) || attributes.size() < position;
        if (other) {
            file = attributes.fileKey();
            position = begun ? 0 : attributes.size();
        }
        long size = attributes.size() - position;
        if (size <= 0) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, (long) LONGEST * 4));
        try (SeekableByteChannel channel = Files.newByteChannel(mailbox, StandardOpenOption.READ)) {
            channel.position(position);
            while (bytes.hasRemaining() && channel.read(bytes) > 0) {
                // On to the next part.
            }
        }
        position += bytes.position();
        return split(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static List<byte[]> split(byte[] mbox) {
        List<byte[]> mails = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= mbox.length && mails.size() < MOST_AT_ONCE; i++) {
            boolean next = i == mbox.length
                    || i + FROM.length <= mbox.length && Arrays.equals(mbox, i, i + FROM.length, FROM, 0, FROM.length);
            if (next) {
                mails.add(Arrays.copyOfRange(mbox, afterLine(mbox, from, i), i));
                from = i + 1;
            }
        }
        return mails;
    }

    /* Without the line that begins with "From ", which is no header. */
    private static int afterLine(byte[] mbox, int from, int to) {
        for (int i = from; i < to; i++) {
            if (mbox[i] == '\n') {
                return from + 4 < to && mbox[from] == 'F' && mbox[from + 4] == ' ' ? i + 1 : from;
            }
        }
        return from;
    }
}
