package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.capture.CaptureFiles;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.Frames;
import org.outguard.capture.JavaLoop;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.capture.file.CaptureFileReader;
import org.outguard.capture.file.CaptureResult;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;

/** A packet at which a parser fails is counted, and the next one is read. */
class UnreadablePacketTest {

    private static final long AT = 1_764_950_000_000_000_000L;
    private static final byte[] FRAME =
            Frames.ethernet(0x0800, Frames.ipv4("198.51.100.10", "203.0.113.7", 17, Frames.udp(40_000, 80, 1)));

    /** Planted: the decoder throws at a link type that nobody has asked for. */
    private static final int UNKNOWN = 9_999;

    @TempDir
    private Path folder;

    @Test
    void aCaptureFileIsReadToItsEnd() throws IOException {
        CaptureFiles ten = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(0xa1b2c3d4, LinkTypes.ETHERNET);
        for (int i = 0; i < 10; i++) {
            ten.record(AT / 1_000_000_000L, i, FRAME);
        }
        Path file = Files.write(folder.resolve("ten.pcap"), ten.bytes());
        CaptureFileReader reader = new CaptureFileReader(
                Set.of(),
                EvidenceRing.none(),
                told -> {
                    if (told instanceof HostObservation.Degraded limit
                            && limit.about().startsWith("direction of")) {
                        throw new IllegalStateException("planted");
                    }
                },
                now -> {});
        CaptureResult result = reader.read(file.toString(), InputStream.nullInputStream());
        assertThat(result).isInstanceOfSatisfying(CaptureResult.Ended.class, ended -> {
            assertThat(ended.counts()).isEqualTo(new CaptureResult.Counts(10, 9, 0, 0, 1, 0));
            assertThat(ended.notes()).anyMatch(note -> note.startsWith("1 packets could not be read"));
        });
    }

    @Test
    void soIsADevice() {
        JavaLoop loop = new JavaLoop("test", new EvidenceRing(), 64);
        for (int i = 0; i < 10; i++) {
            loop.count(FRAME, FRAME.length, FRAME.length, i % 2 == 0 ? LinkTypes.ETHERNET : UNKNOWN, AT);
        }
        assertThat(loop.malformed()).isEqualTo(5);
        assertThat(loop.drain().flows())
                .singleElement()
                .satisfies(flow -> assertThat(flow.packets()).isEqualTo(5));
    }

    @Test
    void soIsWhatIsHeardOfSmtp() {
        List<Observation> told = new ArrayList<>();
        SmtpCapture ear = new SmtpCapture("test", false, Interfaces.NONE, told::add);
        ear.take(FRAME, FRAME.length, FRAME.length, UNKNOWN, AT);
        ear.turn(false, true, AT);
        assertThat(told)
                .singleElement()
                .satisfies(heard -> assertThat(((TrafficObservation.SmtpParsed) heard).unread())
                        .isEqualTo(1));
    }

    @Test
    void soIsWhatAsksAService() {
        byte[] request =
                Frames.ethernet(0x0800, Frames.ipv4("203.0.113.9", "198.51.100.10", 17, Frames.udp(4_444, 53, 30)));
        RequestCapture requests = new RequestCapture("test", false, Interfaces.NONE, told -> {});
        for (int i = 0; i < 4; i++) {
            requests.take(request, request.length, i % 2 == 0 ? LinkTypes.ETHERNET : UNKNOWN, AT);
        }
        // No service that answers whoever asks.
        requests.take(FRAME, FRAME.length, LinkTypes.ETHERNET, AT);
        TrafficObservation.RequestsCounted counted = requests.counted(0.5, 0);
        assertThat(counted.share()).isEqualTo(0.25);
        assertThat(counted.batch().flows()).singleElement().satisfies(flow -> {
            assertThat(flow.packets()).isEqualTo(2);
            assertThat(flow.key().local().port()).isEqualTo(53);
            assertThat(flow.key().remote().address()).hasToString("203.0.113.9");
        });
        assertThat(requests.counted(1, 0).share()).isEqualTo(1);
    }
}
