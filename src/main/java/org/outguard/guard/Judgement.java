package org.outguard.guard;

/**
 * A verdict with its reason.
 *
 * @param kind what it would be
 * @param verdict how bad
 * @param reason why, with figures
 * @param score 0..100
 * @param value the figure that was held against the limit
 */
record Judgement(OffenceKind kind, Verdict verdict, String reason, int score, double value) {

    static Judgement clean(OffenceKind kind, String reason, int score) {
        return new Judgement(kind, Verdict.CLEAN, reason, score, 0);
    }
}
