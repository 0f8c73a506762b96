package org.outguard.headless;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.Talkers;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** The incident as values: a flood by www-data to port 80. */
public final class Samples {

    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    static final Owner FLOODER = new Owner(
            new ProcessId(4711, 98765),
            new Owner.Program(
                    "x7",
                    "/tmp/x7",
                    true,
                    Optional.empty(),
                    "/var/www/html",
                    List.of("./x7", "203.0.113.80", "a b", ""),
                    ""),
            new Owner.Credentials(33, "www-data", OptionalInt.empty()),
            new Owner.Placement("/system.slice/apache2.service", "apache2.service", "", 4026531840L),
            List.of(new Owner.Ancestor(new ProcessId(812, 1200), "apache2")));

    public static final Attribution EXACT = new Attribution.Exact(FLOODER, "connected UDP socket, sock_diag");
    public static final Attribution NOBODY = new Attribution.Unknown("no socket had that port");

    private Samples() {}

    public static Instant after(double seconds) {
        return START.plusMillis(Math.round(seconds * 1000));
    }

    public static Endpoint remote(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }

    public static Talker talker(
            String id, Verdict verdict, Attribution attribution, long packets, ActiveBlock... blocks) {
        return new Talker(
                id,
                new Talker.Assessment(
                        OffenceKind.UDP_FLOOD,
                        verdict,
                        "173,000 packets/s of UDP, limit 10,000",
                        100,
                        0,
                        OptionalInt.empty()),
                new Talker.Sender(
                        attribution,
                        attribution.knownOwner().map(o -> List.of(o.id())).orElse(List.of())),
                new Talker.Flows(
                        Protocol.UDP,
                        List.of(new Talker.RemoteTotal(remote("203.0.113.80", 80), packets, packets * 29)),
                        1,
                        Optional.empty()),
                new Talker.Counts(
                        packets,
                        packets * 29,
                        0,
                        new Talker.Rates(173_000.04, 17_300, 2_883, 40_136_000.26),
                        List.of(packets),
                        START,
                        after(1.5),
                        SourceCounts.ofWire(packets, packets * 29)),
                Optional.empty(),
                List.of(blocks),
                RowStatus.OPEN);
    }

    public static Talker withPids(Talker talker, ProcessId... pids) {
        return Talkers.with(talker, talker.attribution(), List.of(pids), talker.smtp(), talker.eyes());
    }

    public static Talker withSmtp(Talker talker, SmtpSnapshot smtp) {
        return Talkers.with(talker, talker.attribution(), talker.pids(), Optional.of(smtp), talker.eyes());
    }

    public static Talker withEyes(Talker talker, SourceCounts eyes) {
        return Talkers.with(talker, talker.attribution(), talker.pids(), talker.smtp(), eyes);
    }

    public static ActiveBlock block(ActiveBlock.State state, long dropped) {
        return new ActiveBlock(
                "a-1",
                new BlockTarget(
                        Optional.of(new BlockTarget.Remote(
                                IpAddress.parse("203.0.113.80").orElseThrow(), 32)),
                        OptionalInt.of(80),
                        Optional.of(Protocol.UDP),
                        OptionalInt.of(33)),
                state,
                after(600),
                dropped,
                dropped,
                new Action.Plan("nft -j -f -", "nft -j -f - (undo)"),
                "");
    }

    public static Snapshot snapshot(Instant at, List<Snapshot.Notice> notices, Talker... talkers) {
        long packets = 0;
        for (Talker talker : talkers) {
            packets += talker.packets();
        }
        return new Snapshot(
                new Snapshot.Tick(1, at),
                new Snapshot.Counting(
                        Snapshot.Eye.WIRE,
                        "",
                        List.of("kernel eye: not built in"),
                        List.of(
                                new TrafficObservation.SourceHealth(
                                        "eth0", TrafficObservation.SourceState.RUNNING, "", packets + 12, 12, 3),
                                new TrafficObservation.SourceHealth(
                                        "wg0", TrafficObservation.SourceState.WAITING, "no such interface", 0, 0, 0))),
                new Snapshot.Totals(
                        START, packets, packets * 29, packets, new Talker.Rates(173_000, 0, 0, 0), List.of()),
                List.of(talkers),
                new Snapshot.Enforcement(List.of(), List.of(), List.of()),
                MailSnapshot.NONE,
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(notices, List.of()));
    }

    static Snapshot withMail(Snapshot of, MailSnapshot mail) {
        return new Snapshot(
                of.tick(),
                of.counting(),
                of.totals(),
                of.talkers(),
                of.enforcement(),
                mail,
                of.deliveries(),
                of.events());
    }

    /** The same with rows that are no more. */
    static Snapshot moved(Snapshot of, Snapshot.Moved... moved) {
        return new Snapshot(
                of.tick(),
                of.counting(),
                of.totals(),
                of.talkers(),
                of.enforcement(),
                of.mail(),
                of.deliveries(),
                new Snapshot.Events(of.notices(), List.of(moved)));
    }

    static Snapshot.Notice notice(double seconds, String text) {
        return new Snapshot.Notice(after(seconds), Snapshot.Notice.Level.WARNING, text);
    }
}
