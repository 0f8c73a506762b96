package org.outguard.guard.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.owner.ProcessId;

/** Before a block it is said what passes it, and what stops that. */
class PassingTest {

    private static final Duration LENGTH = Duration.ofMinutes(10);

    private static BlockTarget target(String remote, int port, String protocol, long uid, String cgroup) {
        return BlockTarget.parse(remote, port, protocol, uid, cgroup).orElseThrow();
    }

    private static List<String> of(BlockTarget... targets) {
        List<String> clauses = Passing.of(Arrays.stream(targets)
                .map(target -> new NetworkStep.Block(target, LENGTH))
                .toList());
        assertThat(clauses).allMatch(clause -> clause.endsWith(" stops these"));
        return clauses;
    }

    @Test
    void aBlockOfAUserIsPassedBySocketsThatAnotherOneOpened() {
        assertThat(of(target("", -1, "", 33, "")))
                .anySatisfy(clause -> assertThat(clause).contains("another user opened", "raw", "--cgroup"))
                .anySatisfy(clause -> assertThat(clause).contains("AF_PACKET", "--remote"))
                .noneMatch(clause -> clause.contains("port"));
    }

    @Test
    void aBlockOfAControlGroupIsPassedByOlderSockets() {
        assertThat(of(target("192.0.2.1", -1, "", -1, "system.slice/a.service")))
                .anySatisfy(clause -> assertThat(clause).contains("older than their process's membership"))
                .anySatisfy(clause -> assertThat(clause).contains("AF_PACKET"))
                .noneMatch(clause -> clause.contains("another user"));
    }

    @Test
    void aBlockOfAPortIsPassedByFragmentsAndOtherProtocols() {
        assertThat(of(target("", 80, "udp", 33, ""), target("", 80, "tcp", 33, "")))
                .anySatisfy(clause -> assertThat(clause).contains("fragments"))
                .anySatisfy(clause -> assertThat(clause).contains("than udp and tcp", "--proto udplite"))
                .doesNotHaveDuplicates();
        assertThat(of(target("", 80, "udplite", 33, ""))).noneMatch(clause -> clause.contains("other protocols"));
    }

    @Test
    void aBlockOfARemoteIsPassedByXdpAlone() {
        assertThat(of(target("2001:db8::/32", -1, "", -1, "")))
                .singleElement()
                .satisfies(clause -> assertThat(clause).contains("XDP_REDIRECT", "xdp off"));
    }

    @Test
    void aLimitIsPassedByTheSameAndWhatIsNoBlockByNothing() {
        BlockTarget user = target("192.0.2.1", 80, "udp", 33, "");
        assertThat(Passing.of(List.of(new NetworkStep.Limit(user, 10, LENGTH)))).isEqualTo(of(user));
        assertThat(Passing.of(List.of(new NetworkStep.Unblock(user, "a-1")))).isEmpty();
        assertThat(Passing.of(List.of(new LockdownStep.Lift("a-1")))).isEmpty();
        assertThat(of(BlockTarget.ofProcess(new ProcessId(7, 1), 33))).isEmpty();
    }
}
