package org.outguard.guard.snapshot;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.ProcessId;

/**
 * What stands against a sender at this moment, as one word. Where several hold, the one that stops more is told: a process
 * that has ended sends nothing, whatever else stands.
 *
 * @param state the word
 * @param at when it ended; when a block or a limit expires; empty for the others
 * @param by who ended it, where an action of this program did; else empty
 */
public record RowStatus(State state, Optional<Instant> at, String by) {

    /** Nothing stands against it. */
    public static final RowStatus OPEN = new RowStatus(State.OPEN, Optional.empty(), "");

    /** The words. */
    public enum State {
        OPEN,
        /** Only so many packets a second leave. */
        LIMITED,
        BLOCKED,
        /** Stopped by SIGSTOP or the freezer of its control group. */
        FROZEN,
        /** All of its queued messages are on hold. */
        HELD,
        /** It may not submit mail. */
        BANNED,
        /** Its processes have exited. */
        ENDED;

        /** Lower-case name. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether what it sends goes on leaving at full rate. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether its processes have exited, so that there is nothing left to stop. */
    public boolean hasEnded() {
        return state == State.ENDED;
    }

    /**
     * That of a talker.
     *
     * @param pids its processes
     * @param ended when the last of them exited; empty while one runs or none is known
     * @param blocks those that concern it
     * @param actions what was done, newest first
     * @param submitter whose mail it is, where the talker is a mail system
     */
    public static RowStatus of(
            Collection<ProcessId> pids,
            Optional<Instant> ended,
            List<ActiveBlock> blocks,
            List<ActionRow> actions,
            Optional<MailOrigin> submitter) {
        if (ended.isPresent()) {
            return new RowStatus(State.ENDED, ended, killedBy(pids, actions));
        }
        Optional<ActiveBlock> standing = blocks.stream()
                .filter(block -> block.state() == ActiveBlock.State.STANDING)
                .min((a, b) -> Boolean.compare(a.limits(), b.limits()));
        if (standing.isPresent()) {
            ActiveBlock block = standing.get();
            State state = block.limits() ? State.LIMITED : State.BLOCKED;
            return new RowStatus(state, Optional.of(block.expires()), "");
        }
        if (actions.stream().anyMatch(row -> freezes(row, pids))) {
            return new RowStatus(State.FROZEN, Optional.empty(), "");
        }
        boolean banned = submitter.filter(who -> isBanned(who, actions)).isPresent();
        return banned ? new RowStatus(State.BANNED, Optional.empty(), "") : OPEN;
    }

    /**
     * That of somebody who submits mail.
     *
     * @param actions what was done, newest first
     */
    public static RowStatus of(Submitter submitter, List<ActionRow> actions) {
        if (isBanned(submitter.origin(), actions)) {
            return new RowStatus(State.BANNED, Optional.empty(), "");
        }
        MailSnapshot.Totals counts = submitter.counts();
        boolean held = counts.held() > 0 && counts.held() >= counts.queued();
        return held ? new RowStatus(State.HELD, Optional.empty(), "") : OPEN;
    }

    private static boolean freezes(ActionRow row, Collection<ProcessId> pids) {
        return row.state() == ActionRow.State.STANDING
                && row.action().step() instanceof ProcessStep.Freeze freeze
                && pids.contains(freeze.process());
    }

    private static String killedBy(Collection<ProcessId> pids, List<ActionRow> actions) {
        return actions.stream()
                .filter(row -> row.state() == ActionRow.State.DONE
                        && row.action().step() instanceof ProcessStep.Kill kill
                        && pids.contains(kill.process()))
                .findFirst()
                .map(row -> row.action().by())
                .orElse("");
    }

    private static boolean isBanned(MailOrigin origin, List<ActionRow> actions) {
        boolean account = origin instanceof MailOrigin.LocalUser || origin instanceof MailOrigin.Login;
        return account
                && actions.stream()
                        .filter(row -> row.state() == ActionRow.State.STANDING)
                        .anyMatch(row -> row.action().step() instanceof RestrictionStep.Impose impose
                                && impose.on() instanceof MailRestriction.Banned banned
                                && banned.user().equals(origin.who()));
    }
}
