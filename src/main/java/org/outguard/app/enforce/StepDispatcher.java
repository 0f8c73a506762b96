package org.outguard.app.enforce;

import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.MailStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.StepRunner;

/**
 * Who carries out which family of steps.
 *
 * @param network blocks
 * @param process signals
 * @param mail queues and settings of mail systems
 * @param files files that are taken away, lines that are made comments
 * @param single blocks of one process, which are none of the network package's
 */
public record StepDispatcher(
        StepRunner<NetworkStep> network,
        StepRunner<ProcessStep> process,
        StepRunner<MailStep> mail,
        StepRunner<FileStep> files,
        StepRunner<NetworkStep.OnTarget> single) {

    /** Another program has done this, which the journal tells; here it matters where the doing lies in this program. */
    void doneElsewhere(Step step) {
        runner(step).takenBackElsewhere(step);
    }

    /** Ends what lasts only as long as this program. */
    void close() {
        single.close();
    }

    Action.Plan plan(Step step) {
        return runner(step).plan(step);
    }

    Step prepare(Step step) {
        return runner(step).prepare(step);
    }

    Outcome run(Action action) {
        return runner(action.step()).run(action, action.step());
    }

    Optional<StepRunner.Extent> happened(Step step) {
        return runner(step).happened(step);
    }

    /* Each is given steps of its own family only. */
    @SuppressWarnings("unchecked")
    private StepRunner<Step> runner(Step step) {
        StepRunner<?> runner = mail;
        if (step instanceof NetworkStep.OnTarget one && one.target().process().isPresent()) {
            runner = single;
        } else if (step instanceof NetworkStep) {
            runner = network;
        } else if (step instanceof ProcessStep) {
            runner = process;
        } else if (step instanceof FileStep) {
            runner = files;
        }
        return (StepRunner<Step>) runner;
    }
}
