package org.outguard.app.host;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.guard.action.BlockTarget;
import org.outguard.procfs.CgroupMount;

/**
 * By what a sender can be told in the kernel.
 *
 * @param uid its user
 * @param cgroup its control group
 */
public record SenderScope(OptionalInt uid, Optional<String> cgroup) {

    private static final Path PROC = Path.of("/proc");

    /** What stops a process, and as little else as nft can: its control group, else its user; empty where it is gone. */
    public static Optional<SenderScope> ofProcess(int pid) {
        Path process = PROC.resolve(Integer.toString(pid));
        Optional<String> group =
                CgroupMount.pathOf(process).map(path -> path.substring(1)).filter(BlockTarget::namesCgroup);
        if (group.isPresent()) {
            return Optional.of(new SenderScope(OptionalInt.empty(), group));
        }
        OptionalInt uid = CgroupMount.uidOf(process);
        return uid.isPresent() ? Optional.of(new SenderScope(uid, Optional.empty())) : Optional.empty();
    }
}
