package org.outguard.owner;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid process number as /proc has it, in this program's pid namespace (pid_namespaces(7)); negative where that
 *     namespace does not hold the process: then it is that of the initial one, with a minus
 * @param startTicks start time after boot in clock ticks, field 22 of /proc/PID/stat (proc(5))
 */
public record ProcessId(int pid, long startTicks) {

    /**
     * A process that runs where this program can neither look nor reach.
     *
     * @param pid number in the initial pid namespace
     */
    public static ProcessId elsewhere(int pid, long startTicks) {
        return new ProcessId(-pid, startTicks);
    }

    /** For people: the number, or {@code ?} where it has none here. */
    public String number() {
        return isHere() ? Integer.toString(pid) : "?";
    }

    /** Why nothing can be done to it, in words, where {@link #isHere} is false. */
    public static final String NOT_HERE =
            "it runs outside of the pid namespace of this Outguard, which can count and block it but not touch it";

    /** Whether this program's pid namespace holds it: else it can be named and counted, but not looked into or touched. */
    public boolean isHere() {
        return pid > 0;
    }
}
