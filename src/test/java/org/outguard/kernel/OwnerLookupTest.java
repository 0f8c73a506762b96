package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.kernel.Sockets.endpoint;
import static org.outguard.kernel.Sockets.flow;
import static org.outguard.kernel.Sockets.udp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;

class OwnerLookupTest {

    private static final FlowKey FLOOD = udp("192.0.2.1", 4000, "198.51.100.7", 80);

    private final Sockets machine = new Sockets();
    private final List<Observation> said = new ArrayList<>();
    private long nowNanos;
    private final OwnerLookup lookup =
            new OwnerLookup(machine, machine, machine, Sockets.OWN_PID, () -> nowNanos, said::add);

    @Test
    void whatIsSaidOfOneProcessHidesNoOther() {
        machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7).connected("192.0.2.1", 4001, "198.51.100.7", 80, 8);
        OwnerLookup planted = new OwnerLookup(
                machine,
                machine,
                pid -> {
                    if (pid == 7) {
                        throw new IllegalStateException("planted");
                    }
                    return machine.read(pid);
                },
                Sockets.OWN_PID,
                () -> nowNanos,
                said::add);
        planted.find(List.of(FLOOD, udp("192.0.2.1", 4001, "198.51.100.7", 80)));
        planted.doWork();
        assertThat(said)
                .filteredOn(TrafficObservation.OwnerFound.class::isInstance)
                .extracting(one -> ((TrafficObservation.OwnerFound) one)
                        .attribution()
                        .knownOwner()
                        .isPresent())
                .containsExactly(false, true);
        assertThat(said)
                .contains(new HostObservation.Degraded(
                        "owners",
                        "owners could not be looked up 1 times; last: java.lang.IllegalStateException: planted"));
    }

    @Test
    void aFailedLookIsNotTheLast() throws InterruptedException {
        List<String> looks = new ArrayList<>();
        Thread[] thread = new Thread[1];
        OwnerLookup planted = new OwnerLookup(
                protocols -> {
                    looks.add("look");
                    if (looks.size() == 1) {
                        throw new IllegalStateException("planted");
                    }
                    return machine.list(protocols);
                },
                machine,
                machine,
                Sockets.OWN_PID,
                () -> nowNanos,
                one -> {
                    said.add(one);
                    if (one instanceof TrafficObservation.OwnerFound) {
                        thread[0].interrupt();
                    }
                });
        machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7);
        thread[0] = new Thread(planted);
        planted.find(List.of(FLOOD));
        thread[0].start();
        // The guard asks again for what stays open.
        while (thread[0].isAlive()) {
            planted.find(List.of(FLOOD));
            thread[0].join(10);
        }
        assertThat(said.get(0))
                .isEqualTo(new HostObservation.Degraded(
                        "owners",
                        "owners could not be looked up 1 times; last: java.lang.IllegalStateException: planted"));
        assertThat(said.get(said.size() - 1)).isInstanceOf(TrafficObservation.OwnerFound.class);
    }

    @Nested
    class Matching {

        @Test
        void aConnectedSocketIsExact() {
            machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7).bound("0.0.0.0", 4000, 8);

            exact(FLOOD, 7, "connected UDP socket, sock_diag");
        }

        @Test
        void aSocketBoundToTheSourceIsPreferredToOneBoundToAnyAddress() {
            machine.bound("0.0.0.0", 4000, 8).bound("192.0.2.1", 4000, 7);

            exact(FLOOD, 7, "UDP socket bound to this source address and port, sock_diag");
        }

        @Test
        void theOnlySocketOfThePortIsExact() {
            machine.bound("0.0.0.0", 4000, 7).bound("0.0.0.0", 4001, 8).bound("192.0.2.2", 4000, 9);

            exact(FLOOD, 7, "only UDP socket with this source port, sock_diag");
        }

        @Test
        void aDualStackSocketSendsIpv4AndOneForIpv6OnlyDoesNot() {
            machine.boundV6Only(4000, 8);
            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.NONE);

            machine.bound("::", 4000, 7);
            later(Duration.ofSeconds(2));
            exact(FLOOD, 7, "only UDP socket with this source port, sock_diag");
        }

        @Test
        void anIpv4SocketSendsNoIpv6() {
            machine.bound("0.0.0.0", 4000, 8).bound("::", 4000, 7);

            exact(udp("2001:db8::1", 4000, "2001:db8::2", 80), 7, "only UDP socket with this source port, sock_diag");
        }

        @Test
        void severalSocketsOfOnePortAreProbable() {
            machine.bound("0.0.0.0", 4000, 9).bound("0.0.0.0", 4000, 8);

            probable(FLOOD, 8, "one of 2 sockets with this source port (SO_REUSEPORT), held by 2 processes, sock_diag");
        }

        @Test
        void severalSocketsOfOneProcessAreExact() {
            machine.bound("0.0.0.0", 4000, 8).bound("0.0.0.0", 4000, 8);

            exact(FLOOD, 8, "all 2 sockets with this source port are its own, sock_diag");
        }

        @Test
        void aSharedSocketIsProbable() {
            machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 9, 8, 10);

            probable(FLOOD, 8, "socket shared by 3 processes, sock_diag");
        }

        @Test
        void aSocketThatIsConnectedElsewhereMaySendHere() {
            machine.connected("192.0.2.1", 4000, "203.0.113.5", 53, 7);

            probable(FLOOD, 7, "UDP socket with this source port, but connected elsewhere, sock_diag");
        }

        @Test
        void aClosedTcpConnectionIsNobodys() {
            machine.closed(Protocol.TCP, /* TIME_WAIT */ 6, endpoint("192.0.2.1", 4000), endpoint("198.51.100.7", 25));
            machine.packet(5);

            nobody(
                    flow(Protocol.TCP, "192.0.2.1", 4000, "198.51.100.7", 25),
                    "its socket is closed already and no process holds it");
        }

        @Test
        void aListenerIsLikelyWhereTheConnectionIsGone() {
            machine.inet(Protocol.TCP, SocketRecord.LISTEN, endpoint("0.0.0.0", 25), endpoint("0.0.0.0", 0), 7);

            probable(
                    flow(Protocol.TCP, "192.0.2.1", 25, "198.51.100.7", 4000),
                    7,
                    "listens on the source port; no process holds the connection, sock_diag");
        }

        @Test
        void aForgedSourceLeadsToTheOnlyPacketSocketThatIsNotOurOwn() {
            machine.packet(Sockets.OWN_PID).packet(7);

            probable(FLOOD, 7, "no socket has this source; only 7 holds raw or packet sockets");
        }

        @Test
        void whoOnlyCapturesIsNotNamed() {
            machine.bound("0.0.0.0", 4001, 7).capture(8);

            nobody(FLOOD, "no socket with this source port; it may have been closed before the look-up");
        }

        @Test
        void whoCapturesMayHaveForgedWhatAnotherCanHaveSent() {
            machine.bound("0.0.0.0", 4000, 7).capture(8).capture(9);

            probable(
                    FLOOD,
                    7,
                    "only UDP socket with this source port, sock_diag; contested: 2 others, 8 p8, 9 p9, may have forged the"
                            + " source by a raw or packet socket");
        }

        @Test
        void aForgedSourceLeadsToARawSocketOfTheProtocolOrWithItsOwnHeader() {
            machine.raw(Protocol.TCP.number(), 8).raw(255, 7).raw(Protocol.UDP.number(), 7);

            probable(FLOOD, 7, "no socket has this source; only 7 holds raw or packet sockets");
        }

        @Test
        void whatARawOrPacketSocketOfAnotherCouldHaveForgedIsProbableWithBothNamed() {
            machine.bound("0.0.0.0", 4000, 7).packet(Sockets.OWN_PID).raw(Protocol.UDP.number(), 8);

            probable(
                    FLOOD,
                    7,
                    "only UDP socket with this source port, sock_diag; contested: 8 p8, may have forged the source by a"
                            + " raw or packet socket");
        }

        @Test
        void severalThatCouldHaveForgedItAreCounted() {
            machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7)
                    .packet(9)
                    .packet(8);

            probable(
                    FLOOD,
                    7,
                    "connected UDP socket, sock_diag; contested: 2 others, 8 p8, 9 p9, may have forged the source by a"
                            + " raw or packet socket");
        }

        @Test
        void whoHoldsARawSocketBesideItsOwnOrOfAnotherProtocolCastsNoDoubt() {
            machine.bound("0.0.0.0", 4000, 7).packet(7).packet(Sockets.OWN_PID).raw(Protocol.ICMP.number(), 8);

            exact(FLOOD, 7, "only UDP socket with this source port, sock_diag");
        }

        @Test
        void severalPacketSocketsNameNobody() {
            machine.packet(7).packet(8);

            nobody(FLOOD, "no socket has this source; 2 processes hold raw or packet sockets: 7 p7, 8 p8");
        }

        @Test
        void nothingNamesNobody() {
            machine.packet(Sockets.OWN_PID);

            nobody(FLOOD, "no socket with this source port; it may have been closed before the look-up");
        }

        @Test
        void ofMergedSourcesTheRemoteTells() {
            machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7)
                    .connected("192.0.2.1", 4001, "198.51.100.7", 80, 7)
                    .packet(Sockets.OWN_PID);

            probable(
                    udp("0.0.0.0", 0, "198.51.100.7", 80),
                    7,
                    "many source ports; it holds a UDP socket connected to this remote, sock_diag");
        }

        @Test
        void ofMergedSourcesTheOnlyPacketSocketIsLikely() {
            machine.packet(8);

            probable(
                    udp("0.0.0.0", 0, "198.51.100.7", 80),
                    8,
                    "no socket has this source; only 8 holds raw or packet sockets");
        }

        @Test
        void icmpLeadsToTheOnlyProcessWithSuchASocket() {
            FlowKey echo = flow(Protocol.ICMP, "192.0.2.1", 0, "198.51.100.7", 0);
            machine.raw(Protocol.ICMP.number(), 7).ping(7).raw(Protocol.ICMPV6.number(), 8);
            probable(echo, 7, "only 7 holds ICMP sockets");

            machine.ping(9);
            later(Duration.ofSeconds(11));
            nobody(echo, "2 processes hold ICMP sockets: 7 p7, 9 p9");
        }

        @Test
        void icmpThatNoProcessCouldSendIsTheKernels() {
            assertThat(ask(flow(Protocol.ICMP, "192.0.2.1", 0, "198.51.100.7", 0)))
                    .isEqualTo(new Attribution.Unknown(
                            "no process holds a socket that could have sent it; it may be the kernel's answer", true));
        }

        @Test
        void aProcessThatEndedMeanwhileIsNotNamed() {
            machine.connected("192.0.2.1", 4000, "198.51.100.7", 80, 7);
            machine.replace(7);

            nobody(FLOOD, "the process that held its socket has ended");
        }

        @Test
        void aSocketThatNobodyHoldsIsNobodys() {
            machine.bound("0.0.0.0", 4000);

            nobody(FLOOD, "a socket with this source port is there, but no process holds it");
        }
    }

    @Nested
    class Cost {

        @Test
        void oneLookAnswersAllThatWaits() {
            machine.bound("0.0.0.0", 4000, 7);
            lookup.find(IntStream.range(1, 500)
                    .mapToObj(i -> udp("192.0.2.1", 4000, "198.51.100.7", i))
                    .toList());
            lookup.find(List.of(udp("192.0.2.1", 4000, "198.51.100.7", 1)));

            assertThat(lookup.doWork()).isZero();

            assertThat(said).hasSize(499);
            assertThat(machine.looks).isOne();
            assertThat(machine.reads).isOne();
        }

        @Test
        void theNextLookWaitsForItsTime() {
            ask(FLOOD);
            FlowKey other = udp("192.0.2.1", 4001, "198.51.100.7", 80);
            later(Duration.ofMillis(40));
            lookup.find(List.of(other));

            assertThat(lookup.doWork()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
            assertThat(said).isEmpty();

            later(Duration.ofMillis(60));
            assertThat(lookup.doWork()).isZero();
            assertThat(said).hasSize(1);
            assertThat(machine.looks).isEqualTo(2);
        }

        @Test
        void oneMoreOfASprayIsAnsweredFromTheLastLook() {
            machine.bound("0.0.0.0", 4000, 7).packet(Sockets.OWN_PID);
            ask(FLOOD);
            later(Duration.ofMillis(40));

            exact(udp("192.0.2.1", 4000, "198.51.100.8", 80), 7, "only UDP socket with this source port, sock_diag");
            assertThat(machine.looks).isOne();

            machine.replace(7);
            lookup.find(List.of(udp("192.0.2.1", 4000, "198.51.100.9", 80)));
            assertThat(lookup.doWork()).as("its process has ended").isPositive();
        }

        @Test
        void whatTheLastLookCannotTellWaitsForTheNext() {
            ask(FLOOD);
            machine.packet(8);
            lookup.find(List.of(udp("192.0.2.1", 4001, "198.51.100.7", 80)));

            assertThat(lookup.doWork()).isPositive();
            later(Duration.ofMillis(100));
            probable(
                    udp("192.0.2.1", 4001, "198.51.100.7", 80),
                    8,
                    "no socket has this source; only 8 holds raw or packet sockets");
        }

        @Test
        void anOwnerIsRememberedForTenSeconds() {
            machine.bound("0.0.0.0", 4000, 7);
            ask(FLOOD);
            machine.closeAll();
            later(Duration.ofSeconds(9));
            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.EXACT);
            assertThat(machine.looks).isOne();

            later(Duration.ofSeconds(2));
            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.NONE);
        }

        @Test
        void anOwnerThatHasEndedIsForgotten() {
            machine.bound("0.0.0.0", 4000, 7);
            ask(FLOOD);
            machine.replace(7);
            later(Duration.ofSeconds(1));

            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.NONE);
            assertThat(machine.looks).isEqualTo(2);
        }

        @Test
        void nobodyIsRememberedForOneSecond() {
            ask(FLOOD);
            machine.bound("0.0.0.0", 4000, 7);
            later(Duration.ofMillis(900));
            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.NONE);
            later(Duration.ofMillis(200));

            assertThat(ask(FLOOD).quality()).isEqualTo(MatchQuality.EXACT);
        }

        @Test
        void whatDoesNotFitIsDroppedAndNotTheOldest() {
            List<FlowKey> many = IntStream.range(0, OwnerLookup.MAX_WAITING + 100)
                    .mapToObj(i -> udp("192.0.2.1", 4000, "198.51.100." + i / 60_000, 1 + i % 60_000))
                    .toList();
            lookup.find(many);

            lookup.doWork();

            assertThat(said).hasSize(OwnerLookup.MAX_WAITING);
            assertThat(((TrafficObservation.OwnerFound) said.get(0)).flow()).isEqualTo(many.get(0));
        }

        @Test
        void aTableThatCannotBeListedIsTold() {
            machine.problems.add("no library");

            lookup.find(List.of(FLOOD));
            lookup.doWork();

            assertThat(said)
                    .containsExactly(
                            new HostObservation.Degraded("owners", "no library"),
                            new TrafficObservation.OwnerFound(FLOOD, new Attribution.Unknown("no library")));
        }
    }

    private void later(Duration time) {
        nowNanos += time.toNanos();
    }

    private Attribution ask(FlowKey flow) {
        said.clear();
        lookup.find(List.of(flow));
        assertThat(lookup.doWork()).isZero();
        assertThat(said).hasSize(1);
        TrafficObservation.OwnerFound answer = (TrafficObservation.OwnerFound) said.get(0);
        said.clear();
        assertThat(answer.flow()).isEqualTo(flow);
        return answer.attribution();
    }

    private void exact(FlowKey flow, int pid, String matchedBy) {
        named(flow, MatchQuality.EXACT, pid, matchedBy);
    }

    private void probable(FlowKey flow, int pid, String matchedBy) {
        named(flow, MatchQuality.PROBABLE, pid, matchedBy);
    }

    private void named(FlowKey flow, MatchQuality quality, int pid, String matchedBy) {
        Attribution found = ask(flow);
        assertThat(found.matchedBy()).isEqualTo(matchedBy);
        assertThat(found.quality()).isEqualTo(quality);
        assertThat(found.knownOwner().orElseThrow().pid()).isEqualTo(pid);
    }

    private void nobody(FlowKey flow, String why) {
        assertThat(ask(flow)).isEqualTo(new Attribution.Unknown(why));
    }
}
