package org.outguard.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** A logger whose lines a test reads. */
public final class KeptLog implements System.Logger {

    public final List<String> lines = new ArrayList<>();
    private final Level least;

    public KeptLog(Level least) {
        this.least = least;
    }

    @Override
    public String getName() {
        return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= least.getSeverity();
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
        lines.add(level + " " + message);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
        lines.add(level + " " + format);
    }
}
