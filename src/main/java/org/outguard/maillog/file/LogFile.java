package org.outguard.maillog.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.exec.LogContent;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Source;
import org.outguard.maillog.line.LineSplitter;
import org.outguard.maillog.line.TimestampParser;

/**
 * Follows a log file by its name. It may be renamed and made anew, or copied and truncated in place, and the old one may
 * be compressed or deleted: what was written before is read to its end through the file that is open. One thread uses
 * it.
 */
public final class LogFile implements LogInput {

    private static final int BUFFER = 256 * 1_024;
    private static final int HEAD = 64;

    private final Path path;
    private final Source source;
    private final LineSplitter lines;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final Deque<Path> older = new ArrayDeque<>();
    private final long sinceMicros;
    private final Opener opener;

    private @Nullable InputStream old;
    private @Nullable SeekableByteChannel file;
    private @Nullable Object key;
    private byte[] head = new byte[0];
    private boolean begun;
    private Optional<String> problem = Optional.empty();

    /**
     * At the start of the last lines; nothing is opened yet.
     *
     * @param path name of the file
     * @param log takes the lines
     * @param now the present time
     * @param since lines older than this are not read, also not in files rotated since then
     */
    public LogFile(Path path, MailLog log, Instant now, Instant since) {
        this(path, log, now, since, file -> Files.newByteChannel(file, StandardOpenOption.READ));
    }

    /** Opens a file for reading. */
    public interface Opener {
        /**
         * The file of that name now.
         *
         * @throws IOException where there is none that can be read
         */
        SeekableByteChannel open(Path path) throws IOException;
    }

    /**
     * The same where others have the folder of the file.
     *
     * @param opener opens it each time, without following links out of where it should be
     */
    public LogFile(Path path, MailLog log, Instant now, Instant since, Opener opener) {
        this.path = path;
        this.opener = opener;
        this.source = log.source(path.toString(), now, Set.of());
        this.sinceMicros = java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, since);
        this.lines = new LineSplitter(this::line);
        older.addAll(RotatedLogs.youngerThan(path, since));
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Optional<String> problem() {
        return problem;
    }

    @Override
    public int read() {
        try {
            int count = readOlder();
            if (count == 0) {
                count = readFile();
            }
            problem = Optional.empty();
            return count;
        } catch (IOException | SecurityException e) {
            problem = Optional.of(path + ": " + reason(e));
            close();
            return 0;
        }
    }

    private void line(byte[] bytes, int from, int to) {
        if (!begun) {
            long micros = source.micros(bytes, from, to);
            if (micros != TimestampParser.NONE && micros < sinceMicros) {
                return;
            }
            begun = micros != TimestampParser.NONE;
        }
        source.line(bytes, from, to);
    }

    private int readOlder() throws IOException {
        while (old != null || !older.isEmpty()) {
            InputStream in = old;
            if (in == null) {
                Path next = older.removeFirst();
                try {
                    in = LogContent.open(next);
                } catch (IOException e) {
                    // Gone or damaged since it was listed, or nothing here decompresses it: the rest is worth reading.
                    continue;
                }
                old = in;
            }
            int count;
            try {
                count = in.read(buffer.array());
            } catch (IOException e) {
                count = -1;
            }
            if (count > 0) {
                lines.add(buffer.array(), count);
                return count;
            }
            in.close();
            old = null;
            lines.drop();
        }
        return 0;
    }

    private int readFile() throws IOException {
        if (file == null && !open()) {
            return 0;
        }
        SeekableByteChannel in = Objects.requireNonNull(file);
        if (in.size() < in.position() || !sameHead(in)) {
            // Truncated in place.
            in.position(0);
            lines.drop();
            head = new byte[0];
        }
        buffer.clear();
        int count = in.read(buffer);
        if (count > 0) {
            lines.add(buffer.array(), count);
            return count;
        }
        if (replaced()) {
            close();
            lines.drop();
            return open() ? readFile() : 0;
        }
        return 0;
    }

    private boolean open() throws IOException {
        if (!Files.exists(path)) {
            throw new java.nio.file.NoSuchFileException(path.toString());
        }
        SeekableByteChannel opened = opener.open(path);
        file = opened;
        key = keyOf(path);
        head = new byte[0];
        if (!begun) {
            opened.position(LogSeek.of(opened, source, sinceMicros));
        }
        return true;
    }

    private boolean replaced() {
        try {
            return !Objects.equals(key, keyOf(path));
        } catch (IOException e) {
            // Renamed, and the new one is not there yet.
            return false;
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** Whether the file begins as it did: it may have been truncated and have grown beyond where we were. */
    private boolean sameHead(SeekableByteChannel in) throws IOException {
        long position = in.position();
        byte[] begin = new byte[HEAD];
        in.position(0);
        int count = Math.max(0, in.read(ByteBuffer.wrap(begin)));
        in.position(position);
        boolean same = count >= head.length && Arrays.equals(begin, 0, head.length, head, 0, head.length);
        if (same && count > head.length) {
            head = Arrays.copyOf(begin, count);
        }
        return same;
    }

    private static String reason(Exception e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "no such file";
        }
        return e instanceof java.nio.file.AccessDeniedException ? "may not be read" : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        try {
            if (old != null) {
                old.close();
            }
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // Only read: nothing is lost.
            problem = Optional.of(path + ": " + e.getMessage());
        }
        old = null;
        file = null;
    }
}
