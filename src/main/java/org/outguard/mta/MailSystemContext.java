package org.outguard.mta;

import java.time.Clock;
import java.util.function.LongSupplier;
import org.outguard.exec.CommandRunner;

/**
 * What a mail system is given, since it is made elsewhere.
 *
 * @param runner starts programs
 * @param users local users
 * @param helpers threads that read queue files beside the one that asks
 * @param clock the file system's clock
 * @param ticker nanoseconds from anywhere
 * @param host where the mail system runs
 */
public record MailSystemContext(
        CommandRunner runner,
        UserNames users,
        ParallelHeaderReader.Helpers helpers,
        Clock clock,
        LongSupplier ticker,
        MailHost host) {

    /** Those of a mail system of this machine itself. */
    public MailSystemContext(
            CommandRunner runner,
            UserNames users,
            ParallelHeaderReader.Helpers helpers,
            Clock clock,
            LongSupplier ticker) {
        this(runner, users, helpers, clock, ticker, ThisMachine.HERE);
    }

    /** What runs programs there. */
    public ProgramCalls calls() {
        return new ProgramCalls(runner, host);
    }
}
