package org.outguard.guard.detect;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Command;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.snapshot.Snapshot.Notice;

/**
 * What the guard takes in and decides, for whoever looks for the cause of something. Without a logger nothing is made. For the
 * thread that ticks.
 */
public final class DecisionLog {

    private System.@Nullable Logger logger;

    /** Logs there from now on. */
    public void to(System.Logger newLogger) {
        logger = newLogger;
    }

    /** An observation comes in: its kind, at TRACE. */
    public void takes(Observation observation) {
        System.Logger to = logger;
        if (to != null && to.isLoggable(Level.TRACE)) {
            to.log(Level.TRACE, "observation " + observation.getClass().getSimpleName());
        }
    }

    /** A talker or a submitter is judged: a change of its verdict, at DEBUG. */
    public void judges(String id, Judgement before, Judgement now) {
        System.Logger to = logger;
        if (to != null && before.verdict() != now.verdict() && to.isLoggable(Level.DEBUG)) {
            to.log(
                    Level.DEBUG,
                    "verdict of " + id + ": " + before.verdict() + " to " + now.verdict() + ", " + now.kind() + ": "
                            + now.reason());
        }
    }

    /** Something is asked for, at DEBUG. */
    public void obeys(Command command) {
        System.Logger to = logger;
        if (to != null && to.isLoggable(Level.DEBUG)) {
            to.log(Level.DEBUG, "asked for: " + command);
        }
    }

    /**
     * Something limits the guard, or does no longer, at DEBUG.
     *
     * @param before the reason so far, null for none
     * @param reason empty for none
     */
    public void degrades(String about, @Nullable String before, String reason) {
        System.Logger to = logger;
        boolean same = reason.isEmpty() ? before == null : reason.equals(before);
        if (to != null && !same && to.isLoggable(Level.DEBUG)) {
            to.log(
                    Level.DEBUG,
                    reason.isEmpty() ? "no longer degraded: " + about : "degraded: " + about + ": " + reason);
        }
    }

    /** A notice, at its own level. */
    public void notes(Notice notice) {
        System.Logger to = logger;
        Level level = switch (notice.level()) {
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.ERROR;
        };
        if (to != null && to.isLoggable(level)) {
            to.log(level, notice.text());
        }
    }
}
