package org.outguard.trace.left;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.exec.CommandRunner;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.UnitStep;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * How something is put right.
 *
 * @param command the exact command
 * @param undo what undoes that
 * @param steps what the command does, where Outguard does it itself and journals it; else empty
 */
public record Mend(String command, String undo, List<Step> steps) {

    /** What undoes whatever is journaled. */
    public static final String BY_JOURNAL = "outguard undo ID # see 'outguard journal'";

    public Mend {
        steps = List.copyOf(steps);
    }

    /** What Outguard does not do itself. */
    static Mend byHand(String command, String undo) {
        return new Mend(command, undo, List.of());
    }

    /** Takes a file away. */
    public static Mend quarantine(String path) {
        return of(new FileStep.Quarantine(path));
    }

    /** Makes a line a comment. */
    static Mend disable(String path, int line) {
        return of(new FileStep.Disable(path, line));
    }

    /** Stops a unit with what triggers it, takes its links away, then its file. */
    static Mend unit(String path) {
        return of(new UnitStep.Disable(path), new FileStep.Quarantine(path));
    }

    /** Lets a process stand still, with those that it started. */
    public static Mend freeze(Owner owner) {
        return new Mend(
                "outguard freeze " + owner.id().pid() + " --tree",
                BY_JOURNAL,
                List.of(new ProcessStep.Freeze(owner.id(), owner.command(), ProcessStep.Scope.TREE)));
    }

    /**
     * Ends a process, with those that it started.
     *
     * @param owner as it was read by its number just now
     */
    public static Mend kill(Owner owner) {
        KillTarget target = KillTarget.of(new Attribution.Exact(owner, "its number"));
        return new Mend(
                "outguard kill " + owner.id().pid() + " --tree",
                "none; its memory and its program are kept as evidence first",
                List.of(new ProcessStep.Kill(target, ProcessStep.Scope.TREE, ProcessStep.USUAL_EVIDENCE)));
    }

    /** Drops what an address sends here, for a day. */
    public static Mend keepOut(IpAddress client) {
        BlockTarget target = BlockTarget.ofClient(BlockTarget.Remote.of(client));
        return new Mend(
                "outguard block --from " + client + " --for 1d",
                BY_JOURNAL,
                List.of(new NetworkStep.Block(target, Duration.ofDays(1))));
    }

    private static Mend of(FileStep... steps) {
        String command =
                Stream.of(steps).map(Mend::words).map(CommandRunner::describe).collect(Collectors.joining(" && "));
        return new Mend(command, BY_JOURNAL, List.of(steps));
    }

    private static List<String> words(FileStep step) {
        String verb = step instanceof FileStep.Quarantine ? "quarantine" : "disable";
        String what = step instanceof FileStep.Disable line ? line.path() + ":" + line.line() : step.path();
        return List.of("outguard", verb, what);
    }
}
