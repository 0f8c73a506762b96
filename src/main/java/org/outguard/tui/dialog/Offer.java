package org.outguard.tui.dialog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.Ink;

/**
 * Something that can be done, before it is asked for.
 *
 * @param title the question
 * @param ink how grave it is
 * @param verb on the button
 * @param choices what can be chosen from, at least one; safe to print
 * @param timed whether a time is chosen too
 * @param paced whether a rate is chosen too
 * @param maker what a choice comes to
 * @param toType what has to be typed; only for what cannot be undone
 * @param there whether what it names is still there
 * @param gone what is said where it is not
 */
public record Offer(
        String title,
        Ink ink,
        String verb,
        List<String> choices,
        boolean timed,
        boolean paced,
        Maker maker,
        Optional<String> toType,
        Predicate<Snapshot> there,
        String gone) {

    public Offer {
        choices = List.copyOf(choices);
    }

    /** One without a rate. */
    Offer(
            String title,
            Ink ink,
            String verb,
            List<String> choices,
            boolean timed,
            Maker maker,
            Optional<String> toType,
            Predicate<Snapshot> there,
            String gone) {
        this(title, ink, verb, choices, timed, false, maker, toType, there, gone);
    }

    /**
     * What is chosen in a dialog.
     *
     * @param choice which of the choices
     * @param length which of {@link #LENGTHS}
     * @param rate which of {@link #RATES}
     */
    public record Pick(int choice, int length, int rate) {

        /** The times that are offered, shortest first. */
        public static final List<Duration> LENGTHS =
                List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));

        /** The rates that are offered, in packets a second, lowest first. */
        public static final List<Long> RATES = List.of(1L, 10L, 100L, 1_000L, 10_000L);

        /** What is chosen at first: ten minutes, a hundred packets. */
        public static final Pick USUAL = new Pick(0, 1, 2);

        public Duration time() {
            return LENGTHS.get(length);
        }

        long packets() {
            return RATES.get(rate);
        }

        /** Another pick, within what there is. */
        public Pick moved(int choices, int choiceBy, int lengthBy, int rateBy) {
            return new Pick(
                    within(choice + choiceBy, choices),
                    within(length + lengthBy, LENGTHS.size()),
                    within(rate + rateBy, RATES.size()));
        }

        private static int within(int index, int count) {
            return Math.max(0, Math.min(count - 1, index));
        }
    }

    /** Makes what is asked for. */
    public interface Maker {
        Draft make(Pick pick);
    }

    /**
     * What a choice comes to.
     *
     * @param effect in words; safe to print
     * @param caution what it hurts; empty where nothing
     * @param errands what the guard is asked for
     * @param listed what belongs to it, a line each; safe to print
     * @param ends when what is asked about ends by itself; empty where it does not
     */
    public record Draft(
            String effect,
            Optional<String> caution,
            List<Errand> errands,
            List<String> listed,
            Optional<Instant> ends) {
        public Draft {
            errands = List.copyOf(errands);
            listed = List.copyOf(listed);
        }

        /** One without a list and an end. */
        Draft(String effect, Optional<String> caution, List<Errand> errands) {
            this(effect, caution, errands, List.of(), Optional.empty());
        }
    }

    /**
     * One thing that the guard is asked for.
     *
     * @param step what will be done, for the exact commands
     * @param command how it is asked for
     */
    public record Errand(Step step, Command command) {

        /** The same after it was confirmed a second time. */
        Command anyway() {
            if (command instanceof Command.Block block) {
                return new Command.Block(block.offenderId(), block.target(), block.length(), block.by(), true);
            }
            if (command instanceof Command.Limit limit) {
                return new Command.Limit(limit.offenderId(), limit.limit(), limit.by(), true);
            }
            return command instanceof Command.Perform perform
                    ? new Command.Perform(perform.step(), perform.why(), perform.by(), true)
                    : command;
        }
    }

    /** Whether there is something to offer. */
    public sealed interface Answer {}

    /** There is. */
    public record Yes(Offer offer) implements Answer {}

    /**
     * There is not.
     *
     * @param reason why
     */
    public record No(String reason) implements Answer {}
}
