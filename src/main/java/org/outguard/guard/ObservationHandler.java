package org.outguard.guard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.reconcile.DestinationCounters;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Carries each observation to the trackers that it is for. */
final class ObservationHandler implements Observation.Visitor {

    private final GuardState state;
    private ProtectedResources around = ProtectedResources.UNKNOWN;
    private long nowNanos;

    ObservationHandler(GuardState state) {
        this.state = state;
    }

    void handle(List<Observation> observations, long atNanos) {
        nowNanos = atNanos;
        observations.forEach(observation -> {
            state.log.takes(observation);
            observation.accept(this);
        });
    }

    @Override
    public void flows(TrafficObservation.Flows seen) {
        if (state.eye == Snapshot.Eye.KERNEL) {
            List<FlowCount> before = state.handOver.wire(seen.batch().flows(), state.reconciler::wire);
            if (!before.isEmpty()) {
                state.ledger.add(new FlowBatch(before, 0, 0), nowNanos);
            }
            return;
        }
        state.ledger.add(seen.batch(), nowNanos);
        if (state.eye == Snapshot.Eye.OPENING) {
            state.handOver.charged(seen, nowNanos);
        }
    }

    @Override
    public void ownedFlows(TrafficObservation.OwnedFlows seen) {
        seen.counts().forEach(count -> state.reconciler.owned(count, this::charge));
        state.reconciler.drained(nowNanos);
        if (seen.lostPackets() > 0) {
            state.ledger.addBeyond(seen.lostPackets(), seen.lostBytes(), nowNanos);
        }
    }

    @Override
    public void userCountersRead(TrafficObservation.UserCountersRead seen) {
        state.ledger.usersCounted(seen.counts(), nowNanos);
    }

    @Override
    public void sourceSelected(TrafficObservation.SourceSelected seen) {
        state.eye = seen.eye();
        state.whyNotKernel = seen.whyNotKernel();
        state.health.degrade(GuardState.EYE, "");
        if (state.eye == Snapshot.Eye.KERNEL) {
            state.reconciler.start(seen.sinceNanos(), nowNanos);
            seen.sinceNanos()
                    .ifPresent(cut -> state.handOver.begin(cut, state.health.dropped(), state.reconciler::wire));
        }
    }

    @Override
    public void captureExclusions(TrafficObservation.CaptureExclusions seen) {
        state.reconciler.notCaptured(seen);
    }

    @Override
    public void sourceHealth(TrafficObservation.SourceHealth seen) {
        state.health.take(seen, nowNanos);
        state.reconciler.takeEverything(state.health.seesEverythingOrNothing());
    }

    @Override
    public void ownerFound(TrafficObservation.OwnerFound seen) {
        state.ledger.attribute(seen.flow(), seen.attribution(), nowNanos);
        state.smtp.found(seen.flow(), seen.attribution());
    }

    @Override
    public void smtpParsed(TrafficObservation.SmtpParsed seen) {
        state.smtp.heard(seen, nowNanos);
    }

    @Override
    public void requestsCounted(TrafficObservation.RequestsCounted seen) {
        state.dealings.asked(seen, nowNanos);
    }

    @Override
    public void queueSeen(MailObservation.QueueSeen seen) {
        state.mail.queueSeen(seen);
    }

    @Override
    public void mailLogged(MailObservation.MailLogged seen) {
        state.mail.logged(seen.messages());
    }

    @Override
    public void logRead(MailObservation.LogRead seen) {
        state.mail.read(seen.reading());
    }

    @Override
    public void loginsSeen(MailObservation.LoginsSeen seen) {
        state.mail.loggedIn(seen.logins());
    }

    @Override
    public void deliveriesSeen(MailObservation.DeliveriesSeen seen) {
        state.deliveries.seen(seen);
    }

    @Override
    public void localClientsSampled(MailObservation.LocalClientsSampled seen) {
        state.mail.handedIn(seen);
    }

    @Override
    public void smtpSessionEvents(MailObservation.SmtpSessionEvents seen) {
        state.mail.told(seen);
    }

    @Override
    public void complained(MailObservation.Complained seen) {
        state.mail.complained(seen);
    }

    @Override
    public void accountsKnown(MailObservation.AccountsKnown seen) {
        state.mail.accounts(seen.accounts());
    }

    @Override
    public void mailUsersKnown(MailObservation.MailUsersKnown seen) {
        state.mailUsers.runBy(seen.runners());
        if (!around.equals(ProtectedResources.UNKNOWN)) {
            state.commandHandler.knows(around.withMailUsers(state.mailUsers.learned()));
        }
    }

    @Override
    public void queueEnded(MailObservation.QueueEnded seen) {
        state.mail.queueEnded(seen.instance());
        state.health.note(new Notice(seen.at(), Notice.Level.WARNING, seen.why()));
    }

    @Override
    public void mailUnavailable(MailObservation.MailUnavailable seen) {
        state.mail.absent(seen.why());
    }

    @Override
    public void blocksSeen(ActionObservation.BlocksSeen seen) {
        state.blocks.reconcile(seen, state.enforcer, state.actionIds).forEach(state.health::note);
        state.lockdown.reconcile(seen).ifPresent(state.health::note);
        state.health.degrade("lockdown", state.lockdown.words());
    }

    @Override
    public void actionRestored(ActionObservation.ActionRestored seen) {
        state.actions.restore(seen);
        if (seen.state() == ActionRow.State.STANDING && seen.action().step() instanceof NetworkStep.Timed block) {
            state.blocks.restore(seen.action(), block, seen.expires().orElse(Instant.MAX), Nanos.instant(nowNanos));
        }
    }

    @Override
    public void externalAction(ActionObservation.ExternalAction seen) {
        if (state.commandHandler.takeUp(seen.action())) {
            settle(seen.outcome());
        }
    }

    @Override
    public void respawned(ActionObservation.Respawned seen) {
        state.health.note(state.suggestions.take(seen));
    }

    @Override
    public void actionCompleted(ActionObservation.ActionCompleted seen) {
        settle(seen.outcome());
    }

    @Override
    public void readOnly(ActionObservation.ReadOnly seen) {
        state.commandHandler.readOnly(seen.reason());
        state.health.degrade("read-only", seen.reason());
    }

    @Override
    public void processesExited(HostObservation.ProcessesExited seen) {
        state.exits.take(seen);
    }

    @Override
    public void protectedResourcesUpdated(HostObservation.ProtectedResourcesUpdated seen) {
        around = seen.around();
        state.commandHandler.knows(around.withMailUsers(state.mailUsers.learned()));
        state.contacts.knows(seen.around().uplink());
    }

    @Override
    public void feedsRead(HostObservation.FeedsRead seen) {
        state.dealings.knows(seen.listings());
    }

    @Override
    public void degraded(HostObservation.Degraded seen) {
        state.health.degrade(seen.about(), seen.reason());
    }

    /** Charges what the kernel eye counted to its talker, and notes what a mail system delivered by it. */
    void charge(AttributedCount count, @Nullable DestinationCounters both) {
        state.handOver.kernel(count);
        TalkerState talker = state.ledger.add(count, both);
        List<Owner> owners = count.attribution() instanceof Attribution.Contested contested
                ? contested.candidates()
                : count.attribution().knownOwner().stream().toList();
        boolean mailSystem = talker.traffic == TrafficClass.MAIL
                && !owners.isEmpty()
                && owners.stream().allMatch(state.mailUsers::deliver);
        if (mailSystem && count.remote().isPresent()) {
            List<ProcessId> processes = owners.stream().map(Owner::id).toList();
            state.deliveries.counted(processes, count.remote().get(), talker, count);
        }
    }

    private void settle(Outcome outcome) {
        state.actions.settle(outcome);
        Optional<Notice> blockNotice = state.blocks.settle(outcome);
        if (blockNotice.isPresent()) {
            state.health.note(blockNotice.get());
            return;
        }
        state.actions.find(outcome.actionId()).ifPresent(row -> {
            Step step = row.action().step();
            boolean done = outcome.result() == Outcome.Result.DONE;
            if (outcome.tookEffect()) {
                state.suggestions.settle(step);
            }
            String more = outcome.detail().isEmpty() ? "" : ": " + outcome.detail();
            state.health.note(new Notice(
                    outcome.at(),
                    done ? Notice.Level.INFO : Notice.Level.ERROR,
                    (done ? step.word() + " " : "could not " + step.word() + " ") + step.subject() + more));
        });
    }
}
