package org.outguard.app.wiring;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Logs each external command with its wall time and how it ended.
 *
 * @param runner runs it
 * @param log where
 * @param nanoTime the clock of wall times, as {@link System#nanoTime()}
 */
record LoggedRunner(CommandRunner runner, System.Logger log, LongSupplier nanoTime) implements CommandRunner {

    @Override
    public CommandResult run(List<String> argv, String stdin, Duration limit) {
        return logged(argv, () -> runner.run(argv, stdin, limit));
    }

    @Override
    public CommandResult run(List<String> argv, Input stdin, Duration limit) {
        return logged(argv, () -> runner.run(argv, stdin, limit));
    }

    private CommandResult logged(List<String> argv, Supplier<CommandResult> run) {
        if (!log.isLoggable(Level.DEBUG)) {
            return run.get();
        }
        long begun = nanoTime.getAsLong();
        CommandResult result = run.get();
        long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begun);
        log.log(
                Level.DEBUG,
                "command " + CommandRunner.describe(argv) + ": " + words(result) + " after " + millis + " ms");
        return result;
    }

    private static String words(CommandResult result) {
        if (result instanceof CommandResult.Finished finished) {
            return "exit status " + finished.exitStatus();
        }
        if (result instanceof CommandResult.NotFound notFound) {
            return notFound.reason();
        }
        return result instanceof CommandResult.Failed failed ? failed.reason() : "killed, it took too long";
    }
}
