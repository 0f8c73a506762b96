package org.outguard.guard.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.NeededService;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.Uplink;
import org.outguard.owner.ProcessId;

/** What Outguard does not do to its own machine, or not at the first word. */
public final class GuardRails {

    private static final int DNS = 53;
    private static final int LOOPBACK_PREFIX = 8;
    private static final List<BlockTarget.Remote> LOOPBACK = Stream.of("127.0.0.0/8", "::1")
            .flatMap(network -> BlockTarget.Remote.parse(network).stream())
            .toList();

    private final BlockTarget target;
    private final ProtectedResources around;
    private final List<Objection> objections = new ArrayList<>();

    private GuardRails(BlockTarget target, ProtectedResources around) {
        this.target = target;
        this.around = around;
    }

    /** Whether something may speak against a step, so that it is worth to look around. */
    public static boolean mayObject(Step step) {
        return step instanceof NetworkStep.Timed
                || stopped(step).isPresent()
                || banned(step).isPresent();
    }

    /** What speaks against a step; those that nobody can overrule come first. */
    public static List<Objection> check(Step step, ProtectedResources around) {
        if (!(step instanceof NetworkStep.Timed timed)) {
            return Stream.concat(
                            stopped(step).stream().flatMap(process -> service(process, around)),
                            banned(step).stream().flatMap(user -> needed(user, around)))
                    .toList();
        }
        GuardRails rails = new GuardRails(timed.target(), around);
        timed.target().client().ifPresent(rails::client);
        rails.loopback();
        rails.root();
        rails.session();
        rails.resolver();
        rails.mail();
        rails.services();
        rails.neverBlocked();
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

    /* The process that it ends, or lets stand still. */
    private static Optional<ProcessId> stopped(Step step) {
        return step instanceof ProcessStep.Kill || step instanceof ProcessStep.Freeze
                ? Optional.of(((ProcessStep) step).process())
                : Optional.empty();
    }

    private static Stream<Objection> service(ProcessId process, ProtectedResources around) {
        return around.services().stream()
                .filter(service -> service.process().equals(process))
                .map(service -> new Objection(
                        service.role().loss() + ": process " + process.pid() + " is " + service.command() + ", "
                                + service.role().words() + " of this machine",
                        false));
    }

    /* Without these users the machine's own mail, or the mail system itself, stands still. */
    private static Stream<Objection> needed(String user, ProtectedResources around) {
        boolean needed = user.equals("root")
                || user.equals("0")
                || around.mailUsers().entrySet().stream().anyMatch(known -> is(user, known.getKey(), known.getValue()));
        Stream<Objection> servers = around.services().stream()
                .filter(service -> service.uid() != 0 && is(user, service.uid(), service.user()))
                .map(service -> new Objection(
                        user + " runs " + service.role().words() + " of this machine: its reports stop too", false))
                .distinct();
        return needed
                ? Stream.of(
                        new Objection("the machine's own mail is sent by " + user + ": its reports stop too", false))
                : servers;
    }

    private static boolean is(String named, int uid, String user) {
        return named.equals(user) || named.equals(Integer.toUnsignedString(uid));
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

    /* What comes from there is dropped, answers to this machine's own questions too. */
    private void client(BlockTarget.Remote from) {
        if (LOOPBACK.stream().anyMatch(from::overlaps)) {
            never("loopback always passes: nobody calls this machine from there");
        }
        around.sessions().stream()
                .map(Endpoint::address)
                .filter(from::contains)
                .findFirst()
                .ifPresent(admin -> never("it would cut off the SSH session from " + admin + " that this runs in"));
        Set<IpAddress> gateways = around.uplink().map(Uplink::gateways).orElse(Set.of());
        gateways.stream()
                .filter(from::contains)
                .findFirst()
                .ifPresent(gateway -> never(gateway + " is the gateway of this machine"));
        around.uplink().map(Uplink::addresses).orElse(Set.of()).stream()
                .filter(from::contains)
                .findFirst()
                .ifPresent(own -> never(own + " is this machine's own address"));
        around.resolvers().stream()
                .filter(from::contains)
                .findFirst()
                .ifPresent(resolver -> twice("names could not be looked up any more, and so no mail delivered: "
                        + resolver + " is the resolver in use"));
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

    /* A session that the target's remote and port are those of; a port alone is that of every remote. */
    private Optional<Endpoint> reached() {
        return around.sessions().stream()
                .filter(far -> target.remote()
                        .map(remote -> remote.contains(far.address()))
                        .orElse(target.port().isPresent()))
                .filter(far -> target.port().isEmpty() || target.port().getAsInt() == far.port())
                .findFirst();
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

    /* What everybody here needs goes out by these. Root's are told of apart. */
    private void services() {
        if (target.remote().filter(BlockTarget.Remote::single).isPresent()) {
            return;
        }
        for (NeededService service : around.services()) {
            if (sends(service) && speaks(service.role())) {
                twice(service.role().loss() + ": " + target + " is " + service.command() + ", "
                        + service.role().words() + " of this machine");
            }
        }
    }

    /* Whether what the service sends is the target's. */
    private boolean sends(NeededService service) {
        if (target.process().isPresent()) {
            return target.process().get().equals(service.process());
        }
        return target.uid().isPresent()
                ? target.uid().getAsInt() == service.uid() && service.uid() != 0
                : target.cgroup()
                        .filter(path -> (service.cgroup() + "/").startsWith(path + "/"))
                        .isPresent();
    }

    private boolean speaks(NeededService.Role role) {
        Set<Integer> ports = switch (role) {
            case NAMES -> Set.of(DNS, AllowList.DNS_OVER_TLS);
            case TIME -> Set.of(AllowList.NTP);
        };
        boolean port = target.port().isEmpty() || ports.contains(target.port().getAsInt());
        return port && (covers(Protocol.UDP) || role == NeededService.Role.NAMES && covers(Protocol.TCP));
    }

    private void neverBlocked() {
        around.neverBlocked().stream()
                .filter(destination -> destination.isHitBy(target))
                .map(destination -> destination.network() + " is in never_block of the policy: " + destination.what())
                .distinct()
                .forEach(this::twice);
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
