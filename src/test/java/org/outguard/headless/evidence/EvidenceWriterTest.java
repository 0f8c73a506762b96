package org.outguard.headless.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Endpoint;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.PcapngReader;
import org.outguard.headless.Samples;

/** What is kept of an offender's packets, and that nothing else on the disk suffers from it. */
class EvidenceWriterTest {

    @TempDir
    Path base;

    private final List<EvidenceStore.Packet> kept = new ArrayList<>();
    private final EvidenceStore store = new EvidenceStore() {
        @Override
        public List<Packet> packetsTo(Set<Endpoint> remotes, int most) {
            assertThat(remotes).containsExactly(Samples.remote("203.0.113.80", 80));
            return kept.subList(0, Math.min(most, kept.size()));
        }
    };

    @Test
    void theFileHoldsThePacketsWithTheirTimesInterfacesAndOwner() throws IOException {
        kept.add(packet("eth0", 1, 1_772_366_400_123_456_789L, 71, 7));
        kept.add(packet("wg0\033[2J", 101, 1_772_366_400_123_456_790L, 57, 8));
        kept.add(packet("eth0", 1, 1_772_366_400_123_456_791L, 71, 9));

        Path file = keptFile(writer().accept(offending("o-1")));

        assertThat(file).isEqualTo(folder().resolve("o-1.pcapng"));
        PcapngReader read = PcapngReader.read(Files.readAllBytes(file));
        assertThat(read.applications).containsExactly("Outguard");
        assertThat(read.interfaces).containsExactly("eth0 type 1 resolution 9", "wg0\\x1b[2J type 101 resolution 9");
        assertThat(read.packets).extracting(PcapngReader.Packet::interfaceIndex).containsExactly(0, 1, 0);
        assertThat(read.packets).allSatisfy(packet -> {
            assertThat(packet.flags()).as("outbound").isEqualTo(2);
            assertThat(packet.comment()).isEqualTo("PID: 4711\nCmd: /tmp/x7\nArgs: ./x7 203.0.113.80 'a b' ''");
        });
        for (int i = 0; i < kept.size(); i++) {
            assertThat(read.packets.get(i).atNanos()).isEqualTo(kept.get(i).atNanos());
            assertThat(read.packets.get(i).data()).isEqualTo(kept.get(i).data());
            assertThat(read.packets.get(i).originalLength())
                    .isEqualTo(kept.get(i).originalLength());
        }
    }

    @Test
    void onlyWeMayReadIt() throws IOException {
        kept.add(packet("eth0", 1, 1, 71, 7));
        Path file = keptFile(writer().accept(offending("o-1")));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void anOffenderIsKeptOnceAndASuspectNotAtAll() {
        kept.add(packet("eth0", 1, 1, 71, 7));
        EvidenceWriter writer = writer();

        assertThat(writer.accept(one(Samples.talker("o-1", Verdict.SUSPECT, Samples.EXACT, 9))))
                .isEmpty();
        assertThat(writer.accept(offending("o-1"))).hasSize(1);
        assertThat(writer.accept(offending("o-1"))).isEmpty();
        assertThat(writer.accept(one(Samples.talker("o-1", Verdict.SUSPECT, Samples.EXACT, 9))))
                .isEmpty();
        assertThat(writer.accept(offending("o-1"))).isEmpty();
    }

    @Test
    void nothingIsWrittenOverAndNoLinkIsFollowed() throws IOException {
        kept.add(packet("eth0", 1, 1, 71, 7));
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("o-1.pcapng"), "older");
        Path elsewhere = base.resolve("elsewhere");
        Files.createSymbolicLink(folder().resolve("o-1-1.pcapng"), elsewhere);

        assertThat(keptFile(writer().accept(offending("o-1")))).isEqualTo(folder().resolve("o-1-2.pcapng"));
        assertThat(folder().resolve("o-1.pcapng")).hasContent("older");
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void aFloodFillsNeitherAFileNorTheFolder() throws IOException {
        for (int i = 0; i < 1000; i++) {
            kept.add(packet("eth0", 1, i, 71, i));
        }
        Path file = keptFile(writer().accept(offending("o-1")));
        assertThat(PcapngReader.read(Files.readAllBytes(file)).packets).hasSize(EvidenceWriter.MAX_PACKETS);

        for (int i = 1; i < EvidenceWriter.MAX_FILES; i++) {
            Files.writeString(folder().resolve("o-old" + i + ".pcapng"), "");
        }
        assertThat(writer().accept(offending("o-2")))
                .singleElement()
                .isInstanceOfSatisfying(
                        EvidenceResult.NotKept.class,
                        not -> assertThat(not.reason()).contains("100 files of evidence"));
    }

    @Test
    void packetsThatComeLateAreWaitedForAndThenGivenUp() {
        EvidenceWriter writer = writer();
        for (int tick = 1; tick < 20; tick++) {
            assertThat(writer.accept(offending("o-1"))).isEmpty();
        }
        assertThat(writer.accept(offending("o-1")))
                .containsExactly(new EvidenceResult.NotKept("o-1", "the capture keeps none of its packets"));
        kept.add(packet("eth0", 1, 1, 71, 7));
        assertThat(writer.accept(offending("o-1"))).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsAReason() throws IOException {
        kept.add(packet("eth0", 1, 1, 71, 7));
        Files.writeString(folder(), "a file");

        assertThat(writer().accept(offending("o-1"))).singleElement().isInstanceOf(EvidenceResult.NotKept.class);
    }

    @Test
    void aNameFromOutsideIsABrokenInvariant() {
        kept.add(packet("eth0", 1, 1, 71, 7));
        assertThatThrownBy(() -> writer().accept(offending("../../etc/cron.d/x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path folder() {
        return base.resolve("evidence");
    }

    private EvidenceWriter writer() {
        return new EvidenceWriter(folder(), store);
    }

    private static Path keptFile(List<EvidenceResult> results) {
        assertThat(results).singleElement().isInstanceOf(EvidenceResult.Kept.class);
        return ((EvidenceResult.Kept) results.get(0)).file();
    }

    private static Snapshot offending(String id) {
        return one(Samples.talker(id, Verdict.OFFENDING, Samples.EXACT, 9));
    }

    private static Snapshot one(Talker talker) {
        return Samples.snapshot(Samples.START, List.of(), talker);
    }

    private static EvidenceStore.Packet packet(String source, int linkType, long atNanos, int length, int fill) {
        byte[] data = new byte[length - 3];
        Arrays.fill(data, (byte) fill);
        return new EvidenceStore.Packet(source, linkType, atNanos, length, data);
    }
}
