package org.outguard.tui;

import java.util.Objects;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;

/** Whether a snapshot is worth a frame: figures are once a second, what calls for a person is at once. */
final class RedrawPolicy {

    private long second = Long.MIN_VALUE;
    private int calling;

    /** That snapshot is drawn. Returns whether there is something in it that calls for a person. */
    boolean drawn(Snapshot snapshot) {
        second = snapshot.at().getEpochSecond();
        int before = calling;
        calling = calling(snapshot);
        return calling != before;
    }

    /** Whether it is to be drawn. */
    boolean calls(Snapshot snapshot) {
        return snapshot.at().getEpochSecond() != second || calling(snapshot) != calling;
    }

    /* Verdicts, the state of blocks, what was said and what limits the view. */
    private static int calling(Snapshot snapshot) {
        int hash = snapshot.degraded().hashCode() * 31 + snapshot.notices().hashCode();
        for (Talker talker : snapshot.suspects()) {
            hash = hash * 31
                    + Objects.hash(
                            talker.id(), talker.verdict(), talker.status().state());
        }
        for (ActiveBlock block : snapshot.blocks()) {
            hash = hash * 31 + Objects.hash(block.actionId(), block.state());
        }
        for (Submitter submitter : snapshot.mail().submitters()) {
            if (submitter.verdict() != Verdict.CLEAN) {
                hash = hash * 31 + Objects.hash(submitter.id(), submitter.verdict());
            }
        }
        for (ActionRow row : snapshot.actions()) {
            hash = hash * 31 + Objects.hash(row.action().id(), row.state());
        }
        for (Recommendation suggestion : snapshot.suggestions()) {
            hash = hash * 31 + Objects.hash(suggestion.about(), suggestion.command());
        }
        return snapshot.sequence() == 0 ? 0 : hash | 1;
    }
}
