package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.PlaceOptions;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.safety.AllowList;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.StandingByJournal;
import org.outguard.text.Durations;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard lockdown}: only listed traffic leaves, for a minute unless that is confirmed. */
@Command(
        name = "lockdown",
        description =
                "allow only the outbound traffic that a mail server and its administrators need; reverts unless confirmed")
public final class LockdownCommand implements Callable<Integer> {

    private static final Duration LONGEST = Duration.ofHours(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Option(
            names = "--confirm-within",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "after which the kernel lifts it, 5s to 1h; 60s if not given")
    Duration within = Duration.ofSeconds(60);

    @Option(names = "--confirm", description = "keep the lockdown that is in effect until 'outguard lift'")
    boolean confirm;

    @Override
    public Integer call() throws IOException {
        if (within.compareTo(Duration.ofSeconds(5)) < 0 || within.compareTo(LONGEST) > 0) {
            throw new ParameterException(spec.commandLine(), "--confirm-within must be 5s to 1h");
        }
        Optional<CliActionExecutor> executor = place.acting(spec, acting);
        if (executor.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        return confirm ? confirm(executor.get()) : begin(executor.get());
    }

    private int begin(CliActionExecutor executor) {
        List<AllowRule> allowed = AllowList.of(executor.surroundings());
        PrintWriter out = spec.commandLine().getOut();
        out.println("may leave, beside loopback, answers to pings and what IPv6 needs to work:");
        allowed.forEach(allowRule -> out.println("  " + SafeText.clean(allowRule.toString())));
        out.println("all else is kept in; what containers answer leaves, what they begin does not");
        out.println("packets of AF_PACKET sockets, which only root can open, leave all the same");
        out.flush();
        int status = executor.act(List.of(new LockdownStep.Lockdown(allowed, Optional.of(within))), acting);
        if (status == ExitStatus.DONE.code() && !acting.dryRun) {
            out.println("it is undone in " + Durations.words(within)
                    + " unless you can still type: outguard lockdown --confirm"
                    + (place.netns == null ? "" : " --netns " + place.netns));
            out.flush();
        }
        return status;
    }

    private int confirm(CliActionExecutor executor) throws IOException {
        Optional<LockdownStep.Lockdown> tried = place
                .journal()
                .standing(place.clock().instant())
                .stream()
                .map(StandingByJournal::action)
                .flatMap(action -> action.step() instanceof LockdownStep.Lockdown lockdown
                        ? Optional.of(lockdown).stream()
                        : Optional.<LockdownStep.Lockdown>empty().stream())
                .findFirst();
        if (tried.isEmpty()) {
            spec.commandLine().getErr().println("outguard: refused: there is no lockdown to confirm");
            return ExitStatus.REFUSED.code();
        }
        return executor.act(List.of(tried.get().confirmed()), "confirmed", acting);
    }
}
