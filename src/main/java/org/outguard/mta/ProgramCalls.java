package org.outguard.mta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Calls of a mail system's programs.
 *
 * @param runner starts them
 * @param host where they run
 */
public record ProgramCalls(CommandRunner runner, MailHost host) {

    /** Calls of programs of this machine itself. */
    public ProgramCalls(CommandRunner runner) {
        this(runner, ThisMachine.HERE);
    }

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * What a call said.
     *
     * @param ok whether it ran and its exit status was 0
     * @param out standard output
     * @param err standard error, or why it could not be run
     */
    public record Said(boolean ok, String out, String err) {
        /** The last line of what it complained about. */
        public String complaint() {
            return err.strip().lines().reduce((first, last) -> last).orElse("no reason given");
        }

        /** Both outputs. */
        public String all() {
            return out + "\n" + err;
        }
    }

    /** Runs a program to its end. */
    public Said call(List<String> argv, String stdin) {
        return host.problem()
                .map(gone -> new Said(false, "", gone))
                .orElseGet(() -> said(argv, runner.run(host.argv(argv), stdin, LIMIT)));
    }

    /** The same with input that is made meanwhile, see {@link CommandRunner#run(List, CommandRunner.Input, Duration)}. */
    public Said call(List<String> argv, CommandRunner.Input stdin) {
        return host.problem()
                .map(gone -> new Said(false, "", gone))
                .orElseGet(() -> said(argv, runner.run(host.argv(argv), stdin, LIMIT)));
    }

    private static Said said(List<String> argv, CommandResult result) {
        if (result instanceof CommandResult.Finished finished) {
            return new Said(finished.exitStatus() == 0, finished.stdout(), finished.stderr());
        } else if (result instanceof CommandResult.NotFound missing) {
            return new Said(false, "", missing.reason());
        } else if (result instanceof CommandResult.Failed failed) {
            return new Said(false, "", failed.reason());
        }
        return new Said(false, "", argv.get(0) + " took more than " + LIMIT.toMinutes() + " minutes");
    }

    /** The words that start a program there by its absolute path. */
    public List<String> background(List<String> argv) {
        List<String> words = new ArrayList<>(host.argv(argv));
        if (!words.get(0).startsWith("/")) {
            words.set(0, "/usr/bin/" + words.get(0));
        }
        return words;
    }

    /** Runs a program of this machine in the network of the {@link #host}. */
    public Said onNetwork(List<String> argv, String stdin) {
        return said(argv, runner.run(host.networkArgv(argv), stdin, LIMIT));
    }

    /** The end of a file of the {@link #host}, as text. */
    public String tail(Path inside, int mostBytes) throws IOException {
        try (SeekableByteChannel file = host.open(host.path(host.realPath(inside)))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(mostBytes, file.size()));
            file.position(file.size() - bytes.capacity());
            while (bytes.hasRemaining() && file.read(bytes) > 0) {
                // On to the next part.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    /** Runs a program without input. */
    public Said call(String... argv) {
        return call(List.of(argv), "");
    }
}
