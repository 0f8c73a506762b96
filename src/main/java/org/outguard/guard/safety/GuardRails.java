package org.outguard.guard.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.Surroundings;

/** What Outguard does not do to its own machine, or not at the first word. */
public final class GuardRails {

    private static final int DNS = 53;
    private static final int LOOPBACK_PREFIX = 8;

    private final BlockTarget target;
    private final Surroundings around;
    private final List<Objection> objections = new ArrayList<>();

    private GuardRails(BlockTarget target, Surroundings around) {
        this.target = target;
        this.around = around;
    }

    /** Whether something may speak against a step, so that it is worth to look around. */
    public static boolean mayObject(Step step) {
        return step instanceof NetworkStep.Timed || banned(step).isPresent();
    }

    /** What speaks against a step; those that nobody can overrule come first. */
    public static List<Objection> check(Step step, Surroundings around) {
        if (!(step instanceof NetworkStep.Timed timed)) {
            return banned(step).flatMap(user -> needed(user, around)).stream().toList();
        }
        GuardRails rails = new GuardRails(timed.target(), around);
        rails.loopback();
        rails.root();
        rails.session();
        rails.resolver();
        rails.mail();
        return rails.objections.stream()
                .sorted((one, other) -> Boolean.compare(other.last(), one.last()))
                .toList();
    }

    /**
     * Whether a step is refused.
     *
     * @param objections see {@link #check}
     * @param anyway whether it was confirmed a second time, by somebody who had read them
     * @return the reasons; empty where it may be done
     */
    public static Optional<String> refusal(List<Objection> objections, boolean anyway) {
        List<String> reasons = objections.stream()
                .filter(objection -> objection.last() || !anyway)
                .map(Objection::reason)
                .toList();
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /* Whom it keeps from handing in mail. */
    private static Optional<String> banned(Step step) {
        return step instanceof RestrictionStep.Impose impose && impose.on() instanceof MailRestriction.Banned banned
                ? Optional.of(banned.user())
                : Optional.empty();
    }

    /* Without these users the machine's own mail, or the mail system itself, stands still. */
    private static Optional<Objection> needed(String user, Surroundings around) {
        boolean needed = user.equals("root")
                || user.equals("0")
                || around.mailUsers().entrySet().stream()
                        .anyMatch(known -> known.getValue().equals(user)
                                || Integer.toUnsignedString(known.getKey()).equals(user));
        return needed
                ? Optional.of(
                        new Objection("the machine's own mail is sent by " + user + ": its reports stop too", false))
                : Optional.empty();
    }

    private void loopback() {
        Optional<BlockTarget.Remote> remote = target.remote();
        boolean whole = remote.isPresent()
                && remote.get().address().loopback()
                && (remote.get().address().v6() || remote.get().prefix() >= LOOPBACK_PREFIX);
        if (whole) {
            never("loopback always passes: nothing on it leaves this machine");
        }
    }

    private void root() {
        if (target.uid().orElse(-1) != 0
                || target.process().isPresent()
                || target.remote().isPresent()
                || target.port().isPresent()) {
            return;
        }
        if (covers(Protocol.TCP)) {
            never("a block of all that root sends would cut this machine off, SSH first");
        } else {
            twice("root's look-ups of names and time, and its answers to pings, would stop");
        }
    }

    /* The socket of a session is opened by root's sshd, so a block of another user does not touch it. */
    private void session() {
        if (target.uid().orElse(0) != 0 || !covers(Protocol.TCP)) {
            return;
        }
        Optional<String> group = target.cgroup()
                .filter(path -> around.sessionGroups().stream().anyMatch(held -> (held + "/").startsWith(path + "/")));
        if (group.isPresent() && (target.remote().isEmpty() || reached().isPresent())) {
            never("control group " + group.get() + " holds sshd, the session that this runs in, or Outguard");
        } else if (target.cgroup().isEmpty()) {
            reached()
                    .ifPresent(far ->
                            never("it would cut off the SSH session from " + far.address() + " that this runs in"));
        }
    }

    /* A session that the target's remote and port are those of. */
    private Optional<Endpoint> reached() {
        return target.remote()
                .flatMap(remote -> around.sessions().stream()
                        .filter(far -> remote.contains(far.address()))
                        .filter(far -> target.port().isEmpty() || target.port().getAsInt() == far.port())
                        .findFirst());
    }

    private void resolver() {
        boolean names = target.port().orElse(DNS) == DNS && (covers(Protocol.UDP) || covers(Protocol.TCP));
        if (target.ofSomeSender() || !names) {
            return;
        }
        for (IpAddress resolver : around.resolvers()) {
            if (target.remote().filter(to -> to.contains(resolver)).isPresent()) {
                twice("names could not be looked up any more, and so no mail delivered: " + resolver
                        + " is the resolver in use");
            }
        }
    }

    private void mail() {
        if (target.remote().filter(BlockTarget.Remote::single).isPresent()) {
            return;
        }
        target.uid().ifPresent(uid -> {
            String user = around.mailUsers().get(uid);
            if (user != null) {
                twice("mail would not be delivered any more: uid " + Integer.toUnsignedString(uid) + " is " + user);
            }
        });
        target.cgroup()
                .filter(GuardRails::ofMailServer)
                .ifPresent(path -> twice("mail would not be delivered any more: " + path + " is the mail server's"));
    }

    private static boolean ofMailServer(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.startsWith("postfix") || last.startsWith("exim") || path.startsWith("system.slice/system-postfix");
    }

    private boolean covers(Protocol protocol) {
        return target.protocol().isEmpty() || target.protocol().get() == protocol;
    }

    private void never(String reason) {
        objections.add(new Objection(reason, true));
    }

    private void twice(String reason) {
        objections.add(new Objection(reason, false));
    }
}
