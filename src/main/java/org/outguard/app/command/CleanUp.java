package org.outguard.app.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.option.ActingOptions;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import org.outguard.trace.Trace;

/** Carries out the clean-up that {@code outguard trace} lists: in its order, each step when it was confirmed, or all of them. */
final class CleanUp {

    private final Performer performer;
    private final ActingOptions options;
    private final PrintStream out;

    /** What a person said to a step. */
    private enum Answer {
        YES,
        NO,
        ALL,
        QUIT
    }

    /** Does steps once the question was answered with yes; {@link CliActionExecutor#act}. */
    interface Performer {
        /** Returns an exit status. */
        int act(List<Step> steps, ActingOptions options, CliActionExecutor.Question question);
    }

    CleanUp(Performer performer, ActingOptions options, PrintStream out) {
        this.performer = performer;
        this.options = options;
        this.out = out;
    }

    /** Returns the exit status: 0 where every step is done, 4 where one was left, else that of the first that failed. */
    int carryOut(List<Trace.Step> plan) {
        int failed = 0;
        int left = 0;
        for (int i = 0; i < plan.size(); i++) {
            Trace.Step step = plan.get(i);
            out.println(SafeText.clean("step " + (i + 1) + " of " + plan.size() + ": " + step.what()));
            out.println("  risk: " + SafeText.clean(step.risk()));
            if (step.mend().steps().isEmpty()) {
                out.println("  by hand: " + SafeText.clean(step.command()));
                out.println("  undo: " + SafeText.clean(step.undo()));
                left++;
                continue;
            }
            AtomicReference<Answer> answer = new AtomicReference<>(Answer.NO);
            int status = act(step.mend().steps(), answer);
            if (answer.get() == Answer.ALL) {
                options.yes = true;
            }
            if (status == ExitStatus.REFUSED.code()) {
                left++;
            } else if (status != ExitStatus.DONE.code() && failed == 0) {
                failed = status;
            }
            if (answer.get() == Answer.QUIT) {
                left += plan.size() - i - 1;
                break;
            }
        }
        if (left > 0) {
            out.println(left + (left == 1 ? " step is" : " steps are") + " left");
        }
        return failed != 0 ? failed : (left == 0 ? ExitStatus.DONE : ExitStatus.REFUSED).code();
    }

    private int act(List<Step> steps, AtomicReference<Answer> answer) {
        for (Step step : steps) {
            Optional<String> refusal =
                    step instanceof ProcessStep process ? ProcessWiring.rails().refusal(process) : Optional.empty();
            if (refusal.isPresent()) {
                out.println("  refused: " + SafeText.clean(refusal.get()));
                return ExitStatus.REFUSED.code();
            }
        }
        return performer.act(
                steps,
                options,
                new CliActionExecutor.Question("do this? [y/N, a: all that follow, q: stop here] ", said -> {
                    answer.set(
                            switch (said.toLowerCase(Locale.ROOT)) {
                                case "y", "yes" -> Answer.YES;
                                case "a" -> Answer.ALL;
                                case "q" -> Answer.QUIT;
                                default -> Answer.NO;
                            });
                    return answer.get() == Answer.YES || answer.get() == Answer.ALL;
                }));
    }
}
