package org.outguard.tui;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.owner.Attribution;

/** What does not come every day: a lockdown, rules that somebody flushed, a program that is back after it was killed. */
public final class OccasionScenes {

    static final String TRIAL = "a-9";
    static final String LOST = "a-8";

    /** As on a small mail server with a name server of its own. */
    static final List<AllowRule> ALLOWED = List.of(
            answers(22, "SSH sessions"),
            answers(25, "answers of the service there"),
            answers(443, "answers of the service there"),
            answers(587, "answers of the service there"),
            resolver(Protocol.UDP),
            resolver(Protocol.TCP),
            user(107, Protocol.TCP, 25, "postfix delivers mail"),
            user(107, Protocol.TCP, 465, "postfix delivers mail"),
            user(107, Protocol.TCP, 587, "postfix delivers mail"),
            user(0, Protocol.UDP, 53, "root looks up names"),
            user(0, Protocol.TCP, 53, "root looks up names"),
            user(0, Protocol.UDP, 123, "root sets the clock"),
            user(0, Protocol.UDP, 67, "root renews the address"),
            user(0, Protocol.TCP, 443, "root fetches what is needed"),
            user(42, Protocol.TCP, 80, "_apt fetches packages"),
            user(42, Protocol.TCP, 443, "_apt fetches packages"),
            user(112, Protocol.UDP, 53, "unbound looks up names"),
            user(112, Protocol.TCP, 53, "unbound looks up names"),
            user(112, Protocol.TCP, 853, "unbound looks up names"));

    private OccasionScenes() {}

    private static AllowRule answers(int port, String why) {
        return new AllowRule(AllowRule.Kind.FROM, OptionalInt.empty(), Optional.empty(), Protocol.TCP, port, why);
    }

    private static AllowRule resolver(Protocol protocol) {
        Optional<IpAddress> address = Optional.of(Scenes.address("192.0.2.53"));
        return new AllowRule(AllowRule.Kind.TO, OptionalInt.empty(), address, protocol, 53, "the resolver in use");
    }

    private static AllowRule user(int uid, Protocol protocol, int port, String why) {
        return new AllowRule(AllowRule.Kind.TO, OptionalInt.of(uid), Optional.empty(), protocol, port, why);
    }

    /** As nft's, only shorter. */
    static String command(LockdownStep.Lockdown step) {
        String time = step.length()
                .map(length -> " timeout " + length.toSeconds() + "s")
                .orElse("");
        return step.allowed().stream()
                .map(allowRule -> "add rule inet outguard lockdown "
                        + (allowRule.uid().isPresent()
                                ? "meta skuid " + allowRule.uid().getAsInt() + " "
                                : "")
                        + allowRule.address().map(to -> "ip daddr " + to + " ").orElse("")
                        + allowRule.protocol().word()
                        + (allowRule.kind() == AllowRule.Kind.FROM ? " sport " : " dport ")
                        + allowRule.port() + " accept; ")
                .collect(Collectors.joining(
                        "",
                        "nft 'flush chain inet outguard lockdown; ",
                        "add element inet outguard lockdown_on { ipv4" + time + ", ipv6" + time + " }'"));
    }

    static LockdownStep.Lockdown trial() {
        return new LockdownStep.Lockdown(ALLOWED, Optional.of(Duration.ofSeconds(60)));
    }

    /** A lockdown that nobody has confirmed, so many seconds after it was made. */
    static Snapshot onTrial(int seconds) {
        return at(
                Scenes.NOW.plusSeconds(seconds),
                List.of(row(TRIAL, trial(), ActionRow.State.STANDING, Optional.of(Scenes.NOW.plusSeconds(60)))),
                List.of());
    }

    static Snapshot locked() {
        return at(
                Scenes.NOW,
                List.of(row(TRIAL, trial().confirmed(), ActionRow.State.STANDING, Optional.empty())),
                List.of());
    }

    /** A block and a lockdown, neither of which the kernel has any more. */
    static Snapshot flushed() {
        Step block = new NetworkStep.Block(Scenes.target(), Duration.ofMinutes(10));
        return at(
                Scenes.NOW,
                List.of(
                        row(LOST, block, ActionRow.State.GONE, Optional.of(Scenes.NOW.plusSeconds(412))),
                        row("a-7", trial().confirmed(), ActionRow.State.GONE, Optional.empty()),
                        row("a-6", block, ActionRow.State.GONE, Optional.of(Scenes.NOW.minusSeconds(1)))),
                List.of());
    }

    /** The flood was killed, and a shell has started it again. */
    static Snapshot respawned() {
        Attribution.Exact parent = new Attribution.Exact(Scenes.php("php-fpm8.2", "", 812), "parent of what came back");
        ProcessStep.Kill kill =
                new ProcessStep.Kill(KillTarget.of(parent), ProcessStep.Scope.TREE, "/var/lib/outguard/evidence");
        Recommendation suggestion = new Recommendation(
                Scenes.NOW,
                "a-5",
                "php8.2 is back as process 48213, started by process 812 php-fpm8.2",
                Optional.of(kill),
                "outguard kill --tree 812");
        return at(Scenes.NOW, List.of(), List.of(suggestion));
    }

    /** As above, but where no step of ours helps. */
    static Snapshot respawnedByUnit() {
        Recommendation suggestion = new Recommendation(
                Scenes.NOW,
                "a-5",
                "x7 is back as process 99, started by unit x7.service",
                Optional.empty(),
                "systemctl stop x7.service");
        return at(Scenes.NOW, List.of(), List.of(suggestion));
    }

    public static ActionRow row(String id, Step step, ActionRow.State state, Optional<Instant> expires) {
        Action action = new Action(id, Scenes.NOW, "root on pts/0", "by key", step, Scenes.plan(step));
        boolean stands = state == ActionRow.State.STANDING;
        return new ActionRow(
                action,
                state,
                expires,
                stands ? "" : "ended by somebody else",
                stands ? Optional.empty() : Optional.of("it does not stand any more"));
    }

    private static Snapshot at(Instant at, List<ActionRow> actions, List<Recommendation> suggestions) {
        Snapshot s = Scenes.flood();
        return new Snapshot(
                new Snapshot.Tick(s.sequence(), at),
                s.counting(),
                s.totals(),
                s.talkers(),
                new Snapshot.Enforcement(s.blocks(), actions, suggestions),
                s.mail(),
                s.deliveries(),
                s.events());
    }
}
