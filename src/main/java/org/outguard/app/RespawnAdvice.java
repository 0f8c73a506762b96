package org.outguard.app;

import org.outguard.owner.Owner;
import org.outguard.procfs.StartedBy;

/** What to stop next when a program comes back. */
final class RespawnAdvice {

    private RespawnAdvice() {}

    /** As a person would type it. Text from outside may be in it. */
    static String command(StartedBy.Cause cause, Owner owner) {
        if (cause instanceof StartedBy.Cause.Parent parent) {
            return "outguard kill --tree " + parent.parent().pid();
        }
        if (cause instanceof StartedBy.Cause.Unit unit) {
            return "systemctl disable --now " + unit.unit();
        }
        if (cause instanceof StartedBy.Cause.Entry entry) {
            return "edit " + entry.file();
        }
        return owner.cgroup().length() > 1
                ? "outguard kill --cgroup " + owner.pid()
                : "outguard freeze " + owner.pid() + ", which leaves nothing to be started again";
    }
}
