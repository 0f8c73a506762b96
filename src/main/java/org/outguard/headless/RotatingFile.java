package org.outguard.headless;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that is appended to and does not grow without end: before it has more than its share it becomes
 * {@code FILE.1}, that {@code FILE.2} and so on, and the oldest goes. A line is never cut in two.
 */
public final class RotatingFile extends OutputStream {

    /** Most bytes of one file, if none of its lines is longer: 64 MiB. */
    public static final long MOST_BYTES = 64L << 20;

    /** How many files there are beside the one that is written, where nothing else is asked for. */
    public static final int OLDER = 4;

    private static final Set<Path> STREAMS = Set.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"));

    private final Path file;
    private final long mostBytes;
    private final int older;
    private @Nullable OutputStream out;
    private long length;
    private boolean atLineStart = true;
    private boolean closed;

    private RotatingFile(Path file, long mostBytes, int older) throws IOException {
        this.file = file;
        this.mostBytes = mostBytes;
        this.older = older;
        this.out = append(file);
        this.length = Files.size(file);
    }

    /**
     * Opens it at its end.
     *
     * @param file a regular file, or one that is not there yet; anything else, as a pipe, is written to without a bound
     * @param mostBytes of one file, above 0
     * @throws IOException where it cannot be written
     */
    public static OutputStream open(Path file, long mostBytes) throws IOException {
        return open(file, mostBytes, OLDER);
    }

    /**
     * The same.
     *
     * @param older how many older files there are, above 0
     * @throws IOException where it cannot be written
     */
    public static OutputStream open(Path file, long mostBytes, int older) throws IOException {
        return Files.exists(file) && !Files.isRegularFile(file)
                ? append(file)
                : new RotatingFile(file, mostBytes, older);
    }

    /**
     * Opens a file at its end. A new one is for its owner alone, since it names users and whom they write to; a link is not
     * followed, whoever may have put it there, but for those of the kernel, such as {@code /dev/stdout}.
     *
     * @param file a regular file, or one that is not there yet, or something else that can be written to
     * @throws IOException where it cannot be written
     */
    public static OutputStream append(Path file) throws IOException {
        Set<OpenOption> options =
                new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        // Not all of /dev: anybody may make a link in /dev/shm.
        boolean kernels = file.startsWith("/proc") || file.startsWith("/dev/fd") || STREAMS.contains(file);
        if (!kernels) {
            if (Files.isSymbolicLink(file)) {
                throw new IOException("it is a symbolic link, which is not followed");
            }
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        return Channels.newOutputStream(Files.newByteChannel(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int end = from + count;
        int at = from;
        while (at < end) {
            int next = lineEnd(bytes, at, end);
            if (atLineStart && length > 0 && length + (next - at) > mostBytes) {
                turn();
            }
            opened().write(bytes, at, next - at);
            length += next - at;
            atLineStart = bytes[next - 1] == '\n';
            at = next;
        }
    }

    /* Behind the last line that still has room, or behind the first one where it has none. */
    private int lineEnd(byte[] bytes, int from, int end) {
        int found = 0;
        for (int at = from; at < end; at++) {
            if (bytes[at] == '\n') {
                if (found > 0 && length + (at + 1 - from) > mostBytes) {
                    return found;
                }
                found = at + 1;
            }
        }
        return found == 0 ? end : found;
    }

    private void turn() throws IOException {
        closeThis();
        for (int number = older - 1; number >= 0; number--) {
            Path full = number == 0 ? file : numbered(number);
            if (Files.exists(full)) {
                Files.move(full, numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        length = 0;
    }

    /* Again where it could not be opened when it was begun anew: a full disk has room some time later. */
    private OutputStream opened() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        OutputStream open = out;
        if (open == null) {
            open = append(file);
            out = open;
            length = Files.size(file);
        }
        return open;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        closeThis();
    }

    private void closeThis() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
