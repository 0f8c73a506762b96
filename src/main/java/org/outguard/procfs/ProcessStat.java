package org.outguard.procfs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The part of /proc/PID/stat that is of use (proc(5)).
 *
 * @param command the name, which may hold blanks and brackets
 * @param state one letter: T where it is stopped, Z where it has ended
 * @param parent number of the parent, 0 where there is none
 * @param kernelThread whether it is part of the kernel, which no process can make up
 * @param startTicks start after boot in clock ticks
 */
record ProcessStat(String command, char state, int parent, boolean kernelThread, long startTicks) {

    private static final int MAX_BYTES = 4_096;
    /* Fields count from 1; the third is the first one after the name. */
    private static final int STATE = 0;
    private static final int PARENT = 4 - 3;
    private static final int FLAGS = 9 - 3;
    private static final int START = 22 - 3;

    /* include/linux/sched.h */
    private static final long PF_KTHREAD = 0x0020_0000;

    /** Empty where the process is gone, or the file is not as it should be. */
    static Optional<ProcessStat> read(Path process) {
        return ProcFile.text(process.resolve("stat"), MAX_BYTES).flatMap(ProcessStat::parse);
    }

    /** Whether it does nothing any more and never will. */
    boolean ended() {
        return state == 'Z' || state == 'X';
    }

    static Optional<ProcessStat> parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 1).trim().split(" ");
        if (fields.length <= START || fields[STATE].isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    text.substring(open + 1, close),
                    fields[STATE].charAt(0),
                    Integer.parseInt(fields[PARENT]),
                    (Long.parseLong(fields[FLAGS]) & PF_KTHREAD) != 0,
                    Long.parseLong(fields[START])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
