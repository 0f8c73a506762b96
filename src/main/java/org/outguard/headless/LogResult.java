package org.outguard.headless;

/** What became of lines for a log. */
public sealed interface LogResult {

    /**
     * They are out.
     *
     * @param lines how many, 0 where nothing was worth one
     */
    record Written(int lines) implements LogResult {}

    /**
     * They are not: the disk is full, or the reader of the pipe has gone. Later lines are tried again.
     *
     * @param reason as the system has it; has outside text in it
     * @param lostLines lines lost since the log was opened
     */
    record Failed(String reason, long lostLines) implements LogResult {}
}
