package org.outguard.procfs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.outguard.owner.ProcessId;

/** Tells which processes have exited (proc(5)): they are gone, zombies, or a later process has their number. */
public final class ProcessExits {

    private final Path proc;

    /** @param proc where proc(5) is mounted */
    public ProcessExits(Path proc) {
        this.proc = proc;
    }

    /** Those of these that have exited. One that cannot be looked at from here counts as running. */
    public Set<ProcessId> among(Collection<ProcessId> ids) {
        Set<ProcessId> exited = new HashSet<>();
        for (ProcessId id : ids) {
            if (id.isHere() && hasExited(id)) {
                exited.add(id);
            }
        }
        return exited;
    }

    private boolean hasExited(ProcessId id) {
        Path folder = proc.resolve(Integer.toString(id.pid()));
        Optional<ProcessStat> stat = ProcessStat.read(folder);
        return stat.isPresent()
                ? stat.get().ended() || stat.get().startTicks() != id.startTicks()
                : Files.notExists(folder);
    }
}
