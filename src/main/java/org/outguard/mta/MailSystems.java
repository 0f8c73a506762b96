package org.outguard.mta;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.MailStep;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.StepRunner;
import org.outguard.mta.MailSystem.Done;

/** Carries out steps on mail: on messages by the mail system that has them, on submission by all of them. */
public final class MailSystems implements StepRunner<MailStep> {

    /** Why nothing can be done where there is no mail system. */
    public static final String NONE_HERE = "there is no Postfix, Exim or OpenSMTPD here";

    private final List<MailSystem> systems;
    private final Path deleted;
    private final Clock clock;

    /**
     * A runner.
     *
     * @param systems the mail systems of this machine
     * @param deleted folder for mail that is deleted, where a step names no file
     * @param clock stamps outcomes
     */
    public MailSystems(List<MailSystem> systems, Path deleted, Clock clock) {
        this.systems = List.copyOf(systems);
        this.deleted = deleted;
        this.clock = clock;
    }

    @Override
    public Action.Plan plan(MailStep step) {
        return new Action.Plan(
                commands(step),
                step.undo("").map(undo -> commands((MailStep) undo)).orElse(noUndo(step)));
    }

    private static String noUndo(MailStep step) {
        return step instanceof MessageStep.Delete ? "none; the mbox file has each message" : "none";
    }

    private String commands(MailStep asked) {
        MailStep step = asked instanceof MessageStep.Delete delete ? inItsPlace(delete) : asked;
        List<String> commands = new ArrayList<>();
        for (MailSystem system : systems) {
            String own = step instanceof RestrictionStep settings
                    ? system.submission().commands(settings)
                    : share(system, (MessageStep) step)
                            .map(system.messages()::commands)
                            .orElse("");
            if (!own.isEmpty()) {
                commands.add(system.host().shown(own));
            }
        }
        return String.join("; ", commands);
    }

    /* The step on the messages that this system has; empty where it has none of them. */
    private static Optional<MessageStep> share(MailSystem system, MessageStep step) {
        List<MessageRef> own = system.own(step.messages());
        boolean all = step.messages().isEmpty() && step instanceof MessageStep.Flush;
        return all || !own.isEmpty() ? Optional.of(step.with(own)) : Optional.empty();
    }

    @Override
    public MailStep prepare(MailStep step) {
        if (step instanceof RestrictionStep.Impose impose) {
            return new RestrictionStep.Impose(impose.on(), before(impose));
        }
        return step instanceof MessageStep.Delete delete ? inItsPlace(delete) : step;
    }

    /* The name is of what is deleted, so that it is the same when it is shown and when it is done. */
    private MessageStep.Delete inItsPlace(MessageStep.Delete delete) {
        if (!delete.savedTo().equals(MessageStep.USUAL_FILE)
                || delete.messages().isEmpty()) {
            return delete;
        }
        MessageRef first = delete.messages().get(0);
        String name =
                "deleted-" + first.arrival().getEpochSecond() + "-" + first.id().id() + ".mbox";
        return new MessageStep.Delete(delete.messages(), deleted.resolve(name).toString());
    }

    private List<RestrictionStep.Setting> before(RestrictionStep step) {
        List<RestrictionStep.Setting> before = new ArrayList<>();
        systems.forEach(system -> before.addAll(system.submission().before(step)));
        return before;
    }

    @Override
    public Optional<Extent> happened(MailStep step) {
        if (step instanceof RestrictionStep restriction) {
            Extent set = Extent.of(systems.stream()
                    .map(system -> system.submission().inForce(restriction.on()))
                    .toList());
            return Optional.of(step.effect() == Step.Effect.ENDS ? set.ofTheOpposite() : set);
        }
        if (step instanceof MessageStep.Flush) {
            return Optional.empty();
        }
        List<MessageRef> messages = ((MessageStep) step).messages();
        int there = count(messages, false);
        int held = count(messages, true);
        if (step instanceof MessageStep.Hold) {
            return Optional.of(part(held, there));
        }
        if (step instanceof MessageStep.Release) {
            return Optional.of(there == 0 ? Extent.ALL : part(there - held, there));
        }
        return Optional.of(part(messages.size() - there, messages.size()));
    }

    private int count(List<MessageRef> messages, boolean onHold) {
        return systems.stream()
                .mapToInt(system ->
                        system.messages().found(system.own(messages), onHold).size())
                .sum();
    }

    private static Extent part(int done, int all) {
        return done == 0 ? Extent.NOTHING : done < all ? Extent.PART : Extent.ALL;
    }

    @Override
    public Outcome run(Action action, MailStep step) {
        int count = 0;
        boolean failed = false;
        List<String> problems = new ArrayList<>();
        for (MailSystem system : systems) {
            Done done = step instanceof RestrictionStep settings
                    ? system.submission().run(settings)
                    : share(system, (MessageStep) step)
                            .map(system.messages()::run)
                            .orElse(Done.all(0));
            count += done.count();
            problems.addAll(done.problems());
            failed |= done.failed();
        }
        if (systems.isEmpty()) {
            problems.add(NONE_HERE);
        }
        return outcome(action, step, new Done(count, problems, failed));
    }

    private Outcome outcome(Action action, MailStep step, Done done) {
        int count = done.count();
        List<String> problems = done.problems();
        String detail = String.join("; ", problems);
        if (step instanceof MessageStep messages && !messages.messages().isEmpty()) {
            String counted = count + " of " + messages.messages().size() + " messages";
            detail = detail.isEmpty() ? counted : counted + "; " + detail;
        }
        return new Outcome(action.id(), clock.instant(), result(step, done), detail);
    }

    /* What was done of a batch stands, and its undo touches only what is there; what is half ended has not ended. */
    private static Outcome.Result result(MailStep step, Done done) {
        if (done.problems().isEmpty()) {
            return Outcome.Result.DONE;
        }
        boolean all = !(step instanceof MessageStep messages)
                || done.count() >= messages.messages().size();
        boolean halfEnded = step.effect() == Step.Effect.ENDS && done.failed() && !all;
        if (done.count() == 0 || halfEnded) {
            return Outcome.Result.FAILED;
        }
        return done.failed() ? Outcome.Result.PARTLY : Outcome.Result.DONE;
    }
}
