package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Programs;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.headless.evidence.EvidenceResult;
import org.outguard.headless.evidence.EvidenceWriter;

/** That others can read the evidence: tcpdump, here. */
class EvidenceFileIT {

    @TempDir
    Path folder;

    @Test
    void tcpdumpReadsThePacket() throws Exception {
        var packet = new EvidenceStore.Packet("eth0", 1, 1_772_366_400_123_456_789L, 43, flood());
        var results = new EvidenceWriter(folder, (remotes, most) -> List.of(packet))
                .accept(Samples.snapshot(
                        Samples.START, List.of(), Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 9)));
        Path file = ((EvidenceResult.Kept) results.get(0)).file();

        String said = Programs.output("tcpdump", "-n", "-tt", "--nano", "-Z", "root", "-r", file.toString());

        assertThat(said).contains("1772366400.123456789 IP 198.51.100.10.40000 > 203.0.113.80.80: UDP, length 1");
    }

    /* Ethernet, IPv4, UDP and one byte. */
    private static byte[] flood() {
        ByteBuffer frame = ByteBuffer.allocate(43);
        frame.put(new byte[12]).putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) 29).putInt(0);
        frame.put((byte) 64).put((byte) 17).putShort((short) 0);
        frame.put(new byte[] {(byte) 198, 51, 100, 10}).put(new byte[] {(byte) 203, 0, 113, 80});
        frame.putShort((short) 40_000).putShort((short) 80).putShort((short) 9).putShort((short) 0);
        return frame.put((byte) 'x').array();
    }
}
