package org.outguard.app.command;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.StandingByJournal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard reapply}: puts back what the journal has and the kernel lost, for the time that is left. */
@Command(
        name = "reapply",
        description = "restore blocks, limits and the lockdown that another program or a reboot removed")
public final class ReapplyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "see 'outguard journal'")
    @Nullable
    String id;

    @Option(names = "--all", description = "all that have time left")
    boolean all;

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        if ((id == null) == !all) {
            throw new ParameterException(spec.commandLine(), "needs an ID or --all");
        }
        Optional<CliActionExecutor> executor = place.acting(spec, acting);
        Optional<ActionObservation.BlocksSeen> kernel = executor.flatMap(CliActionExecutor::standing);
        if (executor.isEmpty() || kernel.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        Instant now = place.clock().instant();
        List<Step> steps = place.journal().promised(now).stream()
                .filter(known -> all || known.action().id().equals(id))
                .flatMap(known -> missing(known, kernel.get(), now).stream())
                .toList();
        if (steps.isEmpty()) {
            spec.commandLine().getErr().println("outguard: nothing to put back");
            return (all ? ExitStatus.DONE : ExitStatus.REFUSED).code();
        }
        return executor.get().act(steps, "puts back what was lost", acting);
    }

    private static Optional<Step> missing(StandingByJournal known, ActionObservation.BlocksSeen kernel, Instant now) {
        if (known.action().step() instanceof NetworkStep.Timed timed) {
            boolean there = kernel.blocks().stream()
                    .anyMatch(block -> block.target().equals(timed.target())
                            && block.rate().isPresent() == timed.limits());
            Duration left = Duration.between(now, known.expires());
            return there || left.toSeconds() < 1 ? Optional.empty() : Optional.of(timed.lasting(left));
        }
        boolean lockdown = known.action().step() instanceof LockdownStep.Lockdown
                && known.expires().equals(Instant.MAX)
                && kernel.lockdown().isEmpty();
        return lockdown ? Optional.of(known.action().step()) : Optional.empty();
    }
}
