package org.outguard.tui;

import java.util.Objects;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Talker;

/** Whether a snapshot is worth a frame: figures are once a second, what calls for a person is at once. */
final class Freshness {

    private long second = Long.MIN_VALUE;
    private int calling;

    /** That snapshot is on the screen. */
    void drawn(Snapshot snapshot) {
        second = snapshot.at().getEpochSecond();
        calling = calling(snapshot);
    }

    /** Whether it is to be drawn. */
    boolean calls(Snapshot snapshot) {
        return snapshot.at().getEpochSecond() != second || calling(snapshot) != calling;
    }

    /* Verdicts, the state of blocks, what was said and what limits the view. */
    private static int calling(Snapshot snapshot) {
        int hash = snapshot.degraded().hashCode() * 31 + snapshot.notices().hashCode();
        for (Talker talker : snapshot.suspects()) {
            hash = hash * 31 + Objects.hash(talker.id(), talker.verdict());
        }
        for (StandingBlock block : snapshot.blocks()) {
            hash = hash * 31 + Objects.hash(block.actionId(), block.state());
        }
        return snapshot.sequence() == 0 ? 0 : hash | 1;
    }
}
