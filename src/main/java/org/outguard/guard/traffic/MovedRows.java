package org.outguard.guard.traffic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;

/**
 * Suspects and offenders that are rows no more because all that they were charged with is another's, so that whoever wrote
 * them down does not count it twice.
 */
public final class MovedRows {

    /** Most that are remembered. */
    static final int MOST = 256;

    private final Deque<Snapshot.Moved> newest = new ArrayDeque<>();

    /**
     * Takes note of one.
     *
     * @param from the row that was
     * @param to the row that has it all now; null where that is several
     */
    void add(TalkerState from, @Nullable TalkerState to) {
        if (from.judgement.verdict() == Verdict.CLEAN) {
            return;
        }
        if (newest.size() == MOST) {
            newest.removeFirst();
        }
        newest.addLast(new Snapshot.Moved(from.id, Optional.ofNullable(to).map(talker -> talker.id)));
    }

    /** The newest of them, oldest first. */
    public List<Snapshot.Moved> newest() {
        return List.copyOf(newest);
    }
}
