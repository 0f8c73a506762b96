package org.outguard.app.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.guard.action.LockdownStep;
import org.outguard.headless.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outguard lift}: ends a lockdown. */
@Command(name = "lift", description = "end the lockdown")
public final class LiftCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        Optional<CliActionExecutor> executor = place.acting(spec, acting);
        if (executor.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        String undoes = place.journal().standing(place.clock().instant()).stream()
                .filter(known -> known.action().step() instanceof LockdownStep.Lockdown)
                .map(known -> known.action().id())
                .findFirst()
                .orElse("");
        return executor.get().act(List.of(new LockdownStep.Lift(undoes)), acting);
    }
}
