package org.outguard.capture.file;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** A stream that knows how far it has been read. Offsets of a gzip file are those of what is in it. */
public final class CaptureInput {

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long offset;

    private CaptureInput(InputStream in) {
        this.in = in;
    }

    /** Reads {@code in}, through gunzip where it begins as RFC 1952 says. */
    public static CaptureInput of(InputStream in) throws IOException {
        BufferedInputStream peeked = new BufferedInputStream(in, BUFFER_BYTES);
        peeked.mark(2);
        boolean gzip = peeked.read() == 0x1f && peeked.read() == 0x8b;
        peeked.reset();
        return new CaptureInput(gzip ? new GZIPInputStream(new UntilEnd(peeked), BUFFER_BYTES) : peeked);
    }

    /**
     * GZIPInputStream takes the file for over where nothing is available behind a member, which a pipe that pauses has not
     * either: here something is, unless it is the end.
     */
    private static final class UntilEnd extends FilterInputStream {

        UntilEnd(BufferedInputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            boolean more = in.read() >= 0;
            in.reset();
            return more ? Math.max(1, in.available()) : 0;
        }
    }

    /** Bytes handed out or skipped so far. */
    long offset() {
        return offset;
    }

    /** Reads {@code count} bytes, or what is left if that is less, and says how many. */
    public int read(byte[] into, int at, int count) throws IOException {
        int done = 0;
        while (done < count && fill()) {
            int part = Math.min(count - done, to - from);
            System.arraycopy(buffer, from, into, at + done, part);
            from += part;
            done += part;
        }
        offset += done;
        return done;
    }

    /** Skips {@code count} bytes, or what is left if that is less, and says how many. */
    long skip(long count) throws IOException {
        long done = 0;
        while (done < count && fill()) {
            int part = (int) Math.min(count - done, to - from);
            from += part;
            done += part;
        }
        offset += done;
        return done;
    }

    private boolean fill() throws IOException {
        while (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer, 0, buffer.length));
            if (to == 0) {
                return false;
            }
        }
        return true;
    }
}
