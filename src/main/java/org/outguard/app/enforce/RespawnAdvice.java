package org.outguard.app.enforce;

import java.time.Instant;
import java.util.Optional;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.procfs.RespawnCause;
import org.outguard.procfs.RespawnWatch;

/** What to stop next when a program comes back. */
public final class RespawnAdvice {

    private RespawnAdvice() {}

    public static ActionObservation.Respawned observation(RespawnWatch.Back back, Instant at) {
        Optional<Attribution.Exact> parent = back.cause() instanceof RespawnCause.Cause.Parent found
                ? Optional.of(new Attribution.Exact(found.parent(), "parent of what came back"))
                : Optional.empty();
        return new ActionObservation.Respawned(
                back.actionId(),
                at,
                new Attribution.Exact(back.owner(), "it came back"),
                back.cause().words(),
                parent,
                command(back.cause(), back.owner()));
    }

    /** As a person would type it. Text from outside may be in it. */
    public static String command(RespawnCause.Cause cause, Owner owner) {
        if (cause instanceof RespawnCause.Cause.Parent parent) {
            return "outguard kill --tree " + parent.parent().pid();
        }
        if (cause instanceof RespawnCause.Cause.Unit unit) {
            return "systemctl stop " + unit.unit();
        }
        if (cause instanceof RespawnCause.Cause.Entry entry) {
            return "edit " + entry.file();
        }
        return owner.cgroup().length() > 1
                ? "outguard kill --cgroup " + owner.pid()
                : "outguard freeze " + owner.pid() + ", which leaves nothing to be started again";
    }
}
