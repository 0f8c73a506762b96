package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.TCP;
import static org.outguard.capture.Frames.ethernet;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.ipv6;
import static org.outguard.capture.Frames.join;
import static org.outguard.capture.Frames.tag;
import static org.outguard.capture.Frames.u16;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.outguard.capture.VirtualDevice;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.observation.TrafficObservation.SmtpParsed;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/** SMTP on a virtual device: what leaves to mail servers and what they answer is heard, and no more of it than is to be. */
class SmtpCaptureIT extends VirtualDevice {

    private static final String FAR = "203.0.113.25";
    private static final int FLOOD = 100_000;
    private static final long MOST_BURSTS = 20;

    private static byte[] segment(int from, int to, int seq, int ack, String text) {
        return join(
                u16(from),
                u16(to),
                ByteBuffer.allocate(8).putInt(seq).putInt(ack).array(),
                new byte[] {0x50, 0x18, 1, 0, 0, 0, 0, 0},
                text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] v4(String from, String to, byte[] segment) {
        return ethernet(IPV4, ipv4(from, to, TCP, segment));
    }

    private static List<SmtpReport> reports(Watching watching) {
        return watching.seen().stream()
                .flatMap(seen -> seen instanceof SmtpParsed heard ? heard.reports().stream() : Stream.of())
                .toList();
    }

    private static String greetings(Watching watching) {
        return reports(watching).stream()
                .flatMap(report -> report.greetings().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /* A greeting that comes in, then a name that goes out; also what is not to be heard. */
    private void speak(int port) throws Exception {
        String greeting = "220 mx\r\n";
        byte[] six = segment(25, port, 9, 1, greeting);
        WireEyeIT.inject(
                far,
                "in0",
                1,
                List.of(
                        v4(FAR, HERE, segment(25, port, 9, 1, greeting)),
                        ethernet(IPV6, ipv6("2001:db8::25", "2001:db8::1", TCP, six)),
                        ethernet(0x8100, tag(7, IPV4, ipv4(FAR, HERE, TCP, segment(587, port, 9, 1, greeting)))),
                        v4(FAR, HERE, segment(port, 25, 17, 9, "EHLO incoming\r\n")),
                        v4(FAR, HERE, segment(465, port, 9, 1, greeting))));
        WireEyeIT.inject(
                near,
                "out0",
                1,
                List.of(
                        v4(HERE, FAR, segment(port, 25, 1, 17, "EHLO four\r\n")),
                        ethernet(
                                IPV6,
                                ipv6("2001:db8::1", "2001:db8::25", TCP, segment(port, 25, 1, 17, "EHLO six\r\n"))),
                        ethernet(
                                0x8100,
                                tag(7, IPV4, ipv4(HERE, FAR, TCP, segment(port, 587, 1, 17, "EHLO tagged\r\n")))),
                        v4(HERE, FAR, segment(25, port, 9, 1, greeting)),
                        v4(HERE, FAR, segment(port, 465, 1, 17, "EHLO never\r\n"))));
    }

    @Test
    void bothDirectionsOfWhatLeavesAreHeardAndNothingElse() throws Exception {
        try (Watching watching = new Watching(near, "out0")) {
            watching.awaitState(SourceState.RUNNING);
            for (int turn = 0; turn < 40 && greetings(watching).isEmpty(); turn++) {
                speak(20_000 + turn);
                near.inside(() -> {
                    Thread.sleep(250);
                    return true;
                });
            }
            watching.await("all three", () -> greetings(watching).equals("four six tagged"));
            watching.stop();
            assertThat(greetings(watching)).isEqualTo("four six tagged");
            assertThat(reports(watching))
                    .allSatisfy(
                            report -> assertThat(report.flow().local().port()).isGreaterThan(19_999));
        }
    }

    @Test
    void ofAFloodNoMoreIsReadThanIsToBeAndTheRestIsCounted() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            // A record of TLS makes a report of each connection.
            frames.add(v4(
                    HERE,
                    "203.0.113." + i / 50_000,
                    segment(10_000 + i % 50_000, 25, 1, 1, "\u0017\u0003\u0003\u0000\u0001x")));
        }
        try (Watching watching = new Watching(near, "out0")) {
            watching.awaitState(SourceState.RUNNING);
            long begun = System.nanoTime();
            // It listens once mail has been counted, and a burst may be over by then.
            long sent = 0;
            while (reports(watching).isEmpty() && sent < MOST_BURSTS * FLOOD) {
                WireEyeIT.inject(near, "out0", 1, frames);
                sent += FLOOD;
                long now = sent;
                watching.await("all is counted", () -> Watching.packets(watching.seen()) == now);
            }
            watching.await("something is heard", () -> !reports(watching).isEmpty());
            watching.stop();
            long seconds = (System.nanoTime() - begun) / 1_000_000_000L + 2;
            long unread = watching.seen().stream()
                    .mapToLong(seen -> seen instanceof SmtpParsed heard ? heard.unread() : 0)
                    .sum();
            assertThat(Watching.packets(watching.seen())).as("all is counted").isEqualTo(sent);
            assertThat((long) reports(watching).size()).isBetween(1L, seconds * SmtpCapture.MOST_A_SECOND);
            assertThat(unread).as("said to be unread").isBetween(0L, sent);
            System.out.printf(
                    "SMTP flood: %d packets, %d reports, %d said to be unread%n",
                    sent, reports(watching).size(), unread);
        }
    }
}
