package org.outguard.exec;

/** How a program ended. */
public sealed interface CommandResult {

    /**
     * It ran to its end.
     *
     * @param exitStatus 0..255; 128 and the number of the signal where one ended it
     * @param stdout all that it wrote to standard output, read as UTF-8
     * @param stderr the first {@link ProcessRunner#STDERR_BYTES} bytes of what it wrote to standard error
     */
    record Finished(int exitStatus, String stdout, String stderr) implements CommandResult {}

    /**
     * There is no such program.
     *
     * @param reason what was looked for and where
     */
    record NotFound(String reason) implements CommandResult {}

    /** It took too long and was killed. */
    record TimedOut() implements CommandResult {}

    /**
     * It could not be started, said too much, or we were interrupted; where it ran, it was killed.
     *
     * @param reason which of these
     */
    record Failed(String reason) implements CommandResult {}
}
