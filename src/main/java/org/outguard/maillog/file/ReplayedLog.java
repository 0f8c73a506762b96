package org.outguard.maillog.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.outguard.maillog.Source;
import org.outguard.maillog.Testimony;
import org.outguard.maillog.input.LogFiles;
import org.outguard.maillog.line.StampReader;

/**
 * A whole log file, a line at a time, for whoever reads several in the order of time. Lines before the first one with a
 * time are handed in as soon as it is opened; a later one without belongs to the one before it. One thread uses it.
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
    private long micros = StampReader.NONE;
    private final long firstMicros;
    private String problem = "";

    /**
     * Opens it and finds its first line.
     *
     * @throws IOException where it cannot be read
     */
    public ReplayedLog(Path path, Source source) throws IOException {
        this.path = path;
        this.source = source;
        this.in = LogFiles.open(path);
        advance();
        while (!ended && micros == StampReader.NONE) {
            hand();
            advance();
        }
        if (!problem.isEmpty()) {
            throw new IOException(problem);
        }
        this.firstMicros = micros;
    }

    /** Hands the next line in, and goes on to the one behind it. */
    public void take() {
        hand();
        advance();
    }

    private void hand() {
        source.line(buffer, from, to);
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
            micros = own == StampReader.NONE ? micros : own;
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

    /** The time of the next line; that of the epoch where no line has one. */
    public Instant at() {
        return micros == StampReader.NONE ? Instant.EPOCH : Testimony.instant(micros);
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
