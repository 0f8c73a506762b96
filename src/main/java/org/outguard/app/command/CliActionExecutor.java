package org.outguard.app.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ProtectedResourcesReader;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.output.ActionLogLines;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.safety.Passing;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;
import org.outguard.procfs.RespawnWatch;
import org.outguard.text.SafeText;

/** How a one-shot command acts: it shows the exact commands and their undo, asks, journals, runs, and says how it went. */
public final class CliActionExecutor {

    /** What the journal has as the reason of an action that a person asked for by a command. */
    private static final String WHY = "on the command line";

    private final ProtectedResourcesReader protectedResourcesReader;
    private final Clock clock;
    private final Supplier<String> ids;
    private final String by;
    private final PrintStream out;
    private final PrintStream err;
    private final RespawnWatch respawns = ProcessWiring.respawns();
    private final Enforcement enforcement;

    /**
     * What is asked before anything is done.
     *
     * @param prompt the question
     * @param agrees whether an answer, stripped, means that it shall be done
     */
    public record Question(String prompt, Predicate<String> agrees) {

        static final Question PLAIN =
                new Question("do this? [y/N] ", answer -> answer.equalsIgnoreCase("y") || answer.equals("yes"));
    }

    /**
     * A step to do.
     *
     * @param step what to do
     * @param undo what undoes it, where that is not what any step of its kind has: with the time that is left
     */
    record Wanted(Step step, Optional<Step> undo) {

        /**
         * Takes back what is in effect.
         *
         * @param step what ends it
         * @param ended what made it
         * @param expires when it would end by itself
         */
        static Wanted ending(Step step, Step ended, Instant now, Instant expires) {
            Optional<Step> again =
                    ended instanceof NetworkStep.Timed timed ? timed.remaining(now, expires) : Optional.empty();
            return new Wanted(step, again);
        }

        /** Takes back what is in effect by the journal; empty where that has no undo. */
        static Optional<Wanted> ending(StandingByJournal standing, Instant now) {
            Action action = standing.action();
            return action.step().undo(action.id()).map(step -> ending(step, action.step(), now, standing.expires()));
        }
    }

    /**
     * Acts on nothing yet.
     *
     * @param protectedResourcesReader what must not be cut off
     * @param ids of the actions
     * @param by who acts, for the journal
     */
    public CliActionExecutor(
            ProtectedResourcesReader protectedResourcesReader,
            Journal journal,
            MailSystemsProvider mail,
            Clock clock,
            Supplier<String> ids,
            String by,
            PrintStream out,
            PrintStream err) {
        this.protectedResourcesReader = protectedResourcesReader;
        this.clock = clock;
        this.ids = ids;
        this.by = by;
        this.out = out;
        this.err = err;
        this.enforcement = Wiring.enforcement(journal, respawns, mail, clock, observation -> {
            if (observation instanceof HostObservation.Degraded limit
                    && !limit.reason().isEmpty()) {
                err.println("outguard: " + SafeText.clean(limit.reason()));
            }
        });
        enforcement.recover(journal);
    }

    /** What notices that an ended program is back. */
    RespawnWatch respawns() {
        return respawns;
    }

    /** Does these steps, all or until one fails; returns the exit status. */
    int act(List<Step> steps, ActingOptions options) {
        return act(steps, options, Question.PLAIN);
    }

    /** The same with another question. */
    public int act(List<Step> steps, ActingOptions options, Question question) {
        return act(steps, WHY, options, question);
    }

    /** The same for another reason, which the journal has. */
    int act(List<Step> steps, String why, ActingOptions options) {
        return act(steps, why, options, Question.PLAIN);
    }

    private int act(List<Step> steps, String why, ActingOptions options, Question question) {
        return actAll(
                steps.stream().map(step -> new Wanted(step, Optional.empty())).toList(), why, options, question);
    }

    /** Takes these back, each with what would put it back. */
    int end(List<Wanted> ended, ActingOptions options) {
        return actAll(ended, WHY, options, Question.PLAIN);
    }

    private int actAll(List<Wanted> all, String why, ActingOptions options, Question question) {
        List<Step> steps = all.stream().map(Wanted::step).toList();
        List<Action> actions = new ArrayList<>();
        for (Wanted wanted : all) {
            Step step = wanted.step();
            Step whole = enforcement.prepare(step);
            Action.Plan usual = enforcement.plan(whole);
            Action.Plan plan = wanted.undo()
                    .map(again -> usual.undoneBy(enforcement.plan(again)))
                    .orElse(usual);
            Action action = new Action(ids.get(), clock.instant(), by, why, whole, plan);
            actions.add(action);
            out.println(SafeText.clean(step.word() + " " + action.step().subject()));
            out.println("  runs: " + SafeText.clean(action.plan().command()));
            out.println("  undo: " + SafeText.clean(action.plan().undo()));
        }
        Passing.of(steps).forEach(passing -> out.println("  passes: " + passing));
        Optional<String> rails = rails(steps, options);
        if (rails.isPresent()) {
            err.println("outguard: refused: " + SafeText.clean(rails.get()));
            return ExitStatus.REFUSED.code();
        }
        if (options.dryRun) {
            return ExitStatus.DONE.code();
        }
        Optional<String> refusal = confirm(options, question);
        if (refusal.isPresent()) {
            out.println(refusal.get());
            return ExitStatus.REFUSED.code();
        }
        int status = ExitStatus.DONE.code();
        for (Action action : actions) {
            Outcome outcome = enforcement.perform(action);
            boolean done = outcome.result() == Outcome.Result.DONE;
            String detail = outcome.detail().isEmpty() ? "" : ": " + SafeText.clean(outcome.detail());
            out.println(action.id() + " " + (done ? "done" : ActionLogLines.failure(outcome)) + detail);
            if (!done) {
                status = lacksPrivilege() ? ExitStatus.LACKS_PRIVILEGE.code() : ExitStatus.FAILED.code();
            }
        }
        return status;
    }

    /* What is overruled is said once more, before anybody is asked. */
    private Optional<String> rails(List<? extends Step> steps, ActingOptions options) {
        if (steps.stream().noneMatch(GuardRails::mayObject)) {
            return Optional.empty();
        }
        ProtectedResources surroundings =
                protectedResourcesReader.look(steps.stream().anyMatch(NetworkStep.Timed.class::isInstance));
        List<Objection> objections = steps.stream()
                .flatMap(step -> GuardRails.check(step, surroundings).stream())
                .distinct()
                .toList();
        Optional<String> refusal = GuardRails.refusal(objections, options.anyway);
        if (refusal.isEmpty()) {
            objections.forEach(objection -> out.println("  breaks: " + SafeText.clean(objection.reason())));
            return refusal;
        }
        boolean last = objections.stream().anyMatch(Objection::last);
        return last ? refusal : refusal.map(reason -> reason + "; with --anyway it is done all the same");
    }

    /** What must not be cut off here. */
    ProtectedResources surroundings() {
        return protectedResourcesReader.look(false);
    }

    /** What stands in the kernel; empty where it cannot be asked. */
    Optional<ActionObservation.BlocksSeen> standing() {
        return enforcement.standing();
    }

    private static boolean lacksPrivilege() {
        return !Privileges.ofThisProcess().has(Privileges.Capability.CAP_NET_ADMIN);
    }

    private Optional<String> confirm(ActingOptions options, Question question) {
        if (options.yes) {
            return Optional.empty();
        }
        if (!StandardStreams.isTerminal(StandardStreams.IN)) {
            return Optional.of("not done: without a terminal, --yes is needed");
        }
        out.print(question.prompt());
        out.flush();
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            String answer = in.readLine();
            boolean yes = answer != null && question.agrees().test(answer.strip());
            return yes ? Optional.empty() : Optional.of("not done");
        } catch (IOException e) {
            return Optional.of("not done: no answer");
        }
    }
}
