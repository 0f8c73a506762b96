package org.outguard.mta;

import java.time.Duration;
import java.util.List;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Calls of a mail system's programs.
 *
 * @param runner starts them
 */
public record ProgramCalls(CommandRunner runner) {

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
        return said(argv, runner.run(argv, stdin, LIMIT));
    }

    /** The same with input that is made meanwhile, see {@link CommandRunner#run(List, CommandRunner.Input, Duration)}. */
    public Said call(List<String> argv, CommandRunner.Input stdin) {
        return said(argv, runner.run(argv, stdin, LIMIT));
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

    /** Runs a program without input. */
    public Said call(String... argv) {
        return call(List.of(argv), "");
    }
}
