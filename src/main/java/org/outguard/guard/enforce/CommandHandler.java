package org.outguard.guard.enforce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Owner;

/** From commands to actions: what is asked for is held against what is known, and refused with a reason or begun. */
public final class CommandHandler {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Correlator correlator;
    private final ActionRegistry actions;
    private final BlockRegistry blocks;
    private final Enforcer enforcer;
    private final Supplier<String> actionIds;
    private volatile ProtectedResources around = ProtectedResources.UNKNOWN;
    private String readOnly = "";

    public CommandHandler(
            Correlator correlator,
            ActionRegistry actions,
            BlockRegistry blocks,
            Enforcer enforcer,
            Supplier<String> actionIds) {
        this.correlator = correlator;
        this.actions = actions;
        this.blocks = blocks;
        this.enforcer = enforcer;
        this.actionIds = actionIds;
    }

    public void knows(ProtectedResources now) {
        around = now;
    }

    /** Safe from any thread. */
    public ProtectedResources around() {
        return around;
    }

    /** Refuses every command from here on with this reason; an empty one lifts that. */
    public void readOnly(String reason) {
        readOnly = reason;
    }

    /** Does what is asked for; what is not done is answered with the reasons. */
    public List<String> obey(Command command, Instant now) {
        if (!readOnly.isEmpty()) {
            return List.of(readOnly);
        }
        if (command instanceof Command.Reapply again) {
            return reapply(again, now);
        }
        Optional<String> refusal;
        if (command instanceof Command.Block block) {
            NetworkStep.Block step = new NetworkStep.Block(block.target(), block.length());
            refusal = against(block.offenderId(), step, block.by(), block.anyway(), now);
        } else if (command instanceof Command.Limit limit) {
            refusal = against(limit.offenderId(), limit.limit(), limit.by(), limit.anyway(), now);
        } else if (command instanceof Command.Perform perform) {
            refusal = perform(perform, now);
        } else {
            refusal = undo((Command.Undo) command, now);
        }
        return refusal.stream().toList();
    }

    private Optional<String> against(
            String offenderId, NetworkStep.Timed step, String by, boolean anyway, Instant now) {
        Optional<TalkerState> talker = correlator.talkers().stream()
                .filter(t -> t.id.equals(offenderId))
                .findFirst();
        if (talker.isEmpty()) {
            return Optional.of(offenderId + " is gone");
        }
        if (!BlockRegistry.concerns(step.target(), talker.get())) {
            return Optional.of(step.target() + " does not fit " + offenderId + " any more");
        }
        if (step.duration().isNegative() || step.duration().isZero()) {
            return Optional.of("a " + step.word() + " must last longer than no time");
        }
        Optional<String> rails = rails(step, anyway);
        if (rails.isPresent()) {
            return rails;
        }
        String owner = talker.get().attribution.knownOwner().map(Owner::command).orElse("unknown owner");
        carryOut(
                step,
                talker.get().id + " (" + owner + "): " + talker.get().judgement.reason(),
                by,
                now);
        return Optional.empty();
    }

    private Optional<String> rails(Step step, boolean anyway) {
        return GuardRails.refusal(GuardRails.check(step, around), anyway);
    }

    private Optional<String> perform(Command.Perform command, Instant now) {
        Optional<String> rails = rails(command.step(), command.anyway());
        if (rails.isEmpty()) {
            carryOut(command.step(), command.why(), command.by(), now);
        }
        return rails;
    }

    private void carryOut(Step step, String why, String by, Instant now) {
        Action action = new Action(actionIds.get(), now, by, why, step, enforcer.plan(step));
        begin(action);
        enforcer.carryOut(action);
    }

    /**
     * Takes up what another program does; its outcome is to be settled as if it were ours.
     *
     * @return whether it was new
     */
    public boolean takeUp(Action action) {
        boolean isNew = actions.find(action.id()).isEmpty();
        if (isNew) {
            begin(action);
        }
        return isNew;
    }

    private void begin(Action action) {
        Step step = action.step();
        actions.start(action);
        if (step instanceof NetworkStep.Timed block) {
            blocks.start(action, block);
        } else if (step instanceof NetworkStep.OnTarget ended) {
            blocks.end(action, ended.undoes());
        }
    }

    private Optional<String> undo(Command.Undo command, Instant now) {
        Optional<ActiveBlock> block = blocks.find(command.actionId());
        String why = "undo of " + command.actionId();
        if (block.isEmpty()) {
            Optional<ActionRow> row = actions.find(command.actionId());
            Optional<Step> back = row.filter(ActionRow::undoable)
                    .flatMap(r -> r.action().step().undo(command.actionId()));
            if (back.isEmpty()) {
                return Optional.of("nothing to undo: "
                        + command.actionId() + " "
                        + row.flatMap(ActionRow::whyNoUndo)
                                .map(reason -> "is over (" + reason + ")")
                                .orElse("has expired or was undone"));
            }
            carryOut(back.get(), why, command.by(), now);
            return Optional.empty();
        }
        if (block.get().state() != ActiveBlock.State.STANDING) {
            return Optional.of(block.get().named() + " does not stand (it is "
                    + block.get().state().name().toLowerCase(Locale.ROOT) + ")");
        }
        BlockTarget target = block.get().target();
        NetworkStep step = block.get().limits()
                ? new NetworkStep.Unlimit(target, command.actionId())
                : new NetworkStep.Unblock(target, command.actionId());
        carryOut(step, why, command.by(), now);
        return Optional.empty();
    }

    private List<String> reapply(Command.Reapply command, Instant now) {
        List<String> refusals = new ArrayList<>();
        int begun = 0;
        for (ActionRow row : actions.newestFirst()) {
            String id = row.action().id();
            if (row.state() != ActionRow.State.GONE
                    || !command.actionId().isEmpty() && !command.actionId().equals(id)) {
                continue;
            }
            Optional<Step> again = again(row, now);
            Optional<String> refusal = again.isEmpty()
                    ? Optional.of(id + " has no time left, or cannot be put back")
                    : rails(again.get(), true);
            if (refusal.isEmpty()) {
                carryOut(again.get(), "puts back " + id, command.by(), now);
                begun++;
            }
            refusal.ifPresent(refusals::add);
        }
        if (begun == 0 && refusals.isEmpty()) {
            refusals.add("nothing to put back");
        }
        return refusals;
    }

    /* With a second of margin: less than that is over before it is made. */
    private static Optional<Step> again(ActionRow row, Instant now) {
        if (row.action().step() instanceof NetworkStep.Timed timed) {
            return row.expires()
                    .map(end -> Duration.between(now, end))
                    .filter(left -> left.compareTo(SHORTEST) > 0)
                    .map(timed::lasting);
        }
        return row.action().step() instanceof LockdownStep.Lockdown lockdown
                        && row.expires().isEmpty()
                ? Optional.of(lockdown)
                : Optional.empty();
    }
}
