package org.outguard.app.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.StandingByJournal;
import org.outguard.mta.MailSystems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands on who may hand mail in, and how fast it goes out. Those that end something undo what the journal says was done. */
public final class SubmissionCommands {

    private SubmissionCommands() {}

    /** What they have in common. */
    abstract static class OnSubmission implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        CommandSpec spec;

        @Mixin
        final ActingOptions acting = new ActingOptions();

        @Mixin
        final PlaceOptions place = new PlaceOptions();

        abstract Step step() throws IOException;

        @Override
        public Integer call() throws IOException {
            if (place.mail().systems().isEmpty()) {
                spec.commandLine().getErr().println("outguard: " + MailSystems.NONE_HERE);
                return ExitStatus.FAILED.code();
            }
            Optional<CliActionExecutor> executor = place.acting(spec, acting);
            return executor.isEmpty()
                    ? ExitStatus.FAILED.code()
                    : executor.get().act(List.of(step()), acting);
        }

        /** What undoes the standing action on the same thing, if one stands. */
        Optional<Step> undo(Step ending) throws IOException {
            List<StandingByJournal> standing =
                    place.journal().standing(place.clock().instant());
            return standing.stream()
                    .filter(one -> one.action().step().key().equals(ending.key()))
                    .reduce((first, last) -> last)
                    .flatMap(one -> one.action().step().undo(one.action().id()));
        }
    }

    /** {@code outguard hold-all}. */
    @Command(name = "hold-all", description = "put all new mail on hold")
    public static final class HoldAllCommand extends OnSubmission {
        @Override
        Step step() {
            return new RestrictionStep.Impose(new MailRestriction.AllHeld());
        }
    }

    /** {@code outguard accept-all}. */
    @Command(name = "accept-all", description = "take new mail in as before hold-all; what is held stays held")
    public static final class AcceptAllCommand extends OnSubmission {
        @Override
        Step step() throws IOException {
            Step plain = new RestrictionStep.Lift(new MailRestriction.AllHeld());
            return undo(plain).orElse(plain);
        }
    }

    /** {@code outguard ban}. */
    @Command(name = "ban", description = "a local user or a login may not submit mail, in any way")
    public static final class BanCommand extends OnSubmission {

        @Parameters(index = "0", paramLabel = "USER", description = "local user or SASL login")
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        String user;

        @Override
        Step step() {
            return new RestrictionStep.Impose(new MailRestriction.Banned(user));
        }
    }

    /** {@code outguard unban}. */
    @Command(name = "unban", description = "a user may submit mail again")
    public static final class UnbanCommand extends OnSubmission {

        @Parameters(index = "0", paramLabel = "USER", description = "local user or SASL login")
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        String user;

        @Override
        Step step() throws IOException {
            Step plain = new RestrictionStep.Lift(new MailRestriction.Banned(user));
            return undo(plain).orElse(plain);
        }
    }

    /** {@code outguard slow-down}. */
    @Command(name = "slow-down", description = "let deliveries to one destination wait for each other")
    public static final class SlowDownCommand extends OnSubmission {

        @Option(
                names = "--every",
                paramLabel = "SECONDS",
                defaultValue = "" + MailRestriction.Slowed.USUAL_SECONDS,
                description = "least time between two deliveries to one destination (${DEFAULT-VALUE})")
        long seconds;

        @Override
        Step step() {
            if (seconds < 1 || seconds > MailRestriction.Slowed.MOST_SECONDS) {
                throw new ParameterException(
                        spec.commandLine(), "--every is from 1 to " + MailRestriction.Slowed.MOST_SECONDS + " seconds");
            }
            return new RestrictionStep.Impose(new MailRestriction.Slowed(seconds));
        }
    }

    /** {@code outguard full-speed}. */
    @Command(name = "full-speed", description = "deliver as fast as before slow-down")
    public static final class FullSpeedCommand extends OnSubmission {
        @Override
        Step step() throws IOException {
            Step plain = new RestrictionStep.Lift(new MailRestriction.Slowed(MailRestriction.Slowed.USUAL_SECONDS));
            return undo(plain).orElse(plain);
        }
    }
}
