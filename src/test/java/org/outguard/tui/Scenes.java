package org.outguard.tui;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.MailStep;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.LocalTimes;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Palette;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.Setting;

/** Snapshots as a guard would publish them, and the same each time. */
public final class Scenes {

    public static final Instant NOW = Instant.parse("2025-12-05T17:00:45Z");

    /* The day before: processes of these scenes have been running for three quarters of an hour or for a day. */
    public static final LocalTimes TIMES =
            new LocalTimes(() -> ZoneOffset.UTC, () -> Optional.of(Instant.parse("2025-12-04T14:58:45Z")));

    public static final Setting SETTING = setting(Look.of(Palette.MANY));
    public static final String FLOOD = "o-1f";
    public static final String SLOW = "o-2c";
    public static final String DNS = "o-3a";
    static final String BLOCK = "a-7";

    private Scenes() {}

    public static Setting setting(Look look) {
        return new Setting(
                "mx7.example.net",
                "root on pts/0",
                look,
                TIMES,
                false,
                false,
                Keys.usual(),
                "/var/lib/outguard/evidence");
    }

    /** Asks the terminal what it knows; shown for the first time. */
    static Setting firstRun() {
        return new Setting(
                "mx7.example.net", "root on pts/0", Look.of(Palette.MANY), TIMES, true, true, Keys.usual(), "/tmp");
    }

    /** On a terminal that may be asked for the colour of its background. */
    static Setting asking() {
        Look uncertain = Look.of(java.util.Map.of("TERM", "xterm-256color"), true);
        return new Setting("mx7.example.net", "root on pts/0", uncertain, TIMES, true, false, Keys.usual(), "/tmp");
    }

    /** The flood in that tick of the same second. */
    static Snapshot tick(long sequence) {
        return numbered(flood(), sequence);
    }

    /** The block of the flood in that tick of the same second. */
    static Snapshot blockedTick(long sequence) {
        return numbered(blocked(), sequence);
    }

    static Snapshot numbered(Snapshot s, long sequence) {
        return new Snapshot(
                new Snapshot.Tick(sequence, s.at()),
                new Snapshot.Counting(s.eye(), "", s.degraded(), s.sources()),
                s.totals(),
                s.talkers(),
                new Snapshot.Enforcement(s.blocks(), s.actions(), List.of()),
                s.mail(),
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(s.notices(), List.of()));
    }

    public static Snapshot flood() {
        return snapshot(List.of(flooder(List.of()), slow(), unnamed(), dns(), postfix()), List.of());
    }

    public static Snapshot blocked() {
        ActiveBlock block = block(ActiveBlock.State.STANDING);
        Snapshot blocked =
                snapshot(List.of(flooder(List.of(block)), slow(), unnamed(), dns(), postfix()), List.of(block));
        return withActions(blocked, actions());
    }

    public static Snapshot empty() {
        return snapshot(List.of(postfix(), dns()), List.of());
    }

    /** Before anything was seen. */
    static Snapshot nothing() {
        return new Snapshot(
                new Snapshot.Tick(0, NOW),
                new Snapshot.Counting(Snapshot.Eye.WIRE, "", List.of(), List.of()),
                new Snapshot.Totals(NOW, 0, 0, 0, new Talker.Rates(0, 0, 0, 0), List.of(), Optional.empty()),
                List.of(),
                new Snapshot.Enforcement(List.of(), List.of(), List.of()),
                MailSnapshot.NONE,
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(List.of(), List.of()));
    }

    public static Snapshot snapshot(List<Talker> talkers, List<ActiveBlock> blocks) {
        double pps = talkers.stream().mapToDouble(t -> t.rate().packets1s()).sum();
        double bits = talkers.stream().mapToDouble(t -> t.rate().bits1s()).sum();
        long packets = talkers.stream().mapToLong(Talker::packets).sum();
        List<Long> history = IntStream.range(0, 60)
                .mapToObj(
                        i -> talkers.stream().mapToLong(t -> t.history().get(i)).sum())
                .toList();
        return new Snapshot(
                new Snapshot.Tick(420, NOW),
                new Snapshot.Counting(
                        Snapshot.Eye.WIRE,
                        "",
                        List.of(),
                        List.of(new TrafficObservation.SourceHealth(
                                "eth0", TrafficObservation.SourceState.RUNNING, "", packets + 12, 12, 0))),
                new Snapshot.Totals(
                        NOW.minusSeconds(600),
                        packets,
                        packets * 60,
                        packets * 97 / 100,
                        new Talker.Rates(pps, pps, pps / 2, bits),
                        history),
                told(talkers, List.of()),
                new Snapshot.Enforcement(blocks, List.of(), List.of()),
                MailSnapshot.NONE,
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(List.of(), List.of()));
    }

    public static Snapshot withActions(Snapshot s, List<ActionRow> actions) {
        return new Snapshot(
                s.tick(),
                new Snapshot.Counting(s.eye(), "", s.degraded(), s.sources()),
                s.totals(),
                told(s.talkers(), actions),
                new Snapshot.Enforcement(s.blocks(), actions, List.of()),
                s.mail(),
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(s.notices(), List.of()));
    }

    /* With what the guard says of each by its blocks and by what was done. */
    private static List<Talker> told(List<Talker> talkers, List<ActionRow> actions) {
        return talkers.stream()
                .map(talker -> talker.status().hasEnded()
                        ? talker
                        : talker.withStatus(RowStatus.of(
                                talker.pids(),
                                Optional.empty(),
                                talker.blocks(),
                                actions,
                                talker.mail().map(Talker.Mail::origin))))
                .toList();
    }

    /** The flood, whose process was killed two seconds ago. */
    static Snapshot killed() {
        Talker killed = flooder(List.of())
                .withStatus(new RowStatus(RowStatus.State.ENDED, Optional.of(NOW.minusSeconds(2)), "root on pts/0"));
        return snapshot(List.of(killed, slow(), dns()), List.of());
    }

    public static Snapshot withMail(Snapshot s, MailSnapshot mail) {
        return s.withMail(mail);
    }

    /** The block of the flood, a process that was frozen, and a kill that failed. */
    static List<ActionRow> actions() {
        Step block = new NetworkStep.Block(target(), Duration.ofMinutes(10));
        ProcessId slow = new ProcessId(47_990, 9_110_020);
        Step freeze = new ProcessStep.Freeze(slow, "perl", ProcessStep.Scope.PROCESS);
        Step release = new MessageStep.Flush(List.of(), "example.org");
        return List.of(
                row(BLOCK, 2, block, ActionRow.State.STANDING, Optional.of(NOW.plusSeconds(598)), Optional.empty()),
                row("a-6", 95, freeze, ActionRow.State.STANDING, Optional.empty(), Optional.empty()),
                row("a-5", 4_000, release, ActionRow.State.DONE, Optional.empty(), Optional.of("mail has left")));
    }

    private static ActionRow row(
            String id,
            int secondsAgo,
            Step step,
            ActionRow.State state,
            Optional<Instant> expires,
            Optional<String> whyNoUndo) {
        Action action =
                new Action(id, NOW.minusSeconds(secondsAgo), "root on pts/0", "o-1f: 173k packets/s", step, plan(step));
        return new ActionRow(action, state, expires, "", whyNoUndo);
    }

    /** The flood so many seconds later. */
    static Snapshot later(int seconds) {
        return at(NOW.plusSeconds(seconds));
    }

    static Snapshot at(Instant at) {
        Snapshot s = flood();
        return new Snapshot(
                new Snapshot.Tick(s.sequence() + 1 + Duration.between(NOW, at).toMillis(), at),
                new Snapshot.Counting(s.eye(), "", s.degraded(), s.sources()),
                s.totals(),
                s.talkers(),
                new Snapshot.Enforcement(s.blocks(), s.actions(), List.of()),
                s.mail(),
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(s.notices(), List.of()));
    }

    /** What the clock shows so many seconds later. */
    static String clock(int seconds) {
        return NOW.plusSeconds(seconds).toString().substring(11, 19);
    }

    public static Snapshot with(Snapshot s, List<String> degraded, List<Snapshot.Notice> notices) {
        return new Snapshot(
                s.tick(),
                new Snapshot.Counting(s.eye(), "", degraded, s.sources()),
                s.totals(),
                s.talkers(),
                new Snapshot.Enforcement(s.blocks(), s.actions(), List.of()),
                s.mail(),
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(notices, List.of()));
    }

    public static ActiveBlock block(ActiveBlock.State state) {
        return new ActiveBlock(
                BLOCK,
                target(),
                state,
                NOW.plusSeconds(598),
                346_112,
                172_900,
                plan(new NetworkStep.Block(target(), Duration.ofMinutes(10))),
                state == ActiveBlock.State.FAILED ? "nft: Operation not permitted" : "");
    }

    static BlockTarget target() {
        return new BlockTarget(
                Optional.of(BlockTarget.Remote.of(address("203.0.113.80"))),
                OptionalInt.of(80),
                Optional.of(Protocol.UDP),
                OptionalInt.of(33));
    }

    /** As nft's, only shorter. */
    static Action.Plan plan(Step step) {
        if (step instanceof ProcessStep process) {
            long pid = process.process().pid();
            return new Action.Plan(step.word() + " " + pid, step.undo("a").isPresent() ? "kill -CONT " + pid : "");
        }
        if (step instanceof MailStep) {
            String undo = step.undo("a").isPresent() ? "postsuper -H 4bRk7S3tGz4bRk7S3tGz" : "";
            return new Action.Plan("postsuper -" + step.word().charAt(0) + " 4bRk7S3tGz 4bRk7T0aHx", undo);
        }
        if (step instanceof LockdownStep lockdown) {
            String off = "nft flush set inet outguard lockdown_on";
            return lockdown instanceof LockdownStep.Lockdown begin
                    ? new Action.Plan(OccasionScenes.command(begin), off)
                    : new Action.Plan(off, "");
        }
        String element = step instanceof NetworkStep.OnTarget about
                ? about.target().toString().replace(' ', '_')
                : step.subject();
        boolean limits = step instanceof NetworkStep.OnTarget on && on.limits();
        String set = "element inet outguard " + (limits ? "limits" : "drops");
        long seconds = step.length().map(Duration::toSeconds).orElse(600L);
        String rate = step instanceof NetworkStep.Limit limit
                ? " limit rate over " + limit.packetsPerSecond() + "/second"
                : "";
        String add = "nft add " + set + " '{ " + element + rate + " timeout " + seconds + "s }'";
        String delete = "nft delete " + set + " '{ " + element + " }'";
        return step instanceof NetworkStep.Timed ? new Action.Plan(add, delete) : new Action.Plan(delete, add);
    }

    public static Talker flooder(List<ActiveBlock> blocks) {
        Owner owner = php("php8.2", "/var/www/shop/cache/x7.php", 48_213);
        boolean blocked = !blocks.isEmpty();
        return new Talker(
                FLOOD,
                new Talker.Assessment(
                        OffenceKind.UDP_FLOOD,
                        Verdict.OFFENDING,
                        "173k packets/s of UDP to one address (203.0.113.80:80), limit 10k",
                        100,
                        10_000,
                        OptionalInt.empty()),
                new Talker.Sender(new Attribution.Exact(owner, "connected UDP socket, sock_diag"), List.of(owner.id())),
                new Talker.Flows(
                        Protocol.UDP,
                        List.of(new Talker.RemoteTotal(endpoint("203.0.113.80", 80), 7_612_004, 433_884_228)),
                        1,
                        Optional.empty()),
                new Talker.Counts(
                        7_612_004,
                        433_884_228,
                        0,
                        blocked
                                ? new Talker.Rates(0, 86_500, 121_000, 0)
                                : new Talker.Rates(173_000, 172_400, 126_800, 78_888_000),
                        history(i -> i < 16
                                ? 0L
                                : blocked && i > 57
                                        ? 0L
                                        : Math.min(152_000L, (i - 15) * 21_000L) + i * 7L % 11 * 2_100L),
                        NOW.minusSeconds(44),
                        NOW,
                        SourceCounts.ofWire(7_612_004, 433_884_228)),
                Optional.empty(),
                blocks,
                RowStatus.OPEN);
    }

    public static Talker slow() {
        Owner owner = php("perl", "/tmp/.x/mailer.pl", 47_990);
        return new Talker(
                SLOW,
                new Talker.Assessment(
                        OffenceKind.SMTP_BURST,
                        Verdict.SUSPECT,
                        "31 connects/min to mail ports, limit 30",
                        34,
                        0,
                        OptionalInt.empty()),
                new Talker.Sender(
                        new Attribution.Probable(owner, "socket seen 0.4 s after the packet, one of 3 of uid 33"),
                        List.of(owner.id(), new ProcessId(47_991, 9_110_021), new ProcessId(47_992, 9_110_022))),
                new Talker.Flows(
                        Protocol.TCP,
                        IntStream.range(0, 40)
                                .mapToObj(i ->
                                        new Talker.RemoteTotal(endpoint("198.51.100." + (i + 1), 25), 400 - i, 52_000))
                                .toList(),
                        214,
                        Optional.empty()),
                new Talker.Counts(
                        18_820,
                        2_201_940,
                        412,
                        new Talker.Rates(312, 298, 260, 299_520),
                        history(i -> 180L + i * 37L % 150),
                        NOW.minusSeconds(300),
                        NOW,
                        SourceCounts.ofWire(18_820, 2_201_940)),
                Optional.empty(),
                List.of(),
                RowStatus.OPEN);
    }

    static Talker unnamed() {
        return new Talker(
                "o-4d",
                new Talker.Assessment(
                        OffenceKind.ICMP_FLOOD,
                        Verdict.SUSPECT,
                        "480 packets/s of ICMP to one address, limit 400",
                        21,
                        0,
                        OptionalInt.empty()),
                new Talker.Sender(new Attribution.Unknown("raw sockets: none open when it was looked for"), List.of()),
                new Talker.Flows(
                        Protocol.ICMPV6,
                        List.of(new Talker.RemoteTotal(endpoint("2001:db8:40:1::9f", 0), 9_120, 583_680)),
                        1,
                        Optional.empty()),
                new Talker.Counts(
                        9_120,
                        583_680,
                        0,
                        new Talker.Rates(480, 470, 150, 245_760),
                        history(i -> i < 40 ? 0L : 470L + i % 3 * 5L),
                        NOW.minusSeconds(19),
                        NOW,
                        SourceCounts.ofWire(9_120, 583_680)),
                Optional.empty(),
                List.of(),
                RowStatus.OPEN);
    }

    public static Talker dns() {
        Owner owner = daemon("unbound", "unbound", 106, 611);
        return clean(DNS, owner, Protocol.UDP, endpoint("192.0.2.53", 53), 41, 39_360, i -> 30L + i * 13L % 22);
    }

    static Talker postfix() {
        Owner owner = daemon("smtp", "postfix", 107, 1_904);
        return clean(
                "o-5e", owner, Protocol.TCP, endpoint("198.51.100.25", 25), 62, 212_000, i -> i % 7 == 0 ? 62L : 8L);
    }

    private static Talker clean(
            String id,
            Owner owner,
            Protocol protocol,
            Endpoint to,
            double pps,
            double bits,
            Function<Integer, Long> at) {
        return new Talker(
                id,
                new Talker.Assessment(
                        OffenceKind.UDP_FLOOD,
                        Verdict.CLEAN,
                        Math.round(pps) + " packets/s, limit 2k",
                        2,
                        0,
                        OptionalInt.empty()),
                new Talker.Sender(new Attribution.Exact(owner, "connected socket, sock_diag"), List.of(owner.id())),
                new Talker.Flows(protocol, List.of(new Talker.RemoteTotal(to, 2_400, 288_000)), 1, Optional.empty()),
                new Talker.Counts(
                        2_400,
                        288_000,
                        protocol == Protocol.TCP ? 12 : 0,
                        new Talker.Rates(pps, pps, pps, bits),
                        history(at),
                        NOW.minusSeconds(590),
                        NOW,
                        SourceCounts.ofWire(2_400, 288_000)),
                Optional.empty(),
                List.of(),
                RowStatus.OPEN);
    }

    public static Owner php(String command, String script, int pid) {
        return new Owner(
                new ProcessId(pid, 9_110_020),
                new Owner.Program(
                        command,
                        "/usr/bin/" + command,
                        true,
                        Optional.empty(),
                        "/var/www/shop/cache",
                        List.of(command, script, "203.0.113.80", "80"),
                        script),
                new Owner.Credentials(33, "www-data", OptionalInt.empty()),
                new Owner.Placement("/system.slice/php8.2-fpm.service", "php8.2-fpm.service", "", 4_026_531_840L),
                List.of(
                        new Owner.Ancestor(new ProcessId(812, 2_020), "php-fpm8.2"),
                        new Owner.Ancestor(new ProcessId(1, 3), "systemd")));
    }

    private static Owner daemon(String command, String user, int uid, int pid) {
        return new Owner(
                new ProcessId(pid, 1_733),
                new Owner.Program(command, "/usr/sbin/" + command, false, Optional.empty(), "/", List.of(command), ""),
                new Owner.Credentials(uid, user, OptionalInt.empty()),
                new Owner.Placement("/system.slice/" + user + ".service", user + ".service", "", 4_026_531_840L),
                List.of(new Owner.Ancestor(new ProcessId(1, 3), "systemd")));
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(address(address), port);
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static List<Long> history(Function<Integer, Long> at) {
        return LongStream.range(0, 60).mapToObj(i -> at.apply((int) i)).toList();
    }
}
