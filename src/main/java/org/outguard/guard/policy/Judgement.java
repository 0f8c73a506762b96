package org.outguard.guard.policy;

import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.Endpoint;

/**
 * A verdict with its reason.
 *
 * @param kind what it would be
 * @param verdict how bad
 * @param figures why, with figures
 * @param limit what they were held against, with whatever joins the two; empty where the figures say it all
 * @param score 0..100
 * @param value the figure that was held against the limit
 * @param past whether the figures are less by now
 * @param about the destination that it is about, where it is one
 * @param servicePort the port of this machine that it is about, where it is one
 */
public record Judgement(
        OffenceKind kind,
        Verdict verdict,
        String figures,
        String limit,
        int score,
        double value,
        boolean past,
        Optional<Endpoint> about,
        OptionalInt servicePort) {

    public Judgement(OffenceKind kind, Verdict verdict, String figures, String limit, int score, double value) {
        this(kind, verdict, figures, limit, score, value, false, Optional.empty(), OptionalInt.empty());
    }

    /** The same of one destination. */
    public Judgement about(Endpoint remote) {
        return new Judgement(kind, verdict, figures, limit, score, value, past, Optional.of(remote), servicePort);
    }

    /** The same of one service of this machine. */
    public Judgement ofService(int port) {
        return new Judgement(kind, verdict, figures, limit, score, value, past, about, OptionalInt.of(port));
    }

    public static Judgement clean(OffenceKind kind, String reason, int score) {
        return new Judgement(kind, Verdict.CLEAN, reason, "", score, 0);
    }

    /** Why, in words: beside a row that shows what is so now, the highest figure says that it was one. */
    public String reason() {
        return figures + (past ? " at its peak" : "") + limit;
    }

    /** The same when the figures are less. */
    public Judgement peak() {
        return past || verdict == Verdict.CLEAN
                ? this
                : new Judgement(kind, verdict, figures, limit, score, value, true, about, servicePort);
    }
}
