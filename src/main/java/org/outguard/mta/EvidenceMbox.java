package org.outguard.mta;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.outguard.guard.action.MessageStep.MessageRef;

/**
 * Keeps messages that are deleted: an mbox file (RFC 4155, in the mboxrd form that can be reversed to the byte), for
 * root only. What does not begin with {@code From } is the message as it was; the envelope stands before it in fields of
 * our own.
 */
public final class EvidenceMbox implements Closeable {

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ROOT);
    private static final int FLUSH_BYTES = 64 * 1024;

    private final FileChannel file;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    /* Up to here the file is whole: what a message that fails has written is taken out from here on. */
    private long whole;
    private boolean lineStart = true;
    private boolean noted;

    private EvidenceMbox(FileChannel file) throws IOException {
        this.file = file;
        this.whole = file.position();
    }

    /** Opens a file for more messages, and makes it and its folder where they are not there. */
    public static EvidenceMbox append(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file.position(file.size());
        return new EvidenceMbox(file);
    }

    /** Reads a message into the file: {@link #begin}, notes and lines; the end is written by whoever asks. */
    @FunctionalInterface
    public interface Copy {

        /** Copies one message; an exception leaves it in the queue. */
        void of(MessageRef message, EvidenceMbox to) throws IOException;
    }

    /**
     * Saves messages before they are deleted.
     *
     * @param keeps takes what is said of a message that could not be saved, which therefore stays
     * @param fails takes why the file cannot be written, so that nothing is deleted
     * @return those that are on the disk; none where the file cannot be written
     */
    public static List<MessageRef> save(
            List<MessageRef> messages, Path mbox, Copy copy, Consumer<String> keeps, Consumer<String> fails) {
        List<MessageRef> saved = new ArrayList<>();
        try (EvidenceMbox file = append(mbox)) {
            for (MessageRef message : messages) {
                try {
                    copy.of(message, file);
                    file.end();
                    saved.add(message);
                } catch (IOException e) {
                    file.abandon();
                    keeps.accept(message.id() + " is kept, since it could not be saved: " + e.getMessage());
                }
            }
            file.sync();
            return saved;
        } catch (IOException e) {
            fails.accept("nothing is deleted, since " + mbox + " cannot be written: " + e.getMessage());
            return List.of();
        }
    }

    /** Begins a message. */
    public void begin(MessageRef ref) throws IOException {
        pending.reset();
        lineStart = true;
        noted = true;
        String sender = ref.sender().isEmpty() ? "MAILER-DAEMON" : ref.sender().replaceAll("[\\s\\p{Cntrl}]", "?");
        text("From " + sender + " " + ASCTIME.format(ref.arrival().atOffset(ZoneOffset.UTC)) + "\n");
        text("X-Outguard-Queue-Id: " + ref.id().instance() + "/" + ref.id().id() + "\n");
    }

    /** Adds what the envelope says, before the first line. */
    public void note(String name, byte[] value) throws IOException {
        if (noted) {
            String safe = new String(value, StandardCharsets.UTF_8).replaceAll("[\\r\\n]", "?");
            text("X-Outguard-" + name + ": " + safe + "\n");
        }
    }

    /**
     * Adds a line, or a part of one.
     *
     * @param bytes without an end of line
     * @param ends whether the line ends with it
     */
    public void line(byte[] bytes, boolean ends) throws IOException {
        noted = false;
        if (lineStart && isFrom(bytes)) {
            pending.write('>');
        }
        pending.writeBytes(bytes);
        if (ends) {
            pending.write('\n');
        }
        lineStart = ends;
        if (pending.size() > FLUSH_BYTES) {
            flush();
        }
    }

    // mboxrd: any number of brackets and then From gets one more.
    private static boolean isFrom(byte[] bytes) {
        int i = 0;
        while (i < bytes.length && bytes[i] == '>') {
            i++;
        }
        byte[] from = "From ".getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= i + from.length
                && java.util.Arrays.equals(bytes, i, i + from.length, from, 0, from.length);
    }

    /** Ends a message. */
    public void end() throws IOException {
        pending.writeBytes((lineStart ? "\n" : "\n\n").getBytes(StandardCharsets.US_ASCII));
        flush();
        whole = file.position();
    }

    /** Takes out what was written of a message that could not be opened, or not be read to its end; those before it stay. */
    public void abandon() throws IOException {
        pending.reset();
        file.truncate(whole);
        file.position(whole);
    }

    /** Returns when all of it is on the disk. */
    public void sync() throws IOException {
        file.force(true);
    }

    private void text(String text) throws IOException {
        pending.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        pending.reset();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
