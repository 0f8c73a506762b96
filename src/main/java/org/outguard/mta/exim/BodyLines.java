package org.outguard.mta.exim;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a body, one at a time, as bytes. */
final class BodyLines implements Closeable {

    /** RFC 5321 allows 1,000; whoever writes more in one line is not kept in memory for it. */
    private static final int LONGEST = 16 * 1024 * 1024;

    private final InputStream in;

    BodyLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line without its end; null at the end. */
    byte @Nullable [] next() throws IOException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.size() == LONGEST) {
                throw new IOException("a line of it is too long");
            }
            line.write(c);
        }
        return line.toByteArray();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
