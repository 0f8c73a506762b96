package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.outguard.flow.FlowKey;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.enforce.ResponseEngine;
import org.outguard.guard.intake.ObservationQueue;
import org.outguard.guard.mail.DeliveryAttribution;
import org.outguard.guard.mail.SmtpOwnerResolver;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.safety.AllowList;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.TalkerState;

/**
 * The thinking part. {@link #observe} and {@link #submit} may be called from any thread; {@link #tick} from one thread
 * only, with time going forward. Between two ticks nothing changes.
 */
public final class Guard implements GuardClient {

    /** How often the guard should tick. */
    public static final long TICK_NANOS = 250_000_000L;

    private static final int MAX_ASKED_A_TICK = 2_048;

    /** So long a new flow waits for its owner before it is judged without one. */
    private static final long OWNER_GRACE_NANOS = 750_000_000L;

    private final OwnerFinder finder;
    private final GuardState state;
    private final ObservationHandler handler;
    private final SnapshotBuilder snapshots;
    private volatile ResponseEngine responseEngine;

    private final ObservationQueue observations = new ObservationQueue();
    private final Lag lag = new Lag();
    private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
    private long sequence;
    private Instant lastTick;

    /** Time of the last once-a-second housekeeping. */
    private long lastSecondNanos = Long.MIN_VALUE / 2;

    private volatile Snapshot snapshot;

    /**
     * A guard that has seen nothing.
     *
     * @param policy the limits
     * @param finder who sends
     * @param enforcer carries actions out
     * @param talkerIds makes unique talker ids, {@code "o-…"}
     * @param actionIds makes unique action ids, {@code "a-…"}
     * @param eye which eye feeds it; a replay asks for no owners and forgets only clean talkers. Instead of the kernel eye the wire
     *     eye counts until an {@link TrafficObservation.SourceSelected} says that it is there
     * @param start time of the empty first snapshot
     */
    public Guard(
            Policy policy,
            OwnerFinder finder,
            Enforcer enforcer,
            Supplier<String> talkerIds,
            Supplier<String> actionIds,
            Snapshot.Eye eye,
            Instant start) {
        this.finder = finder;
        this.state = new GuardState(policy, enforcer, talkerIds, actionIds, eye);
        this.handler = new ObservationHandler(state);
        this.snapshots = new SnapshotBuilder(state);
        this.responseEngine = new ResponseEngine(List.of(), state.mailUsers, true, step -> List.of());
        this.lastTick = start;
        this.snapshot = snapshots.build(start, sequence);
    }

    /**
     * Hands in what was seen. Memory stays bounded: counts for which there is no room are merged with those that wait, and
     * anything else waits until the next tick.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void observe(Observation observation) throws InterruptedException {
        observations.put(observation);
    }

    @Override
    public void submit(Command command) {
        commands.add(command);
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Action.Plan preview(Step step) {
        return state.enforcer.plan(step);
    }

    @Override
    public List<Objection> objections(Step step) {
        return GuardRails.check(step, state.commandHandler.around());
    }

    @Override
    public List<AllowRule> allowedInLockdown() {
        return AllowList.of(state.commandHandler.around());
    }

    /** Takes in all that was handed in, judges, acts on commands, and publishes. */
    public Snapshot tick(Instant now) {
        advance(now);
        return look();
    }

    /** Publishes what is known since the last tick. */
    public Snapshot look() {
        if (snapshot.sequence() != sequence) {
            snapshot = snapshots.build(lastTick, sequence);
        }
        return snapshot;
    }

    /** Nobody looks before {@link #lookBack}, so what is only told as it happens is not kept until then. */
    public void onlyLookedBackOn() {
        state.mail.withoutNews();
    }

    /**
     * Publishes what a report of a whole trace has: every talker and submitter, each by the worst that was thought of it.
     *
     * @return that snapshot
     */
    public Snapshot lookBack() {
        snapshots.wholeTrace = true;
        state.mail.lookBack();
        sequence++;
        return look();
    }

    /**
     * A tick without its picture, for whoever looks less often than it ticks.
     *
     * @return whether a verdict is another than before, or mail is followed: then there is something to see
     */
    public boolean advance(Instant now) {
        long nowNanos = Nanos.of(now);
        ObservationQueue.Taken taken = observations.take();
        handler.handle(taken.observations(), nowNanos);
        if (!state.isReplay()) {
            state.health.degrade("lag", lag.tick(nowNanos, taken.merged()));
        }
        if (state.eye == Snapshot.Eye.KERNEL) {
            state.reconciler.tick(nowNanos, handler::charge);
            state.handOver.tick(nowNanos, state.reconciler.drainedNanos(), state.health.dropped());
        }
        chargeSubmitters(nowNanos);
        long settled = state.isReplay() ? 0 : DeliveryAttribution.SETTLE_NANOS;
        state.smtp.settle(
                nowNanos, settled, () -> new SmtpOwnerResolver(state.ledger, state.correlator, state.deliveries));
        state.ledger.forgetEmptied();
        if (!state.isReplay()) {
            List<FlowKey> unknown = new ArrayList<>(state.ledger.flows.toAsk(nowNanos, MAX_ASKED_A_TICK));
            // The kernel eye counts by process and remote, so of a connection nothing is known yet.
            unknown.addAll(state.eye == Snapshot.Eye.KERNEL ? state.smtp.toAsk() : List.of());
            if (!unknown.isEmpty()) {
                finder.find(unknown);
            }
        }
        boolean news = judgeAwake(nowNanos);
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            obey(command, now);
        }
        boolean late = state.ledger.judged(nowNanos);
        boolean second = nowNanos - lastSecondNanos >= Nanos.PER_SECOND;
        if ((second || late) && state.eye != Snapshot.Eye.KERNEL) {
            state.merger.mergeUnattributed(nowNanos);
        }
        if (second) {
            lastSecondNanos = nowNanos;
            state.merger.mergePrograms(nowNanos);
            state.victims.look(nowNanos, state::hasStandingBlock);
            state.ledger.forgetIdle(nowNanos, blockedTalkers());
        }
        state.actions.expire(now);
        if (second) {
            state.mail.alarms(now).forEach((about, words) -> state.health.alarm(about, words, now));
            if (state.isReplay()) {
                state.mail.judge(nowNanos);
            }
            state.health.degrade("smtp", state.smtp.words(nowNanos));
        }
        state.ledger.changes.handOver(now);
        sequence++;
        lastTick = now;
        if (responseEngine.hasRules() && respond(look())) {
            snapshot = snapshots.build(now, sequence);
        }
        return news || state.mail.watched();
    }

    /* Whether a verdict changed. */
    private boolean judgeAwake(long nowNanos) {
        boolean news = false;
        Iterator<TalkerState> awake = state.correlator.awake().iterator();
        while (awake.hasNext()) {
            TalkerState talker = awake.next();
            if (talker.isVictim) {
                news |= talker.judgement.verdict() != talker.worst.verdict();
                talker.wakefulness.judged(nowNanos);
            } else if (!waitsForOwner(talker, nowNanos)) {
                Judgement before = talker.judgement;
                talker.judgement = state.judge.judge(talker, nowNanos, state.hasStandingBlock(talker));
                state.log.judges(talker.id, before, talker.judgement);
                news |= talker.judgement.verdict() != before.verdict();
                if (talker.wakefulness.judged(nowNanos)) {
                    awake.remove();
                }
            }
        }
        return news;
    }

    /**
     * The earliest time at which a tick may change anything that a replay tells, where nothing comes before it.
     *
     * @return nanoseconds since the epoch; {@link Long#MIN_VALUE} for the next tick, {@link Long#MAX_VALUE} for none
     */
    public long wakeNanos() {
        long now = Nanos.of(lastTick);
        if (state.mail.watched() || state.smtp.waits()) {
            return Long.MIN_VALUE;
        }
        long wake = Long.MAX_VALUE;
        for (TalkerState talker : state.correlator.awake()) {
            if (talker.isVictim || talker.wakefulness.mayChange(now)) {
                return Long.MIN_VALUE;
            }
            if (talker.judgement.verdict() != Verdict.CLEAN) {
                wake = Math.min(wake, state.judge.quietNanos(talker));
            }
        }
        return wake;
    }

    /* Whether that changed anything that a snapshot shows. */
    private boolean respond(Snapshot seen) {
        List<ResponseEngine.Answer> answers = responseEngine.react(seen);
        for (ResponseEngine.Answer answer : answers) {
            state.health.note(new Notice(seen.at(), Notice.Level.WARNING, answer.words()));
            answer.command().ifPresent(command -> obey(command, seen.at()));
        }
        return !answers.isEmpty();
    }

    /** Hands over what leaves, from the next tick on. */
    public void recordTo(TrafficRecorder recorder) {
        state.ledger.changes.recordTo(recorder);
    }

    /** Logs what it takes in and decides; before the first tick. */
    public void logTo(System.Logger logger) {
        state.log.to(logger);
    }

    /**
     * Lets rules act, from the next tick on.
     *
     * @param rules the first that fits an offender counts
     * @param dryRun whether they only say what they would do
     */
    public void respondBy(List<ResponseRule> rules, boolean dryRun) {
        responseEngine = new ResponseEngine(rules, state.mailUsers, dryRun, this::objections);
    }

    private static boolean waitsForOwner(TalkerState talker, long nowNanos) {
        return talker.attribution == Correlator.NOT_YET && nowNanos - talker.firstSeenNanos < OWNER_GRACE_NANOS;
    }

    private Set<String> blockedTalkers() {
        Set<String> kept = new HashSet<>();
        for (TalkerState talker : state.correlator.talkers()) {
            if (state.hasStandingBlock(talker)) {
                kept.add(talker.id);
            }
        }
        return kept;
    }

    /* Mail is its submitter's doing, whoever carries it out. */
    private void chargeSubmitters(long nowNanos) {
        state.deliveries.settle(nowNanos, state.mail::rootOf).forEach(state.submitters::charge);
        state.deliveries.news().forEach(state.submitters::charge);
    }

    /**
     * Whether the counts of both eyes are still compared after the kernel eye opened, so that the capture should see
     * everything. For the thread that ticks.
     */
    public boolean handingOver() {
        return state.handOver.active();
    }

    private void obey(Command command, Instant now) {
        state.log.obeys(command);
        state.commandHandler
                .obey(command, now)
                .forEach(reason -> state.health.note(new Notice(now, Notice.Level.WARNING, "refused: " + reason)));
    }
}
