package org.outguard.app.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.RotatingFile;
import org.outguard.text.SafeText;

/**
 * The log of what this program does itself: a line for each event with its time and level, escaped as every text from outside.
 * Nobody has one unless it is asked for. Safe from any thread.
 */
public final class ProgramLog implements System.Logger, AutoCloseable {

    /** Most bytes of one file: 8 MiB. */
    public static final long MOST_BYTES = 8L << 20;

    /** How many older files there are. */
    private static final int OLDER = 1;

    private static volatile @Nullable ProgramLog inForce;

    private final Path file;
    private final Level least;
    private final Clock clock;
    private final OutputStream out;
    private final @Nullable ProgramLog before;
    private long lost;
    private String whyLost = "";

    private ProgramLog(Path file, Level least, long mostBytes, Clock clock) throws IOException {
        this.file = file;
        this.least = least;
        this.clock = clock;
        this.out = RotatingFile.open(file, mostBytes, OLDER);
        this.before = inForce;
    }

    /**
     * Opens it at its end. It is in force until it is closed.
     *
     * @param least the least severe level that is written
     * @throws IOException where it cannot be written
     */
    public static ProgramLog open(Path file, Level least, Clock clock) throws IOException {
        return open(file, least, MOST_BYTES, clock);
    }

    static ProgramLog open(Path file, Level least, long mostBytes, Clock clock) throws IOException {
        ProgramLog opened = new ProgramLog(file.toAbsolutePath(), least, mostBytes, clock);
        inForce = opened;
        return opened;
    }

    /** Where events are logged now; empty where nobody asked for it. */
    public static Optional<System.Logger> inForce() {
        return Optional.ofNullable(inForce);
    }

    @Override
    public String getName() {
        return "outguard";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.getSeverity() >= least.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            write(level, String.valueOf(message) + (thrown == null ? "" : ": " + trace(thrown)));
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
        if (isLoggable(level)) {
            String text = String.valueOf(format);
            write(level, parameters == null || parameters.length == 0 ? text : MessageFormat.format(text, parameters));
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString().strip();
    }

    private synchronized void write(Level level, String text) {
        String line = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + SafeText.clean(text) + "\n";
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // Not said here: it would be written over the screen.
            lost++;
            whyLost = String.valueOf(e.getMessage());
        }
    }

    /** Ends it; the one before it is in force again. */
    @Override
    public synchronized void close() {
        inForce = before;
        try {
            out.close();
        } catch (IOException e) {
            whyLost = String.valueOf(e.getMessage());
        }
    }

    /** What could not be written, in a sentence; empty where all was. */
    public synchronized Optional<String> loss() {
        return lost == 0
                ? Optional.empty()
                : Optional.of(lost + " lines of the log " + file + " could not be written: " + whyLost);
    }
}
