package org.outguard.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Programs that an Outguard started and then died beside: killed in the midst of an act, it leaves an nft that still carries
 * it out. They are known by a variable that {@link ProcessRunner} gives to each.
 */
public final class Orphans {

    /** Holds the process number of the Outguard that started a program. */
    static final String VARIABLE = "OUTGUARD_PID";

    private static final Path SELF = Path.of("/proc/self");
    private static final String MARK = VARIABLE + "=";

    private Orphans() {}

    /** Process numbers of those of our user that still run. */
    public static List<Long> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> starter(process.pid())
                        .filter(starter -> !descends(process, starter))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }

    /* A process loses its parent when that is dead to its last thread. */
    private static boolean descends(ProcessHandle process, long from) {
        for (Optional<ProcessHandle> at = process.parent();
                at.isPresent();
                at = at.get().parent()) {
            if (at.get().pid() == from) {
                return true;
            }
        }
        return false;
    }

    /* Of our own user alone: anybody can give his programs such a variable, to keep us waiting. */
    private static Optional<Long> starter(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            if (!Files.getAttribute(process, "unix:uid").equals(Files.getAttribute(SELF, "unix:uid"))) {
                return Optional.empty();
            }
            String variables = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return Arrays.stream(variables.split("\0"))
                    .filter(variable -> variable.matches(MARK + "\\d{1,18}"))
                    .map(variable -> Long.valueOf(variable.substring(MARK.length())))
                    .findFirst();
        } catch (IOException e) {
            // It has ended by now.
            return Optional.empty();
        }
    }
}
