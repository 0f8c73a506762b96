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
 */
public record Surroundings(
        CommandRunner runner, UserNames users, HeadReaders.Helpers helpers, Clock clock, LongSupplier ticker) {}
