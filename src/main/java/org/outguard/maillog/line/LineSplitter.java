package org.outguard.maillog.line;

import java.util.Arrays;
import org.outguard.maillog.Source;

/** Cuts bytes into lines. A line longer than it holds is handed on as one that is too long. */
public final class LineSplitter {

    /** Takes the line {@code bytes[from, to)}, without its newline. */
    public interface Sink {
        void line(byte[] bytes, int from, int to);
    }

    private final Sink sink;
    private byte[] rest = new byte[1_024];
    private int length;
    private boolean skipping;

    public LineSplitter(Sink sink) {
        this.sink = sink;
    }

    public void add(byte[] bytes, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                end(bytes, from, i);
                from = i + 1;
            }
        }
        keep(bytes, from, count);
    }

    /** Forgets the line that has no end yet: what follows is not its rest. */
    public void drop() {
        length = 0;
        skipping = false;
    }

    private void end(byte[] bytes, int from, int to) {
        if (length == 0) {
            sink.line(bytes, from, to);
            return;
        }
        keep(bytes, from, to);
        sink.line(rest, 0, length);
        drop();
    }

    private void keep(byte[] bytes, int from, int to) {
        // One byte more than a line may have is enough to see that it is too long.
        int room = Source.LONGEST_WRAPPED + 1 - length;
        int taken = skipping ? 0 : Math.min(room, to - from);
        if (taken == 0) {
            return;
        }
        if (length + taken > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(rest.length * 2, length + taken));
        }
        System.arraycopy(bytes, from, rest, length, taken);
        length += taken;
        skipping = length > Source.LONGEST_WRAPPED;
    }
}
