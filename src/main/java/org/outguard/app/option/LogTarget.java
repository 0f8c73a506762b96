package org.outguard.app.option;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where the program logs what it does itself.
 *
 * @param file appended to
 * @param level the least severe that is written: INFO, DEBUG or TRACE
 */
public record LogTarget(Path file, Level level) {

    static final String LABEL = "FILE[:LEVEL]";
    static final String DESCRIPTION =
            "log what outguard itself does; LEVEL is INFO (the default), DEBUG (decisions, external commands with time and"
                    + " exit status, degradations) or TRACE (also observations and ticks). At 8 MB FILE becomes FILE.1,"
                    + " of which one is kept";

    /** Reads the word after {@code --log}. */
    public static final class Word implements ITypeConverter<LogTarget> {
        @Override
        public LogTarget convert(String word) {
            int colon = word.lastIndexOf(':');
            // A colon in the name of a folder begins no level.
            boolean withLevel = colon > word.lastIndexOf('/');
            String file = withLevel ? word.substring(0, colon) : word;
            if (file.isEmpty() || file.equals("-") || file.endsWith("/") || file.indexOf('\0') >= 0) {
                throw new TypeConversionException("'" + word + "' names no file; it is " + LABEL);
            }
            return new LogTarget(Path.of(file), withLevel ? level(word.substring(colon + 1)) : Level.INFO);
        }

        private static Level level(String word) {
            return switch (word.toUpperCase(Locale.ROOT)) {
                case "INFO" -> Level.INFO;
                case "DEBUG" -> Level.DEBUG;
                case "TRACE" -> Level.TRACE;
                default -> throw new TypeConversionException("'" + word + "' is none of INFO, DEBUG, TRACE");
            };
        }
    }
}
