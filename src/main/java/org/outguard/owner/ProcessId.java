package org.outguard.owner;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid process number in the initial pid namespace
 * @param startTicks start time after boot in clock ticks, field 22 of /proc/PID/stat (proc(5))
 */
public record ProcessId(int pid, long startTicks) {}
