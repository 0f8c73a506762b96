package org.outguard.app;

import java.util.Optional;
import org.outguard.guard.Action;
import org.outguard.guard.MailStep;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Outcome;
import org.outguard.guard.ProcessStep;
import org.outguard.guard.Step;
import org.outguard.guard.StepRunner;

/**
 * Who carries out which family of steps.
 *
 * @param network blocks
 * @param process signals
 * @param mail queues and settings of mail systems
 */
record Runners(StepRunner<NetworkStep> network, StepRunner<ProcessStep> process, StepRunner<MailStep> mail) {

    Action.Plan plan(Step step) {
        if (step instanceof NetworkStep one) {
            return network.plan(one);
        }
        return step instanceof ProcessStep one ? process.plan(one) : mail.plan((MailStep) step);
    }

    Step prepare(Step step) {
        if (step instanceof NetworkStep one) {
            return network.prepare(one);
        }
        return step instanceof ProcessStep one ? process.prepare(one) : mail.prepare((MailStep) step);
    }

    Outcome run(Action action) {
        if (action.step() instanceof NetworkStep one) {
            return network.run(action, one);
        }
        return action.step() instanceof ProcessStep one
                ? process.run(action, one)
                : mail.run(action, (MailStep) action.step());
    }

    Optional<StepRunner.Extent> happened(Step step) {
        if (step instanceof NetworkStep one) {
            return network.happened(one);
        }
        return step instanceof ProcessStep one ? process.happened(one) : mail.happened((MailStep) step);
    }
}
