package org.outguard.mta;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.Action;
import org.outguard.guard.MailStep;
import org.outguard.guard.Outcome;
import org.outguard.guard.StepRunner;
import org.outguard.mta.MailSystem.Done;

/** Carries out steps on mail: on messages by the mail system that has them, on submission by all of them. */
public final class MailSystems implements StepRunner<MailStep> {

    private final List<MailSystem> systems;
    private final Clock clock;

    /**
     * A runner.
     *
     * @param systems the mail systems of this machine
     * @param clock stamps outcomes
     */
    public MailSystems(List<MailSystem> systems, Clock clock) {
        this.systems = List.copyOf(systems);
        this.clock = clock;
    }

    @Override
    public Action.Plan plan(MailStep step) {
        return new Action.Plan(
                commands(step),
                step.undo("").map(undo -> commands((MailStep) undo)).orElse("none"));
    }

    private String commands(MailStep step) {
        List<String> commands = new ArrayList<>();
        for (MailSystem system : systems) {
            String own = "";
            if (step instanceof MailStep.OnSettings settings) {
                own = system.submission().commands(settings);
            } else if (step instanceof MailStep.OnMessages messages && concerns(system, messages)) {
                own = system.messages().commands(only(system, messages));
            }
            if (!own.isEmpty()) {
                commands.add(own);
            }
        }
        return String.join("; ", commands);
    }

    private static boolean concerns(MailSystem system, MailStep.OnMessages step) {
        boolean all = step.messages().isEmpty() && step instanceof MailStep.Flush;
        return all || !system.own(step.messages()).isEmpty();
    }

    private static MailStep.OnMessages only(MailSystem system, MailStep.OnMessages step) {
        var own = system.own(step.messages());
        if (step instanceof MailStep.Hold) {
            return new MailStep.Hold(own);
        } else if (step instanceof MailStep.Release release) {
            return new MailStep.Release(own, release.undoes());
        } else if (step instanceof MailStep.Delete delete) {
            return new MailStep.Delete(own, delete.savedTo());
        } else if (step instanceof MailStep.Requeue) {
            return new MailStep.Requeue(own);
        }
        return new MailStep.Flush(own, ((MailStep.Flush) step).site());
    }

    @Override
    public MailStep prepare(MailStep step) {
        if (step instanceof MailStep.HoldAll all) {
            return new MailStep.HoldAll(before(all));
        } else if (step instanceof MailStep.Ban ban) {
            return new MailStep.Ban(ban.user(), before(ban));
        }
        return step;
    }

    private List<MailStep.Setting> before(MailStep.OnSettings step) {
        List<MailStep.Setting> before = new ArrayList<>();
        systems.forEach(system -> before.addAll(system.submission().before(step)));
        return before;
    }

    @Override
    public Outcome run(Action action, MailStep step) {
        int count = 0;
        List<String> problems = new ArrayList<>();
        for (MailSystem system : systems) {
            Done done = Done.all(0);
            if (step instanceof MailStep.OnSettings settings) {
                done = system.submission().run(settings);
            } else if (step instanceof MailStep.OnMessages messages && concerns(system, messages)) {
                done = system.messages().run(only(system, messages));
            }
            count += done.count();
            problems.addAll(done.problems());
        }
        if (systems.isEmpty()) {
            problems.add("there is no Postfix and no Exim here");
        }
        return outcome(action, step, count, problems);
    }

    private Outcome outcome(Action action, MailStep step, int count, List<String> problems) {
        String detail = String.join("; ", problems);
        if (step instanceof MailStep.OnMessages messages && !messages.messages().isEmpty()) {
            String counted = count + " of " + messages.messages().size() + " messages";
            detail = detail.isEmpty() ? counted : counted + "; " + detail;
        }
        // What was done of a batch stands, and its undo touches only what is there.
        boolean failed = !problems.isEmpty() && count == 0;
        return new Outcome(action.id(), clock.instant(), failed ? Outcome.Result.FAILED : Outcome.Result.DONE, detail);
    }
}
