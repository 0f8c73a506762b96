package org.outguard.tui.dialog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.Durations;
import org.outguard.tui.draw.TextRole;

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
public record Proposal(
        String title,
        TextRole ink,
        String verb,
        List<String> choices,
        boolean timed,
        boolean paced,
        Maker maker,
        Optional<String> toType,
        Predicate<Snapshot> there,
        String gone) {

    public Proposal {
        choices = List.copyOf(choices);
    }

    /** One without a rate. */
    Proposal(
            String title,
            TextRole ink,
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
     * @param amount a time or a rate that is being typed; empty where none is
     * @param typedTime a time that was typed, in place of those that are offered
     * @param typedRate a rate that was typed, likewise
     */
    public record Pick(
            int choice, int length, int rate, String amount, Optional<Duration> typedTime, OptionalLong typedRate) {

        /** The times that are offered, shortest first. */
        public static final List<Duration> LENGTHS =
                List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));

        /** The rates that are offered, in packets a second, lowest first. */
        public static final List<Long> RATES = List.of(1L, 10L, 100L, 1_000L, 10_000L);

        /** What is chosen at first: ten minutes, a hundred packets. */
        public static final Pick USUAL = new Pick(0, 1, 2, "", Optional.empty(), OptionalLong.empty());

        private static final Duration LONGEST = Duration.ofDays(365);
        private static final int MOST_TYPED = 12;
        private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,8})(k?)/s?");

        public Duration time() {
            return typedTime.orElse(LENGTHS.get(length));
        }

        public long packets() {
            return typedRate.orElse(RATES.get(rate));
        }

        /** Another pick, within what there is; what was typed gives way to what is chosen. */
        public Pick moved(int choices, int choiceBy, int lengthBy, int rateBy) {
            return new Pick(
                    within(choice + choiceBy, choices),
                    within(length + lengthBy, LENGTHS.size()),
                    within(rate + rateBy, RATES.size()),
                    choiceBy == 0 ? "" : amount,
                    lengthBy == 0 ? typedTime : Optional.empty(),
                    rateBy == 0 ? typedRate : OptionalLong.empty());
        }

        /** Whether a key goes on with an amount, or begins one. */
        public boolean takes(String key) {
            char first = key.length() == 1 ? key.charAt(0) : ' ';
            return first >= '0' && first <= '9' || !amount.isEmpty() && "smhdk/".indexOf(first) >= 0;
        }

        /**
         * With an amount that is being typed. One that ends in {@code /s} is a rate, one with a unit of time is a time.
         *
         * @param text what was typed so far
         * @param paced whether there is a rate to choose
         */
        public Pick typing(String text, boolean paced) {
            if (text.length() > MOST_TYPED) {
                return this;
            }
            Optional<Duration> time = Durations.parse(text).filter(wanted -> wanted.compareTo(LONGEST) <= 0);
            Matcher packets = RATE.matcher(text);
            boolean pace = paced && time.isEmpty() && packets.matches();
            OptionalLong read = pace
                    ? OptionalLong.of(
                            Long.parseLong(packets.group(1)) * (packets.group(2).isEmpty() ? 1 : 1_000))
                    : typedRate;
            return new Pick(choice, length, rate, text, time.isPresent() ? time : typedTime, read);
        }

        /** What is wrong with the amount that is being typed; empty where nothing is. */
        public Optional<String> unclear(boolean paced) {
            boolean read = amount.isEmpty()
                    || Durations.parse(amount)
                            .filter(wanted -> wanted.compareTo(LONGEST) <= 0)
                            .isPresent()
                    || paced && RATE.matcher(amount).matches();
            return read
                    ? Optional.empty()
                    : Optional.of("'" + amount + "' is no time: 30s, 45m, 2h, 1h30m, at most 365d"
                            + (paced ? "; 250/s is a rate" : ""));
        }

        private static int within(int index, int count) {
            return Math.max(0, Math.min(count - 1, index));
        }
    }

    /** Makes what is asked for. */
    public interface Maker {
        Draft make(Pick pick);

        /** The same when it is confirmed: what has come since is there too, where the choice says so. */
        default Draft make(Pick pick, Snapshot live) {
            return make(pick);
        }
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
     * @param undo what undoes it, where that is not what any step of its kind has: with the time that is left
     */
    public record Errand(Step step, Command command, Optional<Step> undo) {

        Errand(Step step, Command command) {
            this(step, command, Optional.empty());
        }

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
    public record Yes(Proposal offer) implements Answer {}

    /**
     * There is not.
     *
     * @param reason why
     */
    public record No(String reason) implements Answer {}
}
