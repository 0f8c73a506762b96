package org.outguard.guard.traffic;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.reconcile.CounterAggregate;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;

/** What a snapshot shows of a talker. */
public final class TalkerView {

    /** So many destinations are listed of a talker that is clean. */
    private static final int CLEAN_REMOTES = 8;

    /** So long after an exit packets that were queued before may still leave. */
    private static final long EXIT_SLACK_NANOS = Nanos.PER_SECOND;

    private TalkerView() {}

    /**
     * What a snapshot has of it.
     *
     * @param shownAs what is thought of it
     */
    public static Talker of(
            TalkerState talker,
            long nowNanos,
            Judgement shownAs,
            Snapshot.Eye eye,
            List<ActiveBlock> blocks,
            List<ActionRow> actions,
            ExitedProcesses exits,
            Optional<MailSnapshot.Totals> mailCounts) {
        return new Talker(
                talker.id,
                new Talker.Assessment(
                        shownAs.kind(),
                        shownAs.verdict(),
                        shownAs.reason(),
                        shownAs.score(),
                        talker.limit,
                        shownAs.servicePort()),
                new Talker.Sender(talker.attribution, List.copyOf(talker.pids)),
                new Talker.Flows(
                        talker.protocol,
                        listed(talker, shownAs),
                        talker.remotes.size() + talker.unlistedRemotes,
                        talker.heard().map(SmtpTally::view)),
                new Talker.Counts(
                        talker.packets,
                        talker.bytes,
                        talker.connects,
                        rates(talker, nowNanos),
                        LongStream.of(talker.packetRate.history(nowNanos, 60))
                                .boxed()
                                .toList(),
                        Nanos.instant(talker.firstSeenNanos),
                        Nanos.instant(talker.lastSeenNanos),
                        eye == Snapshot.Eye.KERNEL ? eyes(talker) : SourceCounts.ofWire(talker.packets, talker.bytes)),
                Optional.ofNullable(talker.mail).map(sent -> sent.view(mailCounts)),
                blocks,
                RowStatus.of(
                        talker.pids,
                        ended(talker, exits, nowNanos),
                        blocks,
                        actions,
                        Optional.ofNullable(talker.mail).map(sent -> sent.origin)));
    }

    /* The destination that the verdict is about stands first. */
    private static List<Talker.RemoteTotal> listed(TalkerState talker, Judgement shownAs) {
        List<Talker.RemoteTotal> busiest =
                talker.busiest(shownAs.verdict() == Verdict.CLEAN ? CLEAN_REMOTES : Talker.MAX_REMOTES);
        Optional<Talker.RemoteTotal> about = shownAs.about().flatMap(talker.remotes::total);
        return about.map(first -> Stream.concat(
                                Stream.of(first),
                                busiest.stream().filter(other -> !other.remote().equals(first.remote())))
                        .limit(Talker.MAX_REMOTES)
                        .toList())
                .orElse(busiest);
    }

    private static SourceCounts eyes(TalkerState talker) {
        CounterAggregate sums = new CounterAggregate();
        talker.remotes.addTo(sums);
        return new SourceCounts(
                Optional.of(new SourceCounts.Sum(talker.kernelPackets, talker.kernelBytes)),
                sums.wire(talker.traffic, talker.unaccountedPackets),
                new SourceCounts.Sum(talker.unaccountedPackets, talker.unaccountedBytes),
                new SourceCounts.Sum(
                        talker.packets - talker.kernelPackets - talker.unaccountedPackets,
                        talker.bytes - talker.kernelBytes - talker.unaccountedBytes));
    }

    /* What came late is shown once, with the rate that it had. */
    private static Talker.Rates rates(TalkerState talker, long nowNanos) {
        Talker.Rates now = TalkerState.rates(talker.packetRate, talker.byteRate, nowNanos);
        return new Talker.Rates(
                Math.max(now.packets1s(), talker.peakPackets),
                now.packets10s(),
                now.packets60s(),
                Math.max(now.bits1s(), talker.peakBytes * 8));
    }

    /**
     * When its processes had exited; empty while one runs, or while packets keep leaving: of a program that starts a process
     * for each packet only some are known.
     */
    private static Optional<Instant> ended(TalkerState talker, ExitedProcesses exits, long nowNanos) {
        return exits.last(talker.pids)
                .filter(at -> talker.lastSeenNanos <= Nanos.of(at) + EXIT_SLACK_NANOS
                        && (talker.pids.size() == 1 || nowNanos - talker.lastSeenNanos >= Nanos.PER_SECOND));
    }
}
