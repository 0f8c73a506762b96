package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/** Which packets are left out, and when: after some were seen, not more often than once a second, and not too many. */
class LeaveOutTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Destination FLOOD = udp("198.51.100.7", 80);
    private static final Destination OTHER = udp("2001:db8::7", 53);

    private final LeaveOut leaveOut = new LeaveOut();
    private long now = -5;

    private static Destination udp(String remote, int port) {
        return new Destination(
                Protocol.UDP, new Endpoint(IpAddress.parse(remote).orElseThrow(), port));
    }

    private void seen(Destination what, long packets) {
        FlowKey key = new FlowKey(what.protocol(), new Endpoint(IpAddress.ANY_V4, 0), what.remote());
        leaveOut.seen(new FlowBatch(List.of(new FlowCount(key, packets, packets, 0, 0, 0)), 0, 0));
    }

    private boolean change() {
        return leaveOut.due(now)
                .map(next -> {
                    leaveOut.changed(next, now);
                    return true;
                })
                .orElse(false);
    }

    @Test
    void nothingIsLeftOutBeforeThereIsEvidenceOfIt() {
        leaveOut.ask(List.of(FLOOD));
        seen(FLOOD, LeaveOut.EVIDENCE_PACKETS - 1);
        seen(OTHER, 1000);
        assertThat(change()).isFalse();
        seen(FLOOD, 1);
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).containsExactly(FLOOD);
    }

    @Test
    void packetsFromBeforeItWasAskedForAreNotRemembered() {
        seen(FLOOD, 1000);
        leaveOut.ask(List.of(FLOOD));
        assertThat(change()).isFalse();
    }

    @Test
    void theFilterIsMadeAtMostOnceASecond() {
        leaveOut.ask(List.of(FLOOD));
        seen(FLOOD, 100);
        assertThat(change()).isTrue();
        leaveOut.ask(List.of(FLOOD, OTHER));
        seen(OTHER, 100);
        now += SECOND - 1;
        assertThat(change()).isFalse();
        now++;
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).containsExactlyInAnyOrder(FLOOD, OTHER);
        now += 10 * SECOND;
        assertThat(change()).as("nothing new").isFalse();
    }

    @Test
    void whatIsNotAskedForAnyMoreIsPutBack() {
        leaveOut.ask(List.of(FLOOD));
        seen(FLOOD, 100);
        change();
        leaveOut.ask(Set.of());
        now += SECOND;
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).isEmpty();
        leaveOut.ask(List.of(FLOOD));
        now += SECOND;
        seen(FLOOD, 15);
        assertThat(change()).as("evidence is wanted anew").isFalse();
    }

    @Test
    void onAnotherDeviceItBeginsAgainAtOnce() {
        leaveOut.ask(List.of(FLOOD));
        seen(FLOOD, 100);
        change();
        leaveOut.startAgain();
        assertThat(leaveOut.inForce()).isEmpty();
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).containsExactly(FLOOD);
    }

    @Test
    void noMoreThanTheFilterHasRoomFor() {
        List<Destination> many = IntStream.rangeClosed(1, 200)
                .mapToObj(port -> udp("198.51.100.7", port))
                .toList();
        leaveOut.ask(many);
        many.forEach(one -> seen(one, 100));
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).containsExactlyInAnyOrderElementsOf(many.subList(0, LeaveOut.MOST));
    }

    @Test
    void whereTheKernelHasNoRoomForTheFilterHalfOfItIsTried() {
        List<Destination> some = List.of(FLOOD, OTHER, udp("198.51.100.8", 80));
        leaveOut.ask(some);
        some.forEach(one -> seen(one, 100));
        assertThat(leaveOut.refused(leaveOut.due(now).orElseThrow(), now)).isTrue();
        assertThat(change()).as("within a second").isFalse();
        now += SECOND;
        assertThat(change()).isTrue();
        assertThat(leaveOut.inForce()).containsExactly(FLOOD);
        assertThat(leaveOut.refused(Set.of(FLOOD), now)).isFalse();
    }

    @Test
    void whatNoFilterCanTellIsSeen() {
        Destination portless = udp("198.51.100.7", 0);
        Destination wrongFamily =
                new Destination(Protocol.ICMP, new Endpoint(OTHER.remote().address(), 0));
        Destination lite = new Destination(Protocol.UDPLITE, FLOOD.remote());
        List<Destination> all = List.of(portless, wrongFamily, lite);
        leaveOut.ask(all);
        all.forEach(one -> seen(one, 100));
        assertThat(change()).isFalse();
    }
}
