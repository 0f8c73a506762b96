package org.outguard.maillog.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.outguard.exec.LogContent;
import org.outguard.maillog.MessageAssembler;
import org.outguard.maillog.Source;
import org.outguard.maillog.line.TimestampParser;

/**
 * A whole log file, a line at a time, for whoever reads several in the order of time. A line without a time belongs to the
 * one before it, and those before the first one with a time come before all others. One thread uses it.
 */
public final class ReplayedLog implements Closeable {

    private static final int BUFFER = 64 * 1_024;

    private final Path path;
    private final InputStream in;
    private final Source source;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private int from;
    private int to = -1;
    private int next;
    private boolean drained;
    private boolean ended;
    private long micros = TimestampParser.NONE;
    private long firstMicros = TimestampParser.NONE;
    private String problem = "";

    /**
     * Opens it and finds its first line.
     *
     * @throws IOException where it cannot be read
     */
    public ReplayedLog(Path path, Source source) throws IOException {
        this.path = path;
        this.source = source;
        this.in = LogContent.open(path);
        advance();
        if (!problem.isEmpty()) {
            throw new IOException(problem);
        }
    }

    /** Hands the next line in, and goes on to the one behind it. */
    public void take() {
        source.line(buffer, from, to);
        advance();
    }

    private void advance() {
        try {
            ended = !read();
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
            ended = true;
        }
        if (!ended) {
            long own = source.micros(buffer, from, to);
            // Of an entry on several lines the time is known when its last one was taken in.
            micros = own == TimestampParser.NONE ? Math.max(micros, source.micros()) : own;
            firstMicros = firstMicros == TimestampParser.NONE ? micros : firstMicros;
        }
    }

    /** Finds the next line in the buffer; what is longer than any line is cut. */
    private boolean read() throws IOException {
        from = next;
        int at = from;
        while (true) {
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            if (at < filled) {
                to = at;
                next = at + 1;
                return true;
            }
            if (drained) {
                to = filled;
                next = filled;
                return to > from;
            }
            if (at - from > Source.LONGEST_WRAPPED) {
                // The beginning is enough to see that.
                filled = from + Source.LONGEST_WRAPPED + 1;
                at = filled;
            }
            at -= makeRoom();
            int count = in.read(buffer, filled, buffer.length - filled);
            drained = count < 0;
            filled += Math.max(0, count);
        }
    }

    /** Moves the line that is begun to the front; says by how much. */
    private int makeRoom() {
        int moved = from;
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        filled -= moved;
        from = 0;
        return moved;
    }

    /** Whether the next line, or one before it, has a time. */
    public boolean hasTime() {
        return micros != TimestampParser.NONE;
    }

    /** The time of the next line; that of the epoch where no line so far had one. */
    public Instant at() {
        return micros == TimestampParser.NONE ? Instant.EPOCH : MessageAssembler.instant(micros);
    }

    /** Whether its next line comes before another's; of one moment, the file that begins earlier. */
    public boolean isBefore(ReplayedLog other) {
        return micros != other.micros ? micros < other.micros : firstMicros < other.firstMicros;
    }

    /** Whether there is no next line. */
    public boolean ended() {
        return ended;
    }

    /** Why it ended before its end, empty where it did not. */
    public String problem() {
        return problem;
    }

    /** Name of the file. */
    public String name() {
        return path.toString();
    }

    /** What the last line was taken for. */
    public Source source() {
        return source;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
