package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Step;
import org.outguard.headless.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outguard unblock}: takes a drop out before its time. */
@Command(name = "unblock", description = "take a block out before its time")
final class UnblockCommand implements Callable<Integer> {

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
    public Integer call() {
        List<Step> steps = new ArrayList<>();
        target.targets(spec).forEach(t -> steps.add(new NetworkStep.Unblock(t, "")));
        return place.acting(spec).map(a -> a.act(steps, "by word", acting)).orElse(ExitStatus.FAILED.code());
    }
}
