package org.outguard.guard.port;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;

/**
 * Port: carries out the steps of one family. {@link #prepare} and {@link #run} may wait for programs; they are called
 * from a thread that may.
 *
 * @param <S> the family
 */
public interface StepRunner<S extends Step> {

    /** The exact commands for a step, without running anything and without waiting. */
    Action.Plan plan(S step);

    /**
     * Completes a step with what its undo needs to know of the state before, so that it is journaled with that.
     *
     * @return the step itself where there is nothing to add
     */
    default S prepare(S step) {
        return step;
    }

    /** How much of a step was done. */
    enum Extent {
        NOTHING,
        PART,
        ALL;

        /** Of what is done in one piece. */
        public static Extent of(boolean done) {
            return done ? ALL : NOTHING;
        }

        /** Of several pieces; nothing where there are none. */
        public static Extent of(List<Extent> pieces) {
            if (pieces.isEmpty()) {
                return NOTHING;
            }
            return pieces.stream().distinct().count() == 1 ? pieces.get(0) : PART;
        }

        /** The same of the step that does the opposite. */
        public Extent ofTheOpposite() {
            return switch (this) {
                case NOTHING -> ALL;
                case PART -> PART;
                case ALL -> NOTHING;
            };
        }
    }

    /**
     * How much of what a step makes is in force, or for one that ends something how much of that is over: for actions that
     * a crash cut short. What such a one left half written beside that is tidied up. May wait for programs.
     *
     * @return empty where that cannot be told
     */
    default Optional<Extent> happened(S step) {
        return Optional.empty();
    }

    /**
     * Carries a step out. The action was journaled before.
     *
     * @param action names the step once more, for its id
     * @param step what to do
     */
    Outcome run(Action action, S step);

    /** Another program took a step's effect back, as the journal tells: for what lies in this program's own hands. */
    default void takenBackElsewhere(S step) {}

    /** Ends what lasts only as long as this program. */
    default void close() {}
}
