package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.Allowance;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.enforce.ActionBook;
import org.outguard.guard.enforce.BlockBook;
import org.outguard.guard.enforce.LockdownBook;
import org.outguard.guard.enforce.Orders;
import org.outguard.guard.enforce.Responder;
import org.outguard.guard.enforce.Suggestions;
import org.outguard.guard.intake.ObservationQueue;
import org.outguard.guard.mail.DeliveryBook;
import org.outguard.guard.mail.MailLedger;
import org.outguard.guard.mail.OwnAddresses;
import org.outguard.guard.mail.SmtpBook;
import org.outguard.guard.mail.SmtpOwners;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.OwnedCount;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.reconcile.EyeTally;
import org.outguard.guard.reconcile.HandOver;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.guard.safety.AllowList;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.MailPicture;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.ContactBook;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.ExitedProcesses;
import org.outguard.guard.traffic.Judge;
import org.outguard.guard.traffic.Ledger;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.guard.traffic.Victims;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * The thinking part. {@link #observe} and {@link #submit} may be called from any thread; {@link #tick} from one thread
 * only, with time going forward. Between two ticks nothing changes.
 */
public final class Guard implements Desk {

    /** How often the guard should tick. */
    public static final long TICK_NANOS = 250_000_000L;

    private static final int MAX_ROWS = 256;

    /** What a limit is about that {@link Observation.EyeInForce} ends. */
    private static final String EYE = "eye";

    private static final int MAX_ASKED_A_TICK = 2_048;

    /** So long a new flow waits for its owner before it is judged without one. */
    private static final long OWNER_GRACE_NANOS = 750_000_000L;

    private final OwnerFinder finder;
    private final Enforcer enforcer;
    private final Supplier<String> actionIds;
    private Snapshot.Eye eye;
    private String whyNotKernel;

    private final Judge judge;
    private final Correlator correlator;
    private final ContactBook contacts;
    private final Ledger ledger;
    private final Victims victims;
    private final Reconciler reconciler = new Reconciler();
    private final HandOver handOver;
    private final ActionBook actions = new ActionBook();
    private final BlockBook blocks = new BlockBook(actions);
    private final LockdownBook lockdown = new LockdownBook(actions);
    private final MailLedger mail;
    private final OwnAddresses own = new OwnAddresses();
    private final DeliveryBook deliveries = new DeliveryBook(own);
    private final SmtpBook smtp = new SmtpBook();
    private final Orders orders;
    private final Set<String> mailUsers;
    private volatile Responder responder;

    private final ObservationQueue observations = new ObservationQueue();
    private final Lag lag = new Lag();
    private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
    private final Suggestions suggestions = new Suggestions();
    private final Health health = new Health();
    private final ExitedProcesses exits = new ExitedProcesses();
    private long sequence;
    private Instant lastTick;

    /** Whether the picture is that of a whole trace. */
    private boolean wholeTrace;

    /** When that was done last which is done once a second. */
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
     *     eye counts until an {@link Observation.EyeInForce} says that it is there
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
        this.enforcer = enforcer;
        this.actionIds = actionIds;
        boolean opening = eye == Snapshot.Eye.KERNEL || eye == Snapshot.Eye.OPENING;
        this.eye = opening ? Snapshot.Eye.OPENING : eye;
        this.whyNotKernel = opening ? Observation.EyeInForce.OPENING : "";
        health.degrade(EYE, whyNotKernel);
        this.judge = new Judge(policy);
        boolean replay = eye == Snapshot.Eye.REPLAY;
        this.correlator = new Correlator(
                policy,
                talkerIds,
                replay ? new Attribution.Unknown("a capture file names no process") : Correlator.NOT_YET);
        this.contacts = new ContactBook(policy, correlator.talkers());
        this.ledger = new Ledger(correlator, contacts, !replay);
        this.handOver = new HandOver(ledger);
        this.victims = new Victims(policy, correlator, judge);
        this.mail = new MailLedger(policy, talkerIds, own);
        this.mailUsers = policy.mailUsers();
        this.responder = new Responder(List.of(), mailUsers, true);
        this.orders = new Orders(correlator, actions, blocks, enforcer, actionIds);
        this.lastTick = start;
        this.snapshot = picture(start, Nanos.of(start));
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
        return enforcer.plan(step);
    }

    @Override
    public List<Objection> objections(Step step) {
        return GuardRails.check(step, orders.around());
    }

    @Override
    public List<Allowance> allowedInLockdown() {
        return AllowList.of(orders.around());
    }

    /** Takes in all that was handed in, judges, acts on commands, and publishes. */
    public Snapshot tick(Instant now) {
        advance(now);
        return look();
    }

    /** Publishes what is known since the last tick. */
    public Snapshot look() {
        if (snapshot.sequence() != sequence) {
            snapshot = picture(lastTick, Nanos.of(lastTick));
        }
        return snapshot;
    }

    /**
     * Publishes what a report of a whole trace has: every talker, each by the worst that was thought of it.
     *
     * @return that snapshot
     */
    public Snapshot lookBack() {
        wholeTrace = true;
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
        taken.observations().forEach(observation -> take(observation, nowNanos));
        if (eye != Snapshot.Eye.REPLAY) {
            health.degrade("lag", lag.tick(nowNanos, taken.merged()));
        }
        if (eye == Snapshot.Eye.KERNEL) {
            reconciler.tick(nowNanos, this::charge);
            handOver.tick(nowNanos, reconciler.drainedNanos(), health.dropped());
        }
        chargeSubmitters(nowNanos);
        long settled = eye == Snapshot.Eye.REPLAY ? 0 : DeliveryBook.SETTLE_NANOS;
        smtp.settle(nowNanos, settled, () -> new SmtpOwners(ledger, correlator, deliveries));
        ledger.forgetEmptied();
        if (eye != Snapshot.Eye.REPLAY) {
            List<FlowKey> unknown = new ArrayList<>(ledger.toAsk(nowNanos, MAX_ASKED_A_TICK));
            // The kernel eye counts by process and remote, so of a connection nothing is known yet.
            unknown.addAll(eye == Snapshot.Eye.KERNEL ? smtp.toAsk() : List.of());
            if (!unknown.isEmpty()) {
                finder.find(unknown);
            }
        }
        boolean news = judgeAwake(nowNanos);
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            obey(command, now);
        }
        boolean late = ledger.judged(nowNanos);
        boolean second = nowNanos - lastSecondNanos >= Nanos.PER_SECOND;
        if ((second || late) && eye != Snapshot.Eye.KERNEL) {
            ledger.putTogetherScattered(judge, nowNanos);
        }
        if (second) {
            lastSecondNanos = nowNanos;
            ledger.putTogetherPrograms(judge, nowNanos);
            victims.look(nowNanos, this::hasStandingBlock);
            ledger.forgetIdle(nowNanos, blockedTalkers());
        }
        actions.expire(now);
        if (second) {
            mail.alarms(now).forEach((about, words) -> health.alarm(about, words, now));
            if (eye == Snapshot.Eye.REPLAY) {
                mail.judge(nowNanos);
            }
            health.degrade("smtp", smtp.words(nowNanos));
        }
        ledger.changes.handOver(now);
        sequence++;
        lastTick = now;
        if (responder.hasRules() && respond(look())) {
            snapshot = picture(now, nowNanos);
        }
        return news || mail.watched();
    }

    /* Whether a verdict changed. */
    private boolean judgeAwake(long nowNanos) {
        boolean news = false;
        Iterator<TalkerState> awake = correlator.awake().iterator();
        while (awake.hasNext()) {
            TalkerState talker = awake.next();
            if (talker.isVictim) {
                news |= talker.judgement.verdict() != talker.worst.verdict();
                talker.judged(nowNanos);
            } else if (!waitsForOwner(talker, nowNanos)) {
                Verdict before = talker.judgement.verdict();
                talker.judgement = judge.judge(talker, nowNanos, hasStandingBlock(talker));
                news |= talker.judgement.verdict() != before;
                if (talker.judged(nowNanos)) {
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
        if (mail.watched() || smtp.waits()) {
            return Long.MIN_VALUE;
        }
        long wake = Long.MAX_VALUE;
        for (TalkerState talker : correlator.awake()) {
            if (talker.isVictim || talker.mayChange(now)) {
                return Long.MIN_VALUE;
            }
            if (talker.judgement.verdict() != Verdict.CLEAN) {
                wake = Math.min(wake, judge.quietNanos(talker));
            }
        }
        return wake;
    }

    /* Whether that changed anything that a snapshot shows. */
    private boolean respond(Snapshot seen) {
        List<Responder.Answer> answers = responder.react(seen);
        for (Responder.Answer answer : answers) {
            health.note(new Notice(seen.at(), Notice.Level.WARNING, answer.words()));
            answer.command().ifPresent(command -> obey(command, seen.at()));
        }
        return !answers.isEmpty();
    }

    /** Hands over what leaves, from the next tick on. */
    public void recordTo(TrafficRecorder recorder) {
        ledger.changes.recordTo(recorder);
    }

    /**
     * Lets rules act, from the next tick on.
     *
     * @param rules the first that fits an offender counts
     * @param dryRun whether they only say what they would do
     */
    public void respondBy(List<ResponseRule> rules, boolean dryRun) {
        responder = new Responder(rules, mailUsers, dryRun);
    }

    private static boolean waitsForOwner(TalkerState talker, long nowNanos) {
        return talker.attribution == Correlator.NOT_YET && nowNanos - talker.firstSeenNanos < OWNER_GRACE_NANOS;
    }

    private boolean hasStandingBlock(TalkerState talker) {
        return talker.judgement.verdict() != Verdict.CLEAN
                && !blocks.against(talker).isEmpty();
    }

    private Set<String> blockedTalkers() {
        Set<String> kept = new HashSet<>();
        for (TalkerState talker : correlator.talkers()) {
            if (hasStandingBlock(talker)) {
                kept.add(talker.id);
            }
        }
        return kept;
    }

    private void take(Observation observation, long nowNanos) {
        if (observation instanceof Observation.Flows flows) {
            takeFlows(flows, nowNanos);
        } else if (observation instanceof Observation.OwnedFlows owned) {
            owned.counts().forEach(count -> reconciler.owned(count, this::charge));
            reconciler.drained(nowNanos);
            if (owned.lostPackets() > 0) {
                ledger.addBeyond(owned.lostPackets(), owned.lostBytes(), nowNanos);
            }
        } else if (observation instanceof Observation.UsersCounted counted) {
            ledger.usersCounted(counted.counts(), nowNanos);
        } else if (observation instanceof Observation.EyeInForce inForce) {
            takeEye(inForce, nowNanos);
        } else if (observation instanceof Observation.NotCaptured told) {
            reconciler.notCaptured(told);
        } else if (observation instanceof Observation.OwnerFound found) {
            ledger.attribute(found.flow(), found.attribution(), nowNanos);
            smtp.found(found.flow(), found.attribution());
        } else if (observation instanceof Observation.SourceHealth source) {
            health.take(source, nowNanos);
            reconciler.takeEverything(health.seesEverythingOrNothing());
        } else if (observation instanceof Observation.BlocksSeen seen) {
            blocks.reconcile(seen, enforcer, actionIds).forEach(health::note);
            lockdown.reconcile(seen).ifPresent(health::note);
            health.degrade("lockdown", lockdown.words());
        } else if (observation instanceof Observation.ActionRemembered remembered) {
            remember(remembered, Nanos.instant(nowNanos));
        } else if (observation instanceof Observation.DoneElsewhere done) {
            if (orders.takeUp(done.action())) {
                settle(done.outcome());
            }
        } else if (observation instanceof Observation.Happened happened) {
            settle(happened.outcome());
        } else if (observation instanceof Observation.QueueSeen seen) {
            mail.queueSeen(seen);
        } else if (observation instanceof Observation.MailLogged logged) {
            mail.logged(logged.messages());
        } else if (observation instanceof Observation.LogRead read) {
            mail.read(read.reading());
        } else if (observation instanceof Observation.LoginsSeen seen) {
            mail.loggedIn(seen.logins());
        } else if (observation instanceof Observation.DeliveriesSeen seen) {
            deliveries.seen(seen);
        } else if (observation instanceof Observation.HandedIn seen) {
            mail.handedIn(seen);
        } else if (observation instanceof Observation.SessionsTold told) {
            mail.told(told);
        } else if (observation instanceof Observation.Complained complained) {
            mail.complained(complained);
        } else if (observation instanceof Observation.AccountsKnown known) {
            mail.accounts(known.accounts());
        } else if (observation instanceof Observation.NoMail none) {
            mail.absent(none.why());
        } else if (observation instanceof Observation.SmtpHeard heard) {
            smtp.heard(heard, nowNanos);
        } else if (observation instanceof Observation.Respawned back) {
            health.note(suggestions.take(back));
        } else if (observation instanceof Observation.ProcessesExited seen) {
            exits.take(seen);
        } else if (observation instanceof Observation.Degraded limit) {
            health.degrade(limit.about(), limit.reason());
        } else if (observation instanceof Observation.AroundSeen seen) {
            orders.knows(seen.around());
            contacts.knows(seen.around().uplink());
        } else if (observation instanceof Observation.ReadOnly readOnly) {
            orders.readOnly(readOnly.reason());
            health.degrade("read-only", readOnly.reason());
        }
    }

    private void charge(OwnedCount count, @Nullable EyeTally both) {
        handOver.kernel(count);
        TalkerState talker = ledger.add(count, both);
        List<Owner> owners = count.attribution() instanceof Attribution.Contested contested
                ? contested.candidates()
                : count.attribution().knownOwner().stream().toList();
        boolean mailSystem = talker.traffic == TrafficClass.MAIL
                && !owners.isEmpty()
                && owners.stream().map(Owner::user).allMatch(mailUsers::contains);
        if (mailSystem && count.remote().isPresent()) {
            List<ProcessId> processes = owners.stream().map(Owner::id).toList();
            deliveries.counted(processes, count.remote().get(), talker, count);
        }
    }

    /* Mail is its submitter's doing, whoever carries it out. */
    private void chargeSubmitters(long nowNanos) {
        deliveries.settle(nowNanos, mail::rootOf).forEach(ledger::charge);
        deliveries.news().forEach(ledger::charge);
    }

    private void takeFlows(Observation.Flows flows, long nowNanos) {
        if (eye == Snapshot.Eye.KERNEL) {
            List<FlowCount> before = handOver.wire(flows.batch().flows(), reconciler::wire);
            if (!before.isEmpty()) {
                ledger.add(new FlowBatch(before, 0, 0), nowNanos);
            }
            return;
        }
        ledger.add(flows.batch(), nowNanos);
        if (eye == Snapshot.Eye.OPENING) {
            handOver.charged(flows, nowNanos);
        }
    }

    /**
     * Whether the counts of both eyes are still compared after the kernel eye opened, so that the capture should see
     * everything. For the thread that ticks.
     */
    public boolean handingOver() {
        return handOver.active();
    }

    private void takeEye(Observation.EyeInForce now, long nowNanos) {
        eye = now.eye();
        whyNotKernel = now.whyNotKernel();
        health.degrade(EYE, "");
        if (eye == Snapshot.Eye.KERNEL) {
            reconciler.start(now.sinceNanos(), nowNanos);
            now.sinceNanos().ifPresent(cut -> handOver.begin(cut, health.dropped(), reconciler::wire));
        }
    }

    private void remember(Observation.ActionRemembered remembered, Instant now) {
        actions.restore(remembered);
        if (remembered.state() == ActionRow.State.STANDING
                && remembered.action().step() instanceof NetworkStep.Timed block) {
            blocks.restore(remembered.action(), block, remembered.expires().orElse(Instant.MAX), now);
        }
    }

    private void settle(Outcome outcome) {
        actions.settle(outcome);
        Optional<Notice> blockNotice = blocks.settle(outcome);
        if (blockNotice.isPresent()) {
            health.note(blockNotice.get());
            return;
        }
        actions.find(outcome.actionId()).ifPresent(row -> {
            Step step = row.action().step();
            boolean done = outcome.result() == Outcome.Result.DONE;
            if (outcome.tookEffect()) {
                suggestions.settle(step);
            }
            String more = outcome.detail().isEmpty() ? "" : ": " + outcome.detail();
            health.note(new Notice(
                    outcome.at(),
                    done ? Notice.Level.INFO : Notice.Level.ERROR,
                    (done ? step.word() + " " : "could not " + step.word() + " ") + step.subject() + more));
        });
    }

    private void obey(Command command, Instant now) {
        orders.obey(command, now)
                .forEach(reason -> health.note(new Notice(now, Notice.Level.WARNING, "refused: " + reason)));
    }

    private Snapshot picture(Instant now, long nowNanos) {
        List<ActionRow> done = actions.newestFirst();
        Stream<TalkerState> worthARow = correlator.talkers().stream();
        if (eye == Snapshot.Eye.REPLAY && !wholeTrace) {
            // Nobody looks at the others until the end.
            worthARow = worthARow.filter(talker -> talker.shown || talker.judgement.verdict() != Verdict.CLEAN);
        }
        List<Talker> rows = worthARow
                .sorted(worstFirst(nowNanos))
                .limit(MAX_ROWS)
                .map(talker -> {
                    talker.shown = talker.judgement.verdict() != Verdict.CLEAN;
                    return talker.view(
                            nowNanos, shownAs(talker), eye, blocks.against(talker), done, exits, mailCounts(talker));
                })
                .toList();
        return new Snapshot(
                now,
                sequence,
                eye,
                whyNotKernel,
                health.limits(),
                health.sources(),
                ledger.totals(nowNanos, health.countingSince(eye == Snapshot.Eye.KERNEL, now)),
                rows,
                blocks.newestFirst(),
                done,
                mail.tick(nowNanos),
                deliveries.picture(),
                suggestions.newestFirst(now),
                health.notices(),
                correlator.moved.newest());
    }

    private Optional<MailPicture.Totals> mailCounts(TalkerState talker) {
        return Optional.ofNullable(talker.mail).flatMap(sent -> mail.countsOf(sent.origin));
    }

    private Judgement shownAs(TalkerState talker) {
        return wholeTrace && talker.worst.verdict() != Verdict.CLEAN ? talker.worst : talker.judgement;
    }

    private Comparator<TalkerState> worstFirst(long nowNanos) {
        return Comparator.comparing((TalkerState t) -> shownAs(t).verdict())
                .thenComparingInt(t -> shownAs(t).score())
                .thenComparingDouble(t -> t.packetRate.perSecond(nowNanos, 10))
                .thenComparingLong(t -> t.packets)
                .reversed();
    }
}
