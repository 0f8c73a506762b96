package org.outguard.tui.terminal;

/**
 * When the next frame may go: not before the terminal has shown the last one. Over a slow link frames would otherwise pile
 * up on the way, and a person would look at the past. A terminal that does not answer is not asked again.
 */
final class Pacing {

    /** So long a terminal that has never answered is waited for. */
    static final long FIRST_ANSWER_NANOS = 1_000_000_000L;

    /** So long one that answers otherwise is waited for; then its answer counts as lost. */
    static final long LOST_NANOS = 8_000_000_000L;

    private static final int TRIES = 2;

    /** So long one that is known to answer may take for its last answer, before the terminal is given to somebody else. */
    private static final long LAST_ANSWER_NANOS = 3_000_000_000L;

    private boolean outstanding;
    private boolean answers;
    private int owed;
    private int unanswered;
    private long sentNanos;

    /** Whether a question is to go behind the next frame. */
    boolean asks() {
        return answers || unanswered < TRIES;
    }

    /** A frame went out; with a question behind it where {@link #asks} says so. */
    void sent(long nowNanos) {
        outstanding = asks();
        owed += outstanding ? 1 : 0;
        sentNanos = nowNanos;
    }

    /** A question went out beside the frames. */
    void asked() {
        owed++;
    }

    /** The terminal has answered. */
    void shown() {
        answers = true;
        unanswered = 0;
        outstanding = false;
        owed = Math.max(0, owed - 1);
    }

    /** Whether an answer may still come, of however long ago: frames go on after a while, the answer comes nonetheless. */
    boolean owes() {
        return owed > 0;
    }

    /** How long to wait for what is still to come before somebody else gets the terminal, who would take it for typed text. */
    long lastAnswerNanos() {
        return answers ? LAST_ANSWER_NANOS : FIRST_ANSWER_NANOS;
    }

    /** What is still to come was waited for in vain. */
    void writeOff() {
        owed = 0;
        outstanding = false;
    }

    /** Nanoseconds until the next frame may go at the latest; 0 where it may go now. */
    long waitNanos(long nowNanos) {
        if (!outstanding) {
            return 0;
        }
        long left = sentNanos + (answers ? LOST_NANOS : FIRST_ANSWER_NANOS) - nowNanos;
        if (left > 0) {
            return left;
        }
        outstanding = false;
        unanswered++;
        return 0;
    }
}
