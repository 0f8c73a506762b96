package org.outguard.guard.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.owner.ProcessId;

/** Steps on what leaves the machine, as a journal keeps them. */
class NetworkStepTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final BlockTarget SERVICE = BlockTarget.parse(
                    "192.0.2.0/24", 80, "udp", -1, "system.slice/apache2.service")
            .orElseThrow();
    private static final BlockTarget PROCESS = BlockTarget.ofProcess(new ProcessId(4711, 123_456_789_012L), 33);

    private static final BlockTarget CLIENT =
            BlockTarget.ofClient(BlockTarget.Remote.parse("2001:db8::/32").orElseThrow());

    @Test
    void ofOneProcessIsOfNoLaterOneWithItsNumber() {
        NetworkStep.Block later = new NetworkStep.Block(BlockTarget.ofProcess(new ProcessId(4711, 1), 33), TEN_MINUTES);
        assertThat(later.target()).isNotEqualTo(PROCESS);
        assertThat(later.subject()).isEqualTo("process 4711 of uid 33");
        assertThatThrownBy(() -> new BlockTarget(
                        BlockTarget.Remote.parse("192.0.2.1"),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalInt.of(33),
                        Optional.empty(),
                        PROCESS.process(),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachIsMadeAgainFromItsFields() {
        List<AllowRule> allowed = List.of(
                AllowRule.user(106, Protocol.TCP, 25, "postfix delivers mail"),
                AllowRule.address(IpAddress.parse("2001:db8::53").orElseThrow(), Protocol.UDP, 53, "resolver"),
                AllowRule.answers(22, "ssh"));
        for (NetworkStep step : List.of(
                new NetworkStep.Block(SERVICE, TEN_MINUTES),
                new NetworkStep.Limit(SERVICE, 200, TEN_MINUTES),
                new NetworkStep.Unblock(SERVICE, "a-1"),
                new NetworkStep.Block(PROCESS, TEN_MINUTES),
                new NetworkStep.Unblock(PROCESS, "a-1"),
                new NetworkStep.Block(CLIENT, TEN_MINUTES),
                new NetworkStep.Unblock(CLIENT, "a-1"),
                new NetworkStep.Unlimit(SERVICE, "a-1"),
                new LockdownStep.Lockdown(allowed, Optional.of(Duration.ofSeconds(60))),
                new LockdownStep.Lockdown(allowed, Optional.empty()),
                new LockdownStep.Lift("a-1"))) {
            assertThat(StepFields.read(step.word(), step.fields())).isEqualTo(step);
        }
    }

    @Test
    void itIsSpokenOfAsAPersonWould() {
        BlockTarget everybody =
                BlockTarget.parse("192.0.2.1", 80, "udp", -1, "").orElseThrow();
        BlockTarget user = BlockTarget.parse("192.0.2.1", 80, "udp", 33, "").orElseThrow();

        assertThat(new NetworkStep.Block(everybody, TEN_MINUTES).named()).isEqualTo("block to 192.0.2.1 udp port 80");
        assertThat(new NetworkStep.Block(user, TEN_MINUTES).named())
                .isEqualTo("block of uid 33 to 192.0.2.1 udp port 80");
    }

    @Test
    void aLimitIsTakenBackByItsOwnKindOfStep() {
        NetworkStep.Limit limit = new NetworkStep.Limit(SERVICE, 200, TEN_MINUTES);

        assertThat(limit.undo("a-7")).contains(new NetworkStep.Unlimit(SERVICE, "a-7"));
        assertThat(limit.key()).isNotEqualTo(new NetworkStep.Block(SERVICE, TEN_MINUTES).key());
        assertThat(limit.subject())
                .isEqualTo("cgroup system.slice/apache2.service to 192.0.2.0/24 udp port 80 to 200 packets/s");
    }

    @Test
    void aLockdownEndsByItselfUntilItIsConfirmed() {
        LockdownStep.Lockdown tried = new LockdownStep.Lockdown(List.of(), Optional.of(Duration.ofSeconds(60)));

        assertThat(tried.length()).contains(Duration.ofSeconds(60));
        assertThat(tried.confirmed().length()).isEmpty();
        assertThat(tried.confirmed().key()).isEqualTo(tried.key());
    }

    @Test
    void namesThatWouldNotStandInQuotesAreNoControlGroups() {
        for (String path : List.of(
                "", "/", "a/", "/a", "a//b", "..", "a/../b", "a\"b", "a*", "a b", "a\nb", "ä", "1/2/3/4/5/6/7/8/9")) {
            assertThat(BlockTarget.namesCgroup(path)).as(path).isFalse();
        }
        for (String path : List.of("a", "user.slice/user-33.slice/user@33.service", "dev-sda\\x2d1.swap")) {
            assertThat(BlockTarget.namesCgroup(path)).as(path).isTrue();
        }
        assertThatThrownBy(() -> new BlockTarget(
                        Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(33), Optional.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
