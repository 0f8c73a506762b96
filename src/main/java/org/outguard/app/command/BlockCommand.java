package org.outguard.app.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.RateConverter;
import org.outguard.app.option.TargetOptions;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard block}: a timed drop or limit. */
@Command(
        name = "block",
        description =
                "drop or limit what is sent to a remote, by a user or control group, or both, for a while; or drop what a"
                        + " client sends here")
public final class BlockCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final TargetOptions target = new TargetOptions();

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how long: 30s, 10m, 1h30m, 2d; 10m if not given")
    Duration length = Duration.ofMinutes(10);

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            converter = RateConverter.class,
            description = "let so many packets a second pass, instead of none")
    @Nullable
    Long rate;

    @Override
    public Integer call() {
        List<BlockTarget> targets = target.targets(spec);
        PrintWriter out = spec.commandLine().getOut();
        CommandLine.Help.ColorScheme colours = spec.commandLine().getColorScheme();
        target.widened().ifPresent(words -> out.println(colours.errorText(SafeText.clean(words))));
        out.flush();
        List<Step> steps = new ArrayList<>();
        Long limit = rate;
        if (limit != null && targets.stream().anyMatch(one -> one.client().isPresent())) {
            throw new ParameterException(spec.commandLine(), "--rate limits what is sent; a client is blocked, or not");
        }
        targets.forEach(t ->
                steps.add(limit == null ? new NetworkStep.Block(t, length) : new NetworkStep.Limit(t, limit, length)));
        return place.acting(spec, acting).map(a -> a.act(steps, acting)).orElse(ExitStatus.FAILED.code());
    }
}
