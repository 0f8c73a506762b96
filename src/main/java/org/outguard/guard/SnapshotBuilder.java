package org.outguard.guard;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.guard.traffic.TalkerView;

/** Makes snapshots of what the guard knows. */
final class SnapshotBuilder {

    private static final int MAX_ROWS = 256;

    private final GuardState state;

    /** Whether the snapshot is that of a whole trace: each talker by the worst that was thought of it. */
    boolean wholeTrace;

    SnapshotBuilder(GuardState state) {
        this.state = state;
    }

    Snapshot build(Instant now, long sequence) {
        long nowNanos = Nanos.of(now);
        List<ActionRow> done = state.actions.newestFirst();
        Stream<TalkerState> worthARow = state.correlator.talkers().stream();
        if (state.isReplay() && !wholeTrace) {
            // Nobody looks at the others until the end.
            worthARow = worthARow.filter(talker -> talker.shown || talker.judgement.verdict() != Verdict.CLEAN);
        }
        List<Talker> rows = worthARow
                .sorted(worstFirst(nowNanos))
                .limit(MAX_ROWS)
                .map(talker -> {
                    talker.shown = talker.judgement.verdict() != Verdict.CLEAN;
                    return TalkerView.of(
                            talker,
                            nowNanos,
                            shownAs(talker),
                            state.eye,
                            state.blocks.against(talker),
                            done,
                            state.exits,
                            mailCounts(talker));
                })
                .toList();
        return new Snapshot(
                new Snapshot.Tick(sequence, now),
                new Snapshot.Counting(state.eye, state.whyNotKernel, state.health.limits(), state.health.sources()),
                state.ledger.totals.view(nowNanos, state.health.countingSince(state.eye == Snapshot.Eye.KERNEL, now)),
                rows,
                new Snapshot.Enforcement(state.blocks.newestFirst(), done, state.suggestions.newestFirst(now)),
                state.mail.tick(nowNanos),
                state.deliveries.picture(),
                new Snapshot.Events(state.health.notices(), state.correlator.merged()));
    }

    private Optional<MailSnapshot.Totals> mailCounts(TalkerState talker) {
        return Optional.ofNullable(talker.mail).flatMap(sent -> state.mail.countsOf(sent.origin));
    }

    private Judgement shownAs(TalkerState talker) {
        return wholeTrace && talker.worst.verdict() != Verdict.CLEAN ? talker.worst : talker.judgement;
    }

    private Comparator<TalkerState> worstFirst(long nowNanos) {
        return Comparator.comparing((TalkerState t) -> shownAs(t).verdict())
                .thenComparingInt(t -> shownAs(t).score())
                .thenComparingDouble(t -> t.packetRate.perSecond(nowNanos, 10))
                .thenComparingLong(t -> t.packets)
                .reversed();
    }
}
