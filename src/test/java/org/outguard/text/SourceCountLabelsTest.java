package org.outguard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.SourceCounts.Sight;
import org.outguard.guard.snapshot.SourceCounts.Sum;
import org.outguard.guard.snapshot.SourceCounts.Wire;

class SourceCountLabelsTest {

    private static final Sum OWN = new Sum(1_234_567, 35_802_443);

    private static String words(Wire wire, int remoteCount) {
        return SourceCountLabels.of(new SourceCounts(Optional.of(OWN), Optional.of(wire), Sum.NONE), remoteCount);
    }

    private static Wire wire(long seen, Sight sight, int destinations, int leftOut) {
        return new Wire(new Sum(seen, seen * 29), OWN, 0, 0, sight, destinations, leftOut);
    }

    @Test
    void aFloodThatIsLeftOutOnceItIsKnown() {
        assertThat(words(wire(4_096, Sight.LEFT_OUT, 1, 1), 1))
                .isEqualTo("kernel 1,234,567 packets, 35.8 MB · wire 4,096 seen, then left out");
        assertThat(words(wire(4_096, Sight.LEFT_OUT, 214, 32), 214))
                .endsWith("wire 4,096 seen, 32 of 214 addresses then left out");
        assertThat(words(wire(4_096, Sight.LEFT_OUT_BEFORE, 1, 0), 1)).endsWith("wire 4,096 seen, left out for a time");
    }

    @Test
    void whatElseTheWireEyeCannotSee() {
        assertThat(words(wire(312, Sight.GLANCES, 1, 0), 1)).endsWith("· wire 312 seen, by glances in a flood");
        assertThat(words(wire(12, Sight.CONNECTS, 1, 0), 1))
                .endsWith("· wire 12 connects seen, more of TCP is not captured");
        assertThat(words(wire(0, Sight.NOTHING, 1, 0), 1)).endsWith("· wire: this protocol is not captured");
        assertThat(words(wire(900, Sight.ALL, 65_536, 0), 80_000))
                .endsWith("wire 900 seen (65,536 of its 80,000 addresses are compared)");
    }

    @Test
    void asManyBytesInFewerPacketsWereCutBehindTheCapture() {
        Wire few = new Wire(new Sum(40, 58_000), new Sum(1_600, 104_000), 0, 0, Sight.ALL, 1, 0);
        Wire cut = new Wire(new Sum(40, 84_000), new Sum(1_600, 104_000), 0, 0, Sight.ALL, 1, 0);
        assertThat(words(few, 1)).endsWith("wire 40 seen");
        assertThat(words(cut, 1)).endsWith("wire 40 seen, captured before they are cut into segments");
    }

    @Test
    void countsThatOthersShareAreSaidToBeOfAll() {
        Wire shared = new Wire(new Sum(15_100, 1), new Sum(15_000, 1), 10_000, 0, Sight.ALL, 1, 0);
        assertThat(words(shared, 1))
                .isEqualTo(
                        "kernel 1,234,567 packets, 35.8 MB · to this address by all: kernel 15,000, wire 15,100 seen");
        Wire many = new Wire(new Sum(15_100, 1), new Sum(15_000, 1), 10_000, 0, Sight.ALL, 7, 0);
        assertThat(words(many, 7)).contains("to its 7 addresses by all: kernel");
    }

    @Test
    void packetsThatNobodySentAreTheDifference() {
        Wire there = new Wire(new Sum(600_000, 1), new Sum(200_000, 1), 200_000, 390_000, Sight.ALL, 1, 0);
        assertThat(SourceCountLabels.of(
                        new SourceCounts(Optional.of(Sum.NONE), Optional.of(there), new Sum(390_000, 22_230_000)), 1))
                .isEqualTo("390,000 packets, 22.2 MB more on the wire than the kernel eye accounts for"
                        + " · to this address by all: kernel 200,000, wire 600,000 seen");
        Wire known = new Wire(new Sum(600_000, 1), new Sum(200_000, 1), 0, 390_000, Sight.ALL, 1, 0);
        assertThat(words(known, 1))
                .endsWith(
                        "to this address by all: kernel 200,000, wire 600,000 seen, 390,000 of them by no known process");
    }

    @Test
    void whatWasCountedBeforeTheKernelEyeWasOpenStandsApart() {
        SourceCounts eyes = new SourceCounts(Optional.of(OWN), Optional.empty(), Sum.NONE, new Sum(60_000, 3_420_000));
        assertThat(SourceCountLabels.of(eyes, 0))
                .startsWith("kernel 1,234,567 packets, 35.8 MB · wire 60,000 packets, 3.42 MB before eBPF was open · ");
    }

    @Test
    void nothingToCompare() {
        SourceCounts kernel = new SourceCounts(Optional.of(OWN), Optional.empty(), Sum.NONE);
        assertThat(SourceCountLabels.of(kernel, 0)).endsWith("· wire not compared: no destination is known");
        assertThat(SourceCountLabels.of(kernel, 9)).endsWith("· wire not compared: too many destinations");
        assertThat(SourceCountLabels.of(SourceCounts.ofWire(1_000, 940), 1))
                .isEqualTo("wire 1,000 packets, 940 B · kernel eye not in force");
    }
}
