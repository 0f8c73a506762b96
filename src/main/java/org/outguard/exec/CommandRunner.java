package org.outguard.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Starts a program and waits for its end. */
public interface CommandRunner {

    /**
     * Runs a program to its end.
     *
     * @param argv the program, by name or by absolute path, and its arguments
     * @param stdin what it reads from standard input, written as UTF-8
     * @param limit how long it may take; it is killed then
     */
    CommandResult run(List<String> argv, String stdin, Duration limit);

    /**
     * The same with input that is made while the program is at work on what it has got so far.
     *
     * @param stdin called once at most, by a thread of the runner's own; the pipe is closed after it
     */
    default CommandResult run(List<String> argv, Input stdin, Duration limit) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            stdin.writeTo(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run(argv, all.toString(StandardCharsets.UTF_8), limit);
    }

    /** Writes what a program reads. */
    interface Input {
        /**
         * Writes all of it.
         *
         * @throws IOException where the program reads no more; there is no need to say so
         */
        void writeTo(OutputStream to) throws IOException;
    }

    /** The arguments as one line that a person can paste into a shell; what a shell would read otherwise is quoted. */
    static String describe(List<String> argv) {
        return argv.stream().map(CommandRunner::quoted).collect(Collectors.joining(" "));
    }

    /* Within single quotes a shell changes nothing (POSIX.1, XCU 2.2.2), but a quote cannot stand there. */
    private static String quoted(String argument) {
        boolean plain = !argument.isEmpty() && argument.chars().allMatch(CommandRunner::plain);
        return plain ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static boolean plain(int c) {
        return c < 128 && Character.isLetterOrDigit(c) || "_@%+=:,./-".indexOf(c) >= 0;
    }
}
