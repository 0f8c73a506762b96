package org.outguard.app.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.outguard.app.host.StandardStreams;
import org.outguard.text.SafeText;

/** One line on a terminal that says how far a replay has come; nothing where standard error is none. */
public final class ReplayProgress {

    private static final long EVERY_NANOS = 200_000_000L;
    private static final int MOST_NAME = 40;

    private final OutputStream terminal;
    private final LongSupplier clock;
    private long saidNanos;
    private LongSupplier read = () -> 0;
    private String file = "";
    private long size;
    private boolean isShown;

    /**
     * A line that is written on.
     *
     * @param clock nanoseconds that only go forward
     */
    ReplayProgress(OutputStream terminal, LongSupplier clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.saidNanos = clock.getAsLong();
    }

    /** That of this program's standard error. */
    public static ReplayProgress ofThisProgram() {
        // The file of the stream is not closed: it is not ours.
        OutputStream to = StandardStreams.isTerminal(StandardStreams.ERR)
                ? new FileOutputStream(FileDescriptor.err)
                : OutputStream.nullOutputStream();
        return new ReplayProgress(to, System::nanoTime);
    }

    /**
     * A file is begun.
     *
     * @param bytes of the file that were read so far
     */
    public void begin(String name, LongSupplier bytes) {
        read = bytes;
        file = SafeText.clean(name.length() > MOST_NAME ? "…" + name.substring(name.length() - MOST_NAME) : name);
        size = 0;
        try {
            size = Files.isRegularFile(Path.of(name)) ? Files.size(Path.of(name)) : 0;
        } catch (IOException | InvalidPathException e) {
            // Who reads it says so.
        }
    }

    /**
     * Says how far it has come, where some time has passed since it was said last.
     *
     * @param at the trace's time
     */
    public void reached(Instant at) {
        long now = clock.getAsLong();
        if (now - saidNanos < EVERY_NANOS) {
            return;
        }
        saidNanos = now;
        long done = read.getAsLong();
        String part = size == 0 ? (done >> 20) + " MB" : Math.min(100, 100 * done / size) + " %";
        write("\r\033[K" + file + "  " + part + "  " + at.truncatedTo(ChronoUnit.SECONDS));
        isShown = true;
    }

    /** Takes the line away. */
    public void end() {
        if (isShown) {
            write("\r\033[K");
            isShown = false;
        }
    }

    private void write(String text) {
        try {
            terminal.write(text.getBytes(StandardCharsets.UTF_8));
            terminal.flush();
        } catch (IOException e) {
            // A terminal that is gone needs no progress.
        }
    }
}
