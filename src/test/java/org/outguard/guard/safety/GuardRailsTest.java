package org.outguard.guard.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.NeededService;
import org.outguard.guard.observation.NeverBlocked;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.Uplink;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.owner.ProcessId;

/** What is refused, what needs a second confirmation, and what is nobody's business. */
class GuardRailsTest {

    private static final ProtectedResources SERVER = new ProtectedResources(
            new ProtectedResources.Access(
                    Set.of(new Endpoint(address("203.0.113.9"), 50_022)),
                    Set.of("system.slice/ssh.service", "user.slice/user-0.slice/session-3.scope"),
                    Set.of(22),
                    Set.of(25, 993)),
            new ProtectedResources.Users(
                    Map.of(106, "postfix"), Map.of(42, "_apt"), Map.of(), Map.of(101, "systemd-timesync")),
            Set.of(address("192.0.2.53")),
            Optional.empty(),
            List.of(),
            List.of());

    @Test
    void theSessionItRunsInIsNeverCut() {
        for (BlockTarget target : List.of(
                target("203.0.113.9", -1, "", -1, ""),
                target("203.0.113.0/24", -1, "", -1, ""),
                target("0.0.0.0/0", -1, "", -1, ""),
                target("203.0.113.9", -1, "tcp", -1, ""),
                target("203.0.113.9", 50_022, "tcp", -1, ""),
                target("203.0.113.9", -1, "", 0, ""),
                target("", 50_022, "tcp", 0, ""),
                target("", -1, "", -1, "system.slice/ssh.service"),
                target("", -1, "", -1, "system.slice"),
                target("203.0.113.9", -1, "", -1, "user.slice"))) {
            assertThat(refusal(target, true)).as("%s", target).contains("session");
        }
    }

    @Test
    void whatDoesNotTouchTheSessionIsNoMatter() {
        for (BlockTarget target : List.of(
                target("203.0.113.9", -1, "", 33, ""),
                target("203.0.113.9", -1, "udp", -1, ""),
                target("203.0.113.9", 80, "tcp", -1, ""),
                target("203.0.113.10", -1, "", -1, ""),
                target("198.51.100.7", -1, "", -1, "system.slice"),
                target("", -1, "", -1, "system.slice/apache2.service"),
                target("", -1, "", -1, "system.slice/ssh.service.d"),
                target("", -1, "", 33, ""),
                target("", 25, "tcp", 0, ""))) {
            assertThat(refusal(target, false)).as("%s", target).isEmpty();
        }
    }

    @Test
    void whoIsNeededForTheMachinesOwnMailIsBannedAtTheSecondWord() {
        for (String user : List.of("root", "0", "postfix", "106")) {
            List<Objection> objections =
                    GuardRails.check(new RestrictionStep.Impose(new MailRestriction.Banned(user)), SERVER);
            assertThat(objections).hasSize(1).noneMatch(Objection::last);
            assertThat(GuardRails.refusal(objections, true)).isEmpty();
        }
        for (Step step : List.of(
                new RestrictionStep.Impose(new MailRestriction.Banned("www-data")),
                new RestrictionStep.Impose(new MailRestriction.AllHeld()),
                new RestrictionStep.Lift(new MailRestriction.Banned("root")))) {
            assertThat(GuardRails.check(step, SERVER)).isEmpty();
        }
    }

    @Test
    void loopbackIsNeverBlocked() {
        assertThat(refusal(target("127.0.0.1", -1, "", -1, ""), true)).contains("loopback");
        assertThat(refusal(target("127.0.0.0/8", -1, "", 33, ""), true)).contains("loopback");
        assertThat(refusal(target("::1", -1, "", -1, ""), true)).contains("loopback");
    }

    @Test
    void noBlockOfAClientCutsTheAdminTheGatewayOrThisMachineOff() {
        ProtectedResources around = new ProtectedResources(
                SERVER.access(),
                SERVER.users(),
                SERVER.resolvers(),
                Optional.of(new Uplink(Set.of(address("192.0.2.7")), List.of(), Set.of(address("192.0.2.1")))),
                List.of(NeverBlocked.found(remote("198.51.100.9"), NeverBlock.Source.LOGINS)),
                List.of());
        for (String network : List.of("203.0.113.9", "203.0.113.0/24", "0.0.0.0/0")) {
            assertThat(refusal(client(network), true, around)).contains("SSH session from 203.0.113.9");
        }
        for (String network : List.of("192.0.2.1", "192.0.2.0/30")) {
            assertThat(refusal(client(network), true, around)).contains("192.0.2.1 is the gateway");
        }
        assertThat(refusal(client("192.0.2.7"), true, around)).contains("own address");
        for (String network : List.of("127.0.0.1", "127.0.0.0/8", "::1", "::/0", "0.0.0.0/0")) {
            assertThat(refusal(client(network), true, around)).contains("loopback");
        }
        assertThat(refusal(client("192.0.2.53"), false, around)).contains("resolver");
        assertThat(refusal(client("192.0.2.53"), true, around)).isEmpty();
        assertThat(refusal(client("198.51.100.9"), false, around)).contains("where somebody logged in from");
        assertThat(refusal(client("198.51.100.10"), false, around)).isEmpty();
        assertThat(refusal(client("2001:db8::/32"), false, around)).isEmpty();
    }

    private static BlockTarget client(String network) {
        return BlockTarget.ofClient(remote(network));
    }

    @Test
    void rootIsNotCutOff() {
        assertThat(refusal(target("", -1, "", 0, ""), true)).contains("all that root sends would cut this machine off");
        assertThat(refusal(target("", -1, "tcp", 0, ""), true)).contains("cut this machine off");
        assertThat(refusal(target("", -1, "udp", 0, ""), false)).contains("look-ups");
        assertThat(refusal(target("", -1, "udp", 0, ""), true)).isEmpty();
    }

    @Test
    void theResolverInUseNeedsASecondConfirmation() {
        for (BlockTarget target : List.of(
                target("192.0.2.53", -1, "", -1, ""),
                target("192.0.2.0/24", 53, "udp", -1, ""),
                target("192.0.2.53", 53, "tcp", -1, ""))) {
            assertThat(refusal(target, false)).as("%s", target).contains("192.0.2.53 is the resolver in use");
            assertThat(refusal(target, true)).as("%s", target).isEmpty();
        }
        assertThat(refusal(target("192.0.2.53", 80, "udp", -1, ""), false)).isEmpty();
        assertThat(refusal(target("192.0.2.53", -1, "", 33, ""), false)).isEmpty();
    }

    @Test
    void theMailServersOwnUserNeedsASecondConfirmation() {
        assertThat(refusal(target("", -1, "", 106, ""), false))
                .contains("mail would not be delivered any more: uid 106 is postfix");
        assertThat(refusal(target("", 25, "tcp", 106, ""), false)).contains("postfix");
        assertThat(refusal(target("", -1, "", -1, "system.slice/postfix.service"), false))
                .contains("the mail server's");
        assertThat(refusal(target("", -1, "", 106, ""), true)).isEmpty();
        // One receiver of mail is not mail.
        assertThat(refusal(target("198.51.100.25", 25, "tcp", 106, ""), false)).isEmpty();
    }

    @Test
    void whatThePolicyNeverBlocksNeedsASecondConfirmation() {
        ProtectedResources around = SERVER.with(List.of(
                NeverBlocked.found(remote("198.51.100.1"), NeverBlock.Source.GATEWAY),
                NeverBlocked.found(remote("198.51.100.25"), NeverBlock.Source.DELIVERIES),
                NeverBlocked.named(remote("2001:db8:5::/48"))));
        for (BlockTarget target : List.of(
                target("198.51.100.1", -1, "", -1, ""),
                target("198.51.100.1", 80, "udp", 33, ""),
                target("198.51.100.0/30", -1, "icmp", -1, ""),
                target("198.51.100.1", -1, "", -1, "user.slice"))) {
            assertThat(refusal(target, false, around))
                    .as("%s", target)
                    .isEqualTo("198.51.100.1 is in never_block of the policy: the gateway");
            assertThat(refusal(target, true, around)).as("%s", target).isEmpty();
        }
        assertThat(refusal(target("2001:db8:5::7", -1, "", -1, ""), false, around))
                .contains("named there");
        assertThat(refusal(target("2001:db8::/32", -1, "", -1, ""), false, around))
                .contains("named there");
        // Who has mail sent chooses its destinations, so of these only what mail is sent by.
        assertThat(refusal(target("198.51.100.25", -1, "udp", -1, ""), false, around))
                .isEmpty();
        assertThat(refusal(target("198.51.100.25", 25, "tcp", -1, ""), false, around))
                .contains("busiest destinations");
        assertThat(refusal(target("198.51.100.7", -1, "", -1, ""), false, around))
                .isEmpty();
        assertThat(refusal(target("", -1, "", 33, ""), false, around)).isEmpty();
    }

    @Test
    void nameAndTimeServersOfThisMachineNeedASecondConfirmation() {
        ProcessId unbound = new ProcessId(812, 100);
        ProtectedResources around = new ProtectedResources(
                new ProtectedResources.Access(Set.of(), Set.of(), Set.of(22), Set.of()),
                new ProtectedResources.Users(Map.of(), Map.of(), Map.of(113, "unbound"), Map.of()),
                Set.of(),
                Optional.empty(),
                List.of(),
                List.of(
                        new NeededService(
                                unbound,
                                "unbound",
                                NeededService.Role.NAMES,
                                113,
                                "unbound",
                                "system.slice/unbound.service"),
                        new NeededService(
                                new ProcessId(900, 7),
                                "chronyd",
                                NeededService.Role.TIME,
                                114,
                                "_chrony",
                                "system.slice/chrony.service")));
        for (BlockTarget target : List.of(
                target("", -1, "", 113, ""),
                target("", 53, "tcp", 113, ""),
                target("192.0.2.0/24", 853, "tcp", 113, ""),
                target("", -1, "", -1, "system.slice/unbound.service"),
                BlockTarget.ofProcess(unbound, 113))) {
            assertThat(refusal(target, false, around))
                    .as("%s", target)
                    .startsWith("names could not be looked up any more: ")
                    .endsWith(" is unbound, the name server of this machine");
            assertThat(refusal(target, true, around)).as("%s", target).isEmpty();
        }
        assertThat(refusal(target("", 123, "udp", 114, ""), false, around)).contains("the clock would not be set");
        for (BlockTarget target : List.of(
                target("", 80, "tcp", 113, ""),
                target("", 123, "tcp", 114, ""),
                target("192.0.2.9", -1, "", 113, ""),
                BlockTarget.ofProcess(new ProcessId(4711, 5), 113))) {
            assertThat(refusal(target, false, around)).as("%s", target).isEmpty();
        }

        List<Step> steps = List.of(
                new ProcessStep.Freeze(unbound, "unbound", ProcessStep.Scope.PROCESS),
                new ProcessStep.Kill(KillTarget.journaled(unbound, "unbound"), ProcessStep.Scope.PROCESS, "none"),
                new RestrictionStep.Impose(new MailRestriction.Banned("unbound")),
                new RestrictionStep.Impose(new MailRestriction.Banned("113")));
        for (Step step : steps) {
            assertThat(GuardRails.mayObject(step)).isTrue();
            assertThat(GuardRails.refusal(GuardRails.check(step, around), false))
                    .as("%s", step)
                    .get()
                    .asString()
                    .contains("the name server of this machine");
            assertThat(GuardRails.refusal(GuardRails.check(step, around), true)).isEmpty();
        }
        // The number was taken by another process since.
        assertThat(GuardRails.check(
                        new ProcessStep.Freeze(new ProcessId(812, 101), "php", ProcessStep.Scope.PROCESS), around))
                .isEmpty();
    }

    @Test
    void aLimitIsHeldToTheSame() {
        NetworkStep.Limit limit =
                new NetworkStep.Limit(target("203.0.113.9", -1, "", -1, ""), 10, Duration.ofMinutes(1));

        assertThat(GuardRails.refusal(GuardRails.check(limit, SERVER), true)).isPresent();
        assertThat(GuardRails.check(new NetworkStep.Unblock(limit.target(), ""), SERVER))
                .isEmpty();
    }

    @Test
    void aLockdownLetsOutWhatTheServerAndItsKeepersNeed() {
        assertThat(AllowList.of(SERVER))
                .extracting(AllowRule::toString)
                .containsExactly(
                        "everybody from tcp port 22: SSH sessions",
                        "everybody from tcp port 25: answers of the service there",
                        "everybody from tcp port 993: answers of the service there",
                        "everybody to 192.0.2.53 udp port 53: the resolver in use",
                        "everybody to 192.0.2.53 tcp port 53: the resolver in use",
                        "uid 106 to tcp port 25: postfix delivers mail",
                        "uid 106 to tcp port 465: postfix delivers mail",
                        "uid 106 to tcp port 587: postfix delivers mail",
                        "uid 0 to udp port 53: root looks up names",
                        "uid 0 to tcp port 53: root looks up names",
                        "uid 0 to udp port 123: root sets the clock",
                        "uid 0 to udp port 67: root renews the address",
                        "uid 0 to tcp port 443: root fetches what is needed",
                        "uid 42 to tcp port 80: _apt fetches packages",
                        "uid 42 to tcp port 443: _apt fetches packages",
                        "uid 101 to udp port 123: systemd-timesync sets the clock");
    }

    private static String refusal(BlockTarget target, boolean anyway) {
        return refusal(target, anyway, SERVER);
    }

    private static String refusal(BlockTarget target, boolean anyway, ProtectedResources around) {
        NetworkStep.Block step = new NetworkStep.Block(target, Duration.ofMinutes(10));
        return GuardRails.refusal(GuardRails.check(step, around), anyway).orElse("");
    }

    private static BlockTarget.Remote remote(String text) {
        return BlockTarget.Remote.parse(text).orElseThrow();
    }

    private static BlockTarget target(String remote, int port, String protocol, long uid, String cgroup) {
        return BlockTarget.parse(remote, port, protocol, uid, cgroup).orElseThrow();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
