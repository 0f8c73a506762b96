package org.outguard.app.output;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.outguard.headless.MetricsFile;
import org.outguard.text.SafeText;

/** The metrics' file of a run: that it cannot be written is said once, until it can be again. */
public final class MetricsOutput implements AutoCloseable {

    private final MetricsFile file;
    private final PrintWriter err;
    private boolean stale;
    private boolean wasStale;

    /** Writes it for the first time, so that it is not found out later that it cannot be written. */
    public MetricsOutput(MetricsFile file, PrintWriter err) {
        this.file = file;
        this.err = err;
        turn();
    }

    /** Writes it where that is due. */
    public void turn() {
        try {
            file.turn();
            stale = false;
        } catch (IOException e) {
            if (!stale) {
                complain("metrics cannot be written: ", e);
            }
            stale = true;
            wasStale = true;
        }
    }

    /** Whether it could not be written once. */
    public boolean wasStale() {
        return wasStale;
    }

    /** Removes the file. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            complain("the metrics of this run cannot be removed: ", e);
        }
    }

    private void complain(String what, IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof NoSuchFileException) {
            reason = "there is no such folder";
        } else if (e instanceof AccessDeniedException) {
            reason = "permission denied";
        }
        err.println("outguard: " + what + SafeText.clean(file.path() + ": " + reason));
    }
}
