package org.outguard.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.outguard.guard.Guard;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;

/**
 * When a replay looks at what the guard knows: at once where a verdict changed, each second while somebody is suspect, else every
 * ten seconds; never where only the end is wanted. A picture of all talkers costs as much as thousands of packets, so it is not made
 * at each tick.
 */
public final class ReplayLooks {

    private static final Duration GROWTH = Duration.ofSeconds(1);
    private static final Duration SUMMARY = Duration.ofSeconds(10);

    private final Guard guard;
    private final Consumer<Snapshot> looker;
    private final boolean followed;
    private Instant lookedAt = Instant.MIN;
    private boolean suspects;

    /**
     * Looks of one trace.
     *
     * @param followed whether each change is wanted when it comes, rather than all of it at the end
     * @param looker gets what there is to see, in the order of time
     */
    public ReplayLooks(Guard guard, boolean followed, Consumer<Snapshot> looker) {
        this.guard = guard;
        this.followed = followed;
        this.looker = looker;
        if (!followed) {
            guard.onlyLookedBackOn();
        }
    }

    /** The trace's time has come so far. */
    public void reached(Instant now) {
        boolean news = guard.advance(now);
        if (!followed) {
            return;
        }
        boolean due = !now.isBefore(lookedAt.plus(suspects ? GROWTH : SUMMARY));
        if (news || due) {
            Snapshot snapshot = guard.look();
            lookedAt = now;
            suspects = snapshot.talkers().stream().anyMatch(talker -> talker.verdict() != Verdict.CLEAN);
            looker.accept(snapshot);
        }
    }
}
