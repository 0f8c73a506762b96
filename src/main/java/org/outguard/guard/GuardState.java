package org.outguard.guard;

import java.util.function.Supplier;
import org.outguard.guard.detect.DecisionLog;
import org.outguard.guard.detect.Judge;
import org.outguard.guard.detect.TalkerMerger;
import org.outguard.guard.detect.Victims;
import org.outguard.guard.enforce.ActionRegistry;
import org.outguard.guard.enforce.BlockRegistry;
import org.outguard.guard.enforce.CommandHandler;
import org.outguard.guard.enforce.LockdownState;
import org.outguard.guard.enforce.Recommendations;
import org.outguard.guard.mail.DeliveryAttribution;
import org.outguard.guard.mail.MailTracker;
import org.outguard.guard.mail.OwnAddresses;
import org.outguard.guard.mail.PendingSmtpReports;
import org.outguard.guard.observation.NeverBlocked;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.reconcile.HandOver;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.traffic.ContactBook;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.DealingBook;
import org.outguard.guard.traffic.ExitedProcesses;
import org.outguard.guard.traffic.Ledger;
import org.outguard.guard.traffic.SubmitterCharges;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Attribution;

/** What the guard knows: its trackers, each wired to those that it asks. Only the thread that ticks uses it. */
final class GuardState {

    /** What a limit is about that {@link TrafficObservation.SourceSelected} ends. */
    static final String EYE = "eye";

    final Enforcer enforcer;
    final Supplier<String> actionIds;
    final MailUsers mailUsers;
    final Judge judge;
    final Correlator correlator;
    final ContactBook contacts;
    final DealingBook dealings;
    final Ledger ledger;
    final SubmitterCharges submitters;
    final TalkerMerger merger;
    final Victims victims;
    final Reconciler reconciler = new Reconciler();
    final HandOver handOver;
    final ActionRegistry actions = new ActionRegistry();
    final BlockRegistry blocks = new BlockRegistry(actions);
    final LockdownState lockdown = new LockdownState(actions);
    final MailTracker mail;
    final DeliveryAttribution deliveries;
    final PendingSmtpReports smtp = new PendingSmtpReports();
    final CommandHandler commandHandler;
    final Recommendations suggestions = new Recommendations();
    final DecisionLog log = new DecisionLog();
    final Health health = new Health(log);
    final ExitedProcesses exits = new ExitedProcesses();

    /** Which eye counts now, and why the kernel eye does not; empty where it does. */
    Snapshot.Eye eye;

    String whyNotKernel;

    /** See {@link Guard#Guard}. */
    GuardState(
            Policy policy,
            Enforcer enforcer,
            Supplier<String> talkerIds,
            Supplier<String> actionIds,
            Snapshot.Eye eye) {
        this.enforcer = enforcer;
        this.actionIds = actionIds;
        this.mailUsers = new MailUsers(policy.mailUsers());
        boolean opening = eye == Snapshot.Eye.KERNEL || eye == Snapshot.Eye.OPENING;
        this.eye = opening ? Snapshot.Eye.OPENING : eye;
        this.whyNotKernel = opening ? TrafficObservation.SourceSelected.OPENING : "";
        health.degrade(EYE, whyNotKernel);
        this.judge = new Judge(policy, mailUsers);
        boolean replay = eye == Snapshot.Eye.REPLAY;
        this.correlator = new Correlator(
                policy,
                talkerIds,
                replay ? new Attribution.Unknown("a capture file names no process") : Correlator.NOT_YET);
        this.contacts = new ContactBook(policy, correlator.talkers());
        this.dealings = new DealingBook(mailUsers);
        this.ledger = new Ledger(correlator, contacts, dealings, !replay);
        this.submitters = new SubmitterCharges(ledger, correlator);
        this.merger = new TalkerMerger(correlator, judge);
        this.handOver = new HandOver(ledger);
        this.victims = new Victims(policy, correlator, judge, log);
        OwnAddresses own = new OwnAddresses();
        this.deliveries = new DeliveryAttribution(own);
        this.mail = new MailTracker(policy, talkerIds, own, log);
        this.commandHandler = new CommandHandler(correlator, actions, blocks, enforcer, actionIds);
        commandHandler.knows(ProtectedResources.UNKNOWN.with(
                policy.neverBlock().networks().stream().map(NeverBlocked::named).toList()));
    }

    boolean isReplay() {
        return eye == Snapshot.Eye.REPLAY;
    }

    boolean hasStandingBlock(TalkerState talker) {
        return talker.judgement.verdict() != Verdict.CLEAN
                && !blocks.against(talker).isEmpty();
    }
}
