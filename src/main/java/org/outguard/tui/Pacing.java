package org.outguard.tui;

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

    private boolean outstanding;
    private boolean answers;
    private int unanswered;
    private long sentNanos;

    /** Whether a question is to go behind the next frame. */
    boolean asks() {
        return answers || unanswered < TRIES;
    }

    /** A frame went out; with a question behind it where {@link #asks} says so. */
    void sent(long nowNanos) {
        outstanding = asks();
        sentNanos = nowNanos;
    }

    /** The terminal has answered. */
    void shown() {
        answers = true;
        unanswered = 0;
        outstanding = false;
    }

    /** Whether an answer is still to come. */
    boolean outstanding() {
        return outstanding;
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
