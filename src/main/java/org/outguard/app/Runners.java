package org.outguard.app;

import java.util.Optional;
import org.outguard.guard.Action;
import org.outguard.guard.MailStep;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Outcome;
import org.outguard.guard.ProcessStep;
import org.outguard.guard.Step;
import org.outguard.guard.StepRunner;
import org.outguard.kernel.ProcessBlocks;

/**
 * Who carries out which family of steps.
 *
 * @param network blocks
 * @param process signals
 * @param mail queues and settings of mail systems
 * @param single blocks of one process, which are none of the network room's
 */
record Runners(
        StepRunner<NetworkStep> network,
        StepRunner<ProcessStep> process,
        StepRunner<MailStep> mail,
        StepRunner<NetworkStep.OnTarget> single) {

    private static boolean isOfOne(Step step) {
        return step instanceof NetworkStep.OnTarget one
                && one.target().process().isPresent();
    }

    /** Another program has done this, which the journal tells; here it matters where the doing lies in this program. */
    void doneElsewhere(Step step) {
        if (isOfOne(step) && single instanceof ProcessBlocks blocks) {
            blocks.takenBackElsewhere((NetworkStep.OnTarget) step);
        }
    }

    /** Ends what lasts only as long as this program. */
    void close() {
        if (single instanceof ProcessBlocks blocks) {
            blocks.close();
        }
    }

    Action.Plan plan(Step step) {
        if (isOfOne(step)) {
            return single.plan((NetworkStep.OnTarget) step);
        }
        if (step instanceof NetworkStep one) {
            return network.plan(one);
        }
        return step instanceof ProcessStep one ? process.plan(one) : mail.plan((MailStep) step);
    }

    Step prepare(Step step) {
        if (isOfOne(step)) {
            return single.prepare((NetworkStep.OnTarget) step);
        }
        if (step instanceof NetworkStep one) {
            return network.prepare(one);
        }
        return step instanceof ProcessStep one ? process.prepare(one) : mail.prepare((MailStep) step);
    }

    Outcome run(Action action) {
        if (isOfOne(action.step())) {
            return single.run(action, (NetworkStep.OnTarget) action.step());
        }
        if (action.step() instanceof NetworkStep one) {
            return network.run(action, one);
        }
        return action.step() instanceof ProcessStep one
                ? process.run(action, one)
                : mail.run(action, (MailStep) action.step());
    }

    Optional<StepRunner.Extent> happened(Step step) {
        if (isOfOne(step)) {
            return single.happened((NetworkStep.OnTarget) step);
        }
        if (step instanceof NetworkStep one) {
            return network.happened(one);
        }
        return step instanceof ProcessStep one ? process.happened(one) : mail.happened((MailStep) step);
    }
}
