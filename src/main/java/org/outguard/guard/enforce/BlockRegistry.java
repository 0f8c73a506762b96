package org.outguard.guard.enforce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.ActiveBlock.State;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.traffic.TalkerState;

/** The blocks that the guard knows of, from decision to expiry. */
public final class BlockRegistry {

    /** So long after its outcome a block may be missing in a reading that was begun before. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final Duration EARLY = Duration.ofSeconds(3);

    private final ActionRegistry actions;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> undoing = new LinkedHashMap<>();

    /* There is one block and one limit a target in the kernel. */
    private record Key(BlockTarget target, boolean limits) {}

    private static Key key(ActiveBlock block) {
        return new Key(block.target(), block.limits());
    }

    private static final class Entry {
        private ActiveBlock block;
        private Instant readAt = Instant.MIN;
        private Instant settledAt = Instant.MAX;

        Entry(ActiveBlock block) {
            this.block = block;
        }
    }

    /** @param actions is told of blocks that the kernel has no more */
    public BlockRegistry(ActionRegistry actions) {
        this.actions = actions;
    }

    void start(Action action, NetworkStep.Timed step) {
        entries.values()
                .removeIf(e -> e.block.state() == State.FAILED
                        && e.block.target().equals(step.target())
                        && e.block.limits() == step.limits());
        entries.put(
                action.id(),
                new Entry(new ActiveBlock(
                        action.id(),
                        step.target(),
                        step.rate(),
                        State.STARTING,
                        action.at().plus(step.duration()),
                        0,
                        0,
                        action.plan(),
                        "")));
    }

    /** Takes up a block of an earlier run under the id that the journal knows. */
    public void restore(Action action, NetworkStep.Timed step, Instant expires, Instant now) {
        Entry entry = new Entry(new ActiveBlock(
                action.id(),
                step.target(),
                step.rate(),
                State.STANDING,
                expires,
                0,
                0,
                action.plan(),
                "made by an earlier run"));
        entry.settledAt = now.minus(SETTLING);
        entries.put(action.id(), entry);
    }

    void end(Action action, String undoes) {
        undoing.put(action.id(), undoes);
        Entry entry = entries.get(undoes);
        if (entry != null) {
            entry.block = with(entry.block, State.ENDING, "");
        }
    }

    /** Takes in an outcome; returns what a person should be told. */
    public Optional<Snapshot.Notice> settle(Outcome outcome) {
        boolean done = outcome.result() == Outcome.Result.DONE;
        String undone = undoing.remove(outcome.actionId());
        Entry entry = entries.get(undone != null ? undone : outcome.actionId());
        if (entry == null) {
            return Optional.empty();
        }
        String what = entry.block.word();
        String target = entry.block.target().toString();
        if (undone != null) {
            if (done) {
                entries.remove(undone);
                return Optional.of(info(outcome.at(), "un" + what + "ed " + target));
            }
            entry.block = with(entry.block, State.STANDING, outcome.detail());
            return Optional.of(error(outcome.at(), "could not un" + what + " " + target + ": " + outcome.detail()));
        }
        if (done) {
            entries.values().removeIf(e -> e != entry && key(e.block).equals(key(entry.block)));
            entry.block = with(entry.block, State.STANDING, "");
            entry.settledAt = outcome.at();
            return Optional.of(info(outcome.at(), what + "ed " + target));
        }
        entry.block = with(entry.block, State.FAILED, outcome.detail());
        return Optional.of(error(outcome.at(), "could not " + what + " " + target + ": " + outcome.detail()));
    }

    /**
     * Takes in what the kernel has.
     *
     * @param seen the reading
     * @param enforcer gives the commands for blocks that somebody else made
     * @param newId an id for each of those
     */
    public List<Snapshot.Notice> reconcile(
            ActionObservation.BlocksSeen seen, Enforcer enforcer, java.util.function.Supplier<String> newId) {
        List<Snapshot.Notice> notices = new ArrayList<>();
        Map<Key, ActionObservation.BlockCounter> kernel = new LinkedHashMap<>();
        seen.blocks()
                .forEach(counter ->
                        kernel.put(new Key(counter.target(), counter.rate().isPresent()), counter));
        entries.values()
                .removeIf(e -> e.block.state() == State.FAILED && seen.at().isAfter(e.block.expires()));
        for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            ActionObservation.BlockCounter counter = kernel.remove(key(entry.block));
            if (counter != null) {
                count(entry, counter, seen.at());
            } else if (entry.block.state() == State.STANDING && seen.at().isAfter(settled(entry))) {
                all.remove();
                boolean early = seen.at().isBefore(entry.block.expires().minus(EARLY));
                actions.gone(
                        entry.block.actionId(),
                        early ? ActionRow.State.GONE : ActionRow.State.EXPIRED,
                        early ? missing(entry.block).strip() : "");
                notices.add(
                        early
                                ? new Snapshot.Notice(
                                        seen.at(),
                                        Snapshot.Notice.Level.WARNING,
                                        entry.block.named() + missing(entry.block) + "; 'reapply "
                                                + entry.block.actionId() + "' puts it back")
                                : info(seen.at(), entry.block.named() + " expired"));
            }
        }
        kernel.values().forEach(counter -> adopt(counter, enforcer, newId.get(), seen.at()));
        return notices;
    }

    private static String missing(ActiveBlock block) {
        return block.target().process().isPresent()
                ? " is gone with the Outguard that made it"
                : " was taken out by somebody else";
    }

    private static Instant settled(Entry entry) {
        return entry.settledAt.equals(Instant.MAX) ? Instant.MAX : entry.settledAt.plus(SETTLING);
    }

    private static void count(Entry entry, ActionObservation.BlockCounter counter, Instant at) {
        double seconds = entry.readAt.equals(Instant.MIN)
                ? 0
                : Duration.between(entry.readAt, at).toNanos() / 1e9;
        long more = counter.packets() - entry.block.packets();
        ActiveBlock old = entry.block;
        entry.block = new ActiveBlock(
                old.actionId(),
                old.target(),
                old.rate(),
                old.state(),
                counter.expires(),
                counter.packets(),
                seconds > 0 && more > 0 ? more / seconds : 0,
                old.plan(),
                old.detail());
        entry.readAt = at;
    }

    private void adopt(ActionObservation.BlockCounter counter, Enforcer enforcer, String id, Instant at) {
        if (undoing.containsValue(id)) {
            return;
        }
        Duration left = Duration.between(at, counter.expires());
        Action.Plan plan = enforcer.plan(
                counter.rate().isPresent()
                        ? new NetworkStep.Limit(counter.target(), counter.rate().getAsLong(), left)
                        : new NetworkStep.Block(counter.target(), left));
        Entry entry = new Entry(new ActiveBlock(
                id,
                counter.target(),
                counter.rate(),
                State.STANDING,
                counter.expires(),
                counter.packets(),
                0,
                plan,
                "made before this run or by somebody else"));
        entry.settledAt = at;
        entry.readAt = at;
        entries.put(id, entry);
    }

    Optional<ActiveBlock> find(String actionId) {
        return Optional.ofNullable(entries.get(actionId)).map(e -> e.block);
    }

    public List<ActiveBlock> newestFirst() {
        List<ActiveBlock> blocks = new ArrayList<>();
        entries.values().forEach(e -> blocks.add(0, e.block));
        return blocks;
    }

    /** Those that concern a talker, narrowest scope first. */
    public List<ActiveBlock> against(TalkerState talker) {
        return newestFirst().stream()
                .filter(block -> concerns(block.target(), talker))
                .sorted(Comparator.comparing(block -> block.state()))
                .toList();
    }

    static boolean concerns(BlockTarget target, TalkerState talker) {
        if (target.client().isPresent()) {
            // What arrives is no talker's.
            return false;
        }
        boolean user = !target.ofSomeSender() || target.isOf(talker.attribution);
        boolean protocol = target.protocol().isEmpty() || target.protocol().get() == talker.protocol;
        int port = target.port().orElse(0);
        boolean there = target.remote().isPresent()
                ? talker.sendsTo(target.remote().get(), port)
                : port == 0 || talker.sendsToPort(port);
        return user && protocol && there;
    }

    private static ActiveBlock with(ActiveBlock block, State state, String detail) {
        return new ActiveBlock(
                block.actionId(),
                block.target(),
                block.rate(),
                state,
                block.expires(),
                block.packets(),
                block.packetsPerSecond(),
                block.plan(),
                detail);
    }

    private static Snapshot.Notice info(Instant at, String text) {
        return new Snapshot.Notice(at, Snapshot.Notice.Level.INFO, text);
    }

    private static Snapshot.Notice error(Instant at, String text) {
        return new Snapshot.Notice(at, Snapshot.Notice.Level.ERROR, text);
    }
}
