package org.outguard.app.host;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * What libraries log by way of System.Logger goes nowhere, as it does with those that log by slf4j: the JDK would write it over
 * the screen, and set up a logging of its own for it.
 */
public final class QuietLibraries extends System.LoggerFinder {

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Quiet(name);
    }

    private record Quiet(String name) implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            // Nobody reads it.
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
            // Nobody reads it.
        }
    }
}
