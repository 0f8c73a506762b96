package org.outguard.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.StandingByJournal;
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
    public Integer call() throws IOException {
        List<BlockTarget> targets = target.targets(spec);
        Optional<Acting> hands = place.acting(spec);
        if (hands.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        List<Step> steps = new ArrayList<>();
        List<StandingByJournal> standing =
                place.journal().standing(place.clock().instant());
        for (BlockTarget one : targets) {
            List<Step> known = standing.stream()
                    .map(StandingByJournal::action)
                    .filter(action -> action.step() instanceof NetworkStep.Timed timed
                            && timed.target().equals(one))
                    .flatMap(action -> action.step().undo(action.id()).stream())
                    .toList();
            // The journal may not know what somebody added by hand.
            steps.addAll(known.isEmpty() ? List.of(new NetworkStep.Unblock(one, "")) : known);
        }
        return hands.get().act(steps, "by word", acting);
    }
}
