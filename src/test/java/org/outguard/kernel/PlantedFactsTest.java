package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.Observation;
import org.outguard.owner.Attribution;
import org.outguard.owner.ProcessId;

/** Where the facts of a sender cannot be read, its packets count all the same, and the row says why it has no name. */
class PlantedFactsTest {

    private final List<Observation> said = new ArrayList<>();

    @Test
    @SuppressWarnings("NullAway") // the eye, so that whoever asks it for a sender throws
    void packetsCountWhateverIsThrown() {
        KernelEye.Sender sender = new KernelEye.Sender(new ProcessId(7, 1), 33, 7, 1);
        KernelEye.Count count =
                new KernelEye.Count(KernelEye.Kind.IP, sender, null, 0, 0, Protocol.UDP, null, null, 5, 500, 0, 1, 2);
        AttributedCount counted = new KernelFeed(null, null, said::add).guarded(count, false);
        assertThat(counted.packets()).isEqualTo(5);
        assertThat(counted.attribution())
                .isInstanceOfSatisfying(
                        Attribution.Unknown.class,
                        unknown -> assertThat(unknown.matchedBy())
                                .startsWith("its process cannot be read: java.lang.NullPointerException"));
    }

    @Test
    void aSenderInAnotherNetworkNamespaceIsSaidToBeThere() {
        for (KernelEye.Kind kind : KernelEye.Kind.values()) {
            String here = KernelFeed.how(kind, false);
            assertThat(here).isNotEmpty().doesNotContain("namespace");
            assertThat(KernelFeed.how(kind, true))
                    .isEqualTo(here + "; sent in another network namespace than the watched one");
        }
    }
}
