package org.outguard.notify;

import java.io.IOException;
import java.time.Duration;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/** Starts a program, without a shell, that reads the message from standard input. */
final class ExecDelivery implements MessageSender {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Channel.Exec exec;
    private final CommandRunner runner;

    ExecDelivery(Channel.Exec exec, CommandRunner runner) {
        this.exec = exec;
        this.runner = runner;
    }

    @Override
    public void send(Message message) throws IOException, Refused {
        CommandResult result = runner.run(exec.argv(), message.json() + "\n", LIMIT);
        if (result instanceof CommandResult.NotFound missing) {
            throw new Refused(missing.reason());
        }
        if (result instanceof CommandResult.TimedOut) {
            throw new IOException(exec.argv().get(0) + " took more than " + LIMIT.toSeconds() + " s and was killed");
        }
        if (result instanceof CommandResult.Failed failed) {
            throw new IOException(exec.argv().get(0) + ": " + failed.reason());
        }
        CommandResult.Finished done = (CommandResult.Finished) result;
        if (done.exitStatus() != 0) {
            throw new IOException(exec.argv().get(0) + " ended with status " + done.exitStatus() + ": "
                    + done.stderr().lines().findFirst().orElse(""));
        }
    }
}
