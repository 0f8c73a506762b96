package org.outguard.app.command;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.TargetOptions;
import org.outguard.app.output.ActionLogLines;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.Incident;
import org.outguard.journal.StandingByJournal;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outguard unblock}: takes a drop out before its time. */
@Command(name = "unblock", description = "remove a block early")
public final class UnblockCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final TargetOptions target = new TargetOptions();

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        List<BlockTarget> targets = target.targets(spec);
        Optional<CliActionExecutor> executor = place.acting(spec, acting);
        if (executor.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        Optional<ActionObservation.BlocksSeen> kernel = executor.get().standing();
        Instant now = place.clock().instant();
        List<StandingByJournal> standing = place.journal().standing(now);
        List<CliActionExecutor.Wanted> ended = new ArrayList<>();
        List<BlockTarget> free = new ArrayList<>();
        for (BlockTarget one : targets) {
            List<CliActionExecutor.Wanted> known = byJournal(standing, one, now);
            // The journal may not know what somebody added by hand.
            List<CliActionExecutor.Wanted> found = known.isEmpty() ? inKernel(kernel, one) : known;
            ended.addAll(found);
            if (found.isEmpty()) {
                free.add(one);
            }
        }
        // The targets are one word's, for each protocol that it does not name: it does not have to fit all of them.
        return ended.isEmpty() ? nothingToDo(free) : executor.get().end(ended, acting);
    }

    private static List<CliActionExecutor.Wanted> byJournal(
            List<StandingByJournal> standing, BlockTarget target, Instant now) {
        return standing.stream()
                .filter(one -> isOf(one.action(), target))
                .flatMap(one -> CliActionExecutor.Wanted.ending(one, now).stream())
                .toList();
    }

    private static boolean isOf(Action action, BlockTarget target) {
        return action.step() instanceof NetworkStep.Timed timed
                && timed.target().equals(target);
    }

    /* Where it cannot be asked there may be one. */
    static List<CliActionExecutor.Wanted> inKernel(Optional<ActionObservation.BlocksSeen> kernel, BlockTarget target) {
        if (kernel.isEmpty()) {
            return List.of(new CliActionExecutor.Wanted(new NetworkStep.Unblock(target, ""), Optional.empty()));
        }
        Instant read = kernel.get().at();
        return kernel.get().blocks().stream()
                .filter(block -> block.target().equals(target))
                .map(block -> ending(block, read))
                .toList();
    }

    private static CliActionExecutor.Wanted ending(ActionObservation.BlockCounter block, Instant read) {
        Duration left = Duration.between(read, block.expires());
        return block.rate().isPresent()
                ? CliActionExecutor.Wanted.ending(
                        new NetworkStep.Unlimit(block.target(), ""),
                        new NetworkStep.Limit(block.target(), block.rate().getAsLong(), left),
                        read,
                        block.expires())
                : CliActionExecutor.Wanted.ending(
                        new NetworkStep.Unblock(block.target(), ""),
                        new NetworkStep.Block(block.target(), left),
                        read,
                        block.expires());
    }

    /* What was blocked once is as it is wanted; what never was is mostly a mistake in the words. */
    private int nothingToDo(List<BlockTarget> free) throws IOException {
        List<Action> done = free.isEmpty()
                ? List.of()
                : ActionLogLines.deeds(place.journal()).stream()
                        .map(Incident.Deed::action)
                        .toList();
        ExitStatus status = ExitStatus.DONE;
        for (BlockTarget target : free) {
            if (done.stream().anyMatch(action -> isOf(action, target))) {
                spec.commandLine()
                        .getOut()
                        .println("not blocked any more: " + SafeText.clean(target.toString())
                                + "; it had expired or was undone");
            } else {
                spec.commandLine()
                        .getErr()
                        .println("outguard: refused: nothing is blocked or limited that is "
                                + SafeText.clean(target.toString()) + "; 'outguard journal' has what was");
                status = ExitStatus.REFUSED;
            }
        }
        return status.code();
    }
}
