package org.outguard.guard.action;

import java.util.Objects;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * A process that may be ended. There is no way to make one but from an exact match, so ending a process that was merely
 * guessed, or a number without a start time, cannot be written.
 */
public final class KillTarget {

    private final ProcessId process;
    private final String name;

    private KillTarget(ProcessId process, String name) {
        this.process = process;
        this.name = name;
    }

    /** The process that was matched. */
    public static KillTarget of(Attribution.Exact match) {
        Owner owner = match.owner();
        return new KillTarget(owner.id(), owner.command());
    }

    /** One of a journal, where only such were written. */
    public static KillTarget journaled(ProcessId process, String name) {
        return new KillTarget(process, name);
    }

    /** Which process. */
    public ProcessId process() {
        return process;
    }

    /** Its name when it was matched; chosen by the process. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KillTarget victim && process.equals(victim.process) && name.equals(victim.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(process, name);
    }

    @Override
    public String toString() {
        return process.pid() + " " + name;
    }
}
