package org.outguard.kernel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.port.StepRunner;
import org.outguard.owner.ProcessId;

/**
 * Blocks of one process, where its user is too wide: carried out by {@link PidDrop}, which is attached while one stands
 * and detached after the last, so that no packet pays for it otherwise. They last while Outguard runs. Safe from any
 * thread.
 */
public final class ProcessBlocks implements StepRunner<NetworkStep.OnTarget>, AutoCloseable {

    private final Supplier<PidDrop.Opening> opener;
    private final Function<ProcessId, Optional<String>> rails;
    private final Clock clock;
    private final Map<BlockTarget, Standing> standing = new LinkedHashMap<>();
    private @Nullable PidDrop drop;
    private boolean closed;

    private record Standing(String actionId, Instant end) {}

    /**
     * Attaches nothing yet.
     *
     * @param opener attaches the program, see {@link PidDrop#open}
     * @param rails why a process may not be touched; empty where it may
     * @param clock stamps outcomes, and tells when a block is over
     */
    public ProcessBlocks(Supplier<PidDrop.Opening> opener, Function<ProcessId, Optional<String>> rails, Clock clock) {
        this.opener = opener;
        this.rails = rails;
        this.clock = clock;
    }

    @Override
    public Action.Plan plan(NetworkStep.OnTarget step) {
        String of = " og_dropped of pid_drop.bpf.c (cgroup_skb/egress, root group): " + step.target();
        String add = "(within Outguard, and no longer than it runs) bpf map update" + of;
        String delete = "(within Outguard) bpf map delete" + of;
        return step instanceof NetworkStep.Timed ? new Action.Plan(add, delete) : new Action.Plan(delete, add);
    }

    @Override
    public synchronized Optional<Extent> happened(NetworkStep.OnTarget step) {
        boolean stands = standing.containsKey(step.target());
        return Optional.of(Extent.of(stands == step instanceof NetworkStep.Timed));
    }

    @Override
    public synchronized Outcome run(Action action, NetworkStep.OnTarget step) {
        forgetOver();
        if (step instanceof NetworkStep.Block block) {
            return outcome(action, begin(action.id(), block), "lasts while Outguard runs");
        }
        if (step instanceof NetworkStep.Limit) {
            return outcome(action, Optional.of("what one process sends can be blocked, not limited"), "");
        }
        boolean ended = end(step.target());
        return outcome(action, Optional.empty(), ended ? "" : "an Outguard that drops it stops within a second");
    }

    @Override
    public synchronized void takenBackElsewhere(NetworkStep.OnTarget step) {
        Standing one = standing.get(step.target());
        if (one != null && step instanceof NetworkStep.Unblock end && one.actionId.equals(end.undoes())) {
            end(step.target());
        }
    }

    private Outcome outcome(Action action, Optional<String> problem, String detail) {
        Outcome.Result result = problem.isPresent() ? Outcome.Result.FAILED : Outcome.Result.DONE;
        return new Outcome(action.id(), clock.instant(), result, problem.orElse(detail));
    }

    private Optional<String> begin(String actionId, NetworkStep.Block block) {
        BlockTarget target = block.target();
        Duration length = block.duration();
        if (closed) {
            return Optional.of("Outguard ends, and so would it");
        }
        Optional<String> refusal = rails.apply(process(target));
        if (refusal.isPresent()) {
            return Optional.of("refused: " + refusal.get());
        }
        if (drop == null) {
            PidDrop.Opening opening = opener.get();
            if (opening instanceof PidDrop.Opening.Failed failed) {
                return Optional.of(failed.reason());
            }
            drop = ((PidDrop.Opening.Attached) opening).drop();
        }
        Optional<String> problem = drop.begin(process(target), length);
        if (problem.isEmpty()) {
            standing.put(target, new Standing(actionId, endOf(length)));
        }
        detachUnused();
        return problem;
    }

    /* A journal says what it likes: one that is longer than there are instants has no end. */
    private Instant endOf(Duration length) {
        Instant now = clock.instant();
        return length.compareTo(Duration.between(now, Instant.MAX)) < 0 ? now.plus(length) : Instant.MAX;
    }

    private boolean end(BlockTarget target) {
        boolean stood = standing.remove(target) != null && drop != null && drop.end(process(target));
        detachUnused();
        return stood;
    }

    private static ProcessId process(BlockTarget target) {
        return target.process().orElseThrow();
    }

    /** What stands, with the packets that were dropped. */
    public synchronized List<ActionObservation.BlockCounter> counters() {
        forgetOver();
        List<ActionObservation.BlockCounter> counters = new ArrayList<>();
        standing.forEach((target, one) -> {
            OptionalLong packets = drop == null ? OptionalLong.empty() : drop.packets(process(target));
            packets.ifPresent(count -> counters.add(new ActionObservation.BlockCounter(target, count, 0, one.end)));
        });
        return counters;
    }

    private void forgetOver() {
        Instant now = clock.instant();
        List<BlockTarget> over = standing.entrySet().stream()
                .filter(one -> !one.getValue().end.isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(this::end);
    }

    private void detachUnused() {
        if (drop != null && standing.isEmpty()) {
            drop.close();
            drop = null;
        }
    }

    /** Ends all of them; none begins any more. */
    @Override
    public synchronized void close() {
        closed = true;
        standing.clear();
        detachUnused();
    }
}
