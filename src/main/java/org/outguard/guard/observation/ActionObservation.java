package org.outguard.guard.observation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Outcome;
import org.outguard.owner.Attribution;

/** What became of actions, of this instance and of others, and what is in effect now. */
public sealed interface ActionObservation extends Observation {

    /**
     * The blocks as the kernel has them now. A block that the guard knows and that is missing here has expired or was
     * taken out by somebody else.
     *
     * @param at when they were read
     * @param blocks every element of our sets
     * @param lockdown the lockdown, where one is in force
     */
    record BlocksSeen(Instant at, List<BlockCounter> blocks, Optional<LockdownCounter> lockdown)
            implements ActionObservation {
        public BlocksSeen {
            blocks = List.copyOf(blocks);
        }

        /** Blocks alone. */
        public BlocksSeen(Instant at, List<BlockCounter> blocks) {
            this(at, blocks, Optional.empty());
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.blocksSeen(this);
        }
    }

    /**
     * A lockdown as the kernel has it.
     *
     * @param packets packets that it has kept in
     * @param expires when it ends by itself; empty where it is confirmed
     */
    record LockdownCounter(long packets, Optional<Instant> expires) {}

    /**
     * One block as the kernel counts it.
     *
     * @param target what it drops
     * @param packets packets dropped since it was made
     * @param bytes bytes of those packets
     * @param expires when the kernel will forget it
     * @param rate packets a second that it lets pass, where it is a limit
     */
    record BlockCounter(BlockTarget target, long packets, long bytes, Instant expires, OptionalLong rate) {

        /** One that lets nothing pass. */
        public BlockCounter(BlockTarget target, long packets, long bytes, Instant expires) {
            this(target, packets, bytes, expires, OptionalLong.empty());
        }
    }

    /**
     * An action of an earlier run, by the journal. Whether a block still stands the next {@link BlocksSeen} says.
     *
     * @param action what was decided
     * @param state what became of it
     * @param expires when what stands ends by itself
     * @param detail what is worth knowing about it, mostly empty
     */
    record ActionRestored(Action action, ActionRow.State state, Optional<Instant> expires, String detail)
            implements ActionObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.actionRestored(this);
        }
    }

    /**
     * An action that another program carried out by the same journal, as a command by word does. One that the guard knows
     * is its own, and is passed over.
     *
     * @param action what was done
     * @param outcome what became of it
     */
    record ExternalAction(Action action, Outcome outcome) implements ActionObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.externalAction(this);
        }
    }

    /**
     * A program that was ended runs again.
     *
     * @param actionId the action that ended it
     * @param at when it was noticed
     * @param back its new process
     * @param startedBy who started it, for people: a process, a unit, a line of a crontab
     * @param parent that process, where it is one
     * @param advice what to stop next, as a person would type it
     */
    record Respawned(
            String actionId,
            Instant at,
            Attribution.Exact back,
            String startedBy,
            Optional<Attribution.Exact> parent,
            String advice)
            implements ActionObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.respawned(this);
        }
    }

    /**
     * What became of an action.
     *
     * @param outcome success, failure or refusal
     */
    record ActionCompleted(Outcome outcome) implements ActionObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.actionCompleted(this);
        }
    }

    /**
     * Whether commands are carried out.
     *
     * @param reason why they are not, as another instance acts; empty where they are
     */
    record ReadOnly(String reason) implements ActionObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.readOnly(this);
        }
    }

    /** One method for each kind. */
    interface Visitor {
        void blocksSeen(BlocksSeen observation);

        void actionRestored(ActionRestored observation);

        void externalAction(ExternalAction observation);

        void respawned(Respawned observation);

        void actionCompleted(ActionCompleted observation);

        void readOnly(ReadOnly observation);
    }
}
