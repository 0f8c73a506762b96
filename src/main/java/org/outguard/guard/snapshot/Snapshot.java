package org.outguard.guard.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;

/**
 * All that is known at one tick. Immutable; every front end draws from it and from nothing else.
 *
 * @param tick which tick of the guard
 * @param counting what counts, and what limits it
 * @param totals sums over all traffic seen
 * @param talkers every talker worth a row, worst first: verdict, then score, then packets a second
 * @param enforcement what was done, and what may be done next
 * @param mail the mail by who sends it
 * @param deliveries what mail systems delivered, by connection
 * @param events what happened of late
 */
public record Snapshot(
        Tick tick,
        Counting counting,
        Totals totals,
        List<Talker> talkers,
        Enforcement enforcement,
        MailSnapshot mail,
        Deliveries deliveries,
        Events events) {

    private static final Duration FIRST_SECOND = Duration.ofSeconds(1);

    public Snapshot {
        talkers = List.copyOf(talkers);
    }

    /** The same with other mail. */
    public Snapshot withMail(MailSnapshot other) {
        return new Snapshot(tick, counting, totals, talkers, enforcement, other, deliveries, events);
    }

    /**
     * Why it cannot be said that nothing is wrong: nothing is counted, or no whole second was yet. Empty where it can.
     */
    public Optional<String> noVerdict() {
        if (eye() == Eye.REPLAY) {
            return Optional.empty();
        }
        if (totals.countingSince().isPresent()) {
            boolean second = !at().isBefore(totals.countingSince().get().plus(FIRST_SECOND));
            return second ? Optional.empty() : Optional.of("starting: the first second is being counted");
        }
        return sources().stream()
                .filter(source -> !source.reason().isEmpty())
                .findFirst()
                .map(source -> "nothing is counted: " + source.words())
                .or(() -> Optional.of(
                        eye() == Eye.OPENING
                                ? "starting: libpcap and eBPF are opening"
                                : "starting: libpcap is opening"));
    }

    /** Talkers that are not {@link Verdict#CLEAN}, worst first. */
    public List<Talker> suspects() {
        return talkers.stream().filter(t -> t.verdict() != Verdict.CLEAN).toList();
    }

    /**
     * Messages that were seen on their way out, each with the connection that carried it.
     *
     * @param count how many there were since the start
     * @param newest the last of them, oldest first
     */
    public record Deliveries(long count, List<Delivery> newest) {

        /** None. */
        public static final Deliveries NONE = new Deliveries(0, List.of());

        public Deliveries {
            newest = List.copyOf(newest);
        }
    }

    /**
     * A row that is no more.
     *
     * @param id of that talker
     * @param to the talker that has its packets now; empty where several have
     */
    public record Moved(String id, Optional<String> to) {}

    /** Which of the two eyes counts. */
    public enum Eye {
        KERNEL,
        WIRE,
        /** The wire eye, while the kernel eye is being opened. */
        OPENING,
        /** Capture files. */
        REPLAY
    }

    /**
     * Sums since the start.
     *
     * @param since time of the first tick, or of the first packet in a replay
     * @param packets all packets counted
     * @param bytes all bytes counted, IP headers included
     * @param attributedPackets those whose owner is known
     * @param rate over the last 1, 10 and 60 s
     * @param history packets a second for the last 60 s, oldest first
     * @param countingSince since when packets are counted without a break; empty while they are not
     */
    public record Totals(
            Instant since,
            long packets,
            long bytes,
            long attributedPackets,
            Talker.Rates rate,
            List<Long> history,
            Optional<Instant> countingSince) {
        public Totals {
            history = List.copyOf(history);
        }

        /** Counted since long ago. */
        public Totals(
                Instant since,
                long packets,
                long bytes,
                long attributedPackets,
                Talker.Rates rate,
                List<Long> history) {
            this(since, packets, bytes, attributedPackets, rate, history, Optional.of(Instant.MIN));
        }
    }

    /**
     * One line for the log.
     *
     * @param at when
     * @param level how bad
     * @param text what; text from outside may be in it
     */
    public record Notice(Instant at, Level level, String text) {

        /** How bad. */
        public enum Level {
            INFO,
            WARNING,
            ERROR
        }
    }

    /**
     * Which tick of the guard.
     *
     * @param sequence counts ticks from 1
     * @param at the tick's time
     */
    public record Tick(long sequence, Instant at) {}

    /**
     * What counts, and what limits it.
     *
     * @param eye which eye is in force
     * @param whyNotKernel why the kernel eye is not, or not yet; empty where it is, and where nobody wants it
     * @param degraded what limits it, in words
     * @param sources state of each source of packets
     */
    public record Counting(
            Eye eye, String whyNotKernel, List<String> degraded, List<TrafficObservation.SourceHealth> sources) {
        public Counting {
            degraded = List.copyOf(degraded);
            sources = List.copyOf(sources);
        }
    }

    /**
     * What was done, and what may be done next.
     *
     * @param blocks all blocks, newest first, also those of talkers that are forgotten
     * @param actions what was done, newest first, those of earlier runs that still stand among them; bounded
     * @param suggestions what to stop next, newest first; bounded
     */
    public record Enforcement(List<ActiveBlock> blocks, List<ActionRow> actions, List<Recommendation> suggestions) {
        public Enforcement {
            blocks = List.copyOf(blocks);
            actions = List.copyOf(actions);
            suggestions = List.copyOf(suggestions);
        }
    }

    /**
     * What happened of late.
     *
     * @param notices newest last: refusals, failures, things that came and went; bounded
     * @param moved rows that were suspect or offending and are no more, since their packets are others'; newest last; bounded
     */
    public record Events(List<Notice> notices, List<Moved> moved) {
        public Events {
            notices = List.copyOf(notices);
            moved = List.copyOf(moved);
        }
    }

    /** {@link Tick#sequence}. */
    public long sequence() {
        return tick.sequence();
    }

    /** {@link Tick#at}. */
    public Instant at() {
        return tick.at();
    }

    /** {@link Counting#eye}. */
    public Eye eye() {
        return counting.eye();
    }

    /** {@link Counting#whyNotKernel}. */
    public String whyNotKernel() {
        return counting.whyNotKernel();
    }

    /** {@link Counting#degraded}. */
    public List<String> degraded() {
        return counting.degraded();
    }

    /** {@link Counting#sources}. */
    public List<TrafficObservation.SourceHealth> sources() {
        return counting.sources();
    }

    /** {@link Enforcement#blocks}. */
    public List<ActiveBlock> blocks() {
        return enforcement.blocks();
    }

    /** {@link Enforcement#actions}. */
    public List<ActionRow> actions() {
        return enforcement.actions();
    }

    /** {@link Enforcement#suggestions}. */
    public List<Recommendation> suggestions() {
        return enforcement.suggestions();
    }

    /** {@link Events#notices}. */
    public List<Notice> notices() {
        return events.notices();
    }

    /** {@link Events#moved}. */
    public List<Moved> moved() {
        return events.moved();
    }
}
