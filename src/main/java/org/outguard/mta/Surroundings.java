package org.outguard.mta;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.outguard.exec.CommandRunner;

/**
 * What a mail system is given, since it is made elsewhere.
 *
 * @param runner starts programs
 * @param users local users
 * @param second runs the second thread of a first read
 * @param clock the file system's clock
 * @param ticker nanoseconds from anywhere
 */
public record Surroundings(CommandRunner runner, UserNames users, Executor second, Clock clock, LongSupplier ticker) {}
