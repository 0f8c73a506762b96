package org.outguard.procfs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The part of /proc/PID/stat that is of use (proc(5)).
 *
 * @param command the name, which may hold blanks and brackets
 * @param parent number of the parent, 0 where there is none
 * @param startTicks start after boot in clock ticks
 */
record ProcessStat(String command, int parent, long startTicks) {

    private static final int MAX_BYTES = 4_096;
    /* Fields count from 1; the third is the first one after the name. */
    private static final int PARENT = 4 - 3;
    private static final int START = 22 - 3;

    /** Empty where the process is gone, or the file is not as it should be. */
    static Optional<ProcessStat> read(Path process) {
        return ProcFile.text(process.resolve("stat"), MAX_BYTES).flatMap(ProcessStat::parse);
    }

    static Optional<ProcessStat> parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 1).trim().split(" ");
        if (fields.length <= START) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    text.substring(open + 1, close), Integer.parseInt(fields[PARENT]), Long.parseLong(fields[START])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
