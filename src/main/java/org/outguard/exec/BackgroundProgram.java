package org.outguard.exec;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that goes on while we do something else; {@link CommandRunner} is for those that are waited for.
 *
 * <p>Its input is empty, or one that ends with us. Its output and its errors are one stream, which is read only when it is asked for here, so it
 * is for programs that say little: one that writes more than a pipe holds (64 kB, pipe(7)) waits. One thread at a time
 * uses an object of this class.
 */
public final class BackgroundProgram {

    private static final Duration POLL = Duration.ofMillis(2);
    private static final int MOST_OUTPUT_BYTES = 64 * 1024;

    private final Process process;
    private final InputStream output;
    private final StringBuilder unread = new StringBuilder();

    private BackgroundProgram(Process process) {
        this.process = process;
        this.output = process.getInputStream();
    }

    /** What came of the wish to start a program. */
    public sealed interface Start {

        /**
         * It runs.
         *
         * @param program the running program
         */
        record Running(BackgroundProgram program) implements Start {}

        /**
         * It could not be started.
         *
         * @param reason what the operating system said
         */
        record NotStarted(String reason) implements Start {}
    }

    /**
     * How a program ended.
     *
     * @param status its exit status; 128 and the signal's number where a signal ended it
     * @param output the part of its output that was not read before; text from outside
     */
    public record Ended(int status, String output) {}

    /**
     * Starts a program in the root folder, with an environment that says nothing about ours. No shell has a part in it.
     *
     * @param argv the program by its absolute path, and its arguments
     */
    public static Start start(List<String> argv) {
        return start(argv, ProcessBuilder.Redirect.from(new File("/dev/null")));
    }

    /**
     * The same for a program that waits for the end of its input, to end too: that comes when it is stopped, and when this
     * process dies, however it does.
     */
    public static Start startTied(List<String> argv) {
        return start(argv, ProcessBuilder.Redirect.PIPE);
    }

    private static Start start(List<String> argv, ProcessBuilder.Redirect input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectInput(input);
            builder.environment().clear();
            builder.environment().put("LC_ALL", "C");
            builder.environment().put("PATH", ProcessRunner.PATH);
            return new Start.Running(new BackgroundProgram(builder.start()));
        } catch (IOException e) {
            return new Start.NotStarted(String.valueOf(e.getMessage()));
        }
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /**
     * The next line of its output, without its end; empty where none came within the limit or before it ended.
     *
     * @param limit how long to wait
     */
    public Optional<String> awaitLine(Duration limit) {
        for (long rounds = limit.dividedBy(POLL); rounds >= 0; rounds--) {
            boolean ended = !process.isAlive();
            read();
            int end = unread.indexOf("\n");
            if (end >= 0) {
                String line = unread.substring(0, end);
                unread.delete(0, end + 1);
                return Optional.of(line);
            }
            if (ended || !pause(POLL)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Waits for its end; empty where it still runs after the limit.
     *
     * @param limit how long to wait
     */
    public Optional<Ended> await(Duration limit) {
        for (long rounds = limit.dividedBy(POLL); rounds >= 0 && process.isAlive(); rounds--) {
            read();
            if (!pause(POLL)) {
                return Optional.empty();
            }
        }
        return process.isAlive() ? Optional.empty() : Optional.of(ended());
    }

    /**
     * What is there of its output, without waiting; for programs that say much. Lines are not asked for beside this.
     *
     * @param into where to put it
     * @return how many bytes, 0 where there are none at this moment, -1 where it has ended and all is read
     */
    public int read(byte[] into) {
        try {
            boolean ended = !process.isAlive();
            int available = Math.min(output.available(), into.length);
            return available > 0 ? output.read(into, 0, available) : ended ? -1 : 0;
        } catch (IOException e) {
            // Closed under us by its end.
            return -1;
        }
    }

    /**
     * Asks it to end (by the end of its input, and SIGTERM), and ends it (SIGKILL) where it has not after a while.
     *
     * @param grace how long it may take to end by itself
     */
    public Ended stop(Duration grace) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        // By its handle: Process.destroy would close the stream from which its last words are read.
        process.toHandle().destroy();
        Optional<Ended> ended = await(grace);
        if (ended.isPresent()) {
            return ended.get();
        }
        process.toHandle().destroyForcibly();
        // A stopped or busy process is gone at once; one that hangs in the kernel is left to itself.
        return await(Duration.ofSeconds(2)).orElseGet(() -> new Ended(-1, unread.toString()));
    }

    private Ended ended() {
        read();
        String rest = unread.toString();
        unread.setLength(0);
        return new Ended(process.exitValue(), rest);
    }

    /** Takes what is there, and never waits. What is more than the bound is thrown away. */
    private void read() {
        try {
            int available;
            while ((available = output.available()) > 0) {
                byte[] bytes = output.readNBytes(available);
                if (unread.length() < MOST_OUTPUT_BYTES) {
                    unread.append(new String(bytes, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // Closed under us by its end: then there is nothing more to read.
            return;
        }
    }

    /** Lets time pass, less of it where the program ends; false where this thread shall stop waiting. */
    private boolean pause(Duration length) {
        try {
            process.waitFor(length.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
