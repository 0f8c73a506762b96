package org.outguard.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.guard.Action;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.Outcome;

/**
 * A block that should stand in the kernel by what the journal says. The kernel has the last word: somebody may have
 * flushed its rules.
 *
 * @param action the action that made it, or made it anew; undo names its id
 * @param expires when the kernel will have forgotten it
 * @param confirmed whether its outcome is in the journal; where not, we died on the way, and it may stand or not
 */
public record StandingByJournal(Action action, Instant expires, boolean confirmed) {

    /**
     * Goes through a journal, oldest entry first. There is one block a target in the kernel, so the newest action on a
     * target says what became of it, whoever's block it was before.
     */
    static final class Reckoning {

        private final Instant now;

        /* Both are small: what was cut off by a crash, and what has time left. */
        private final Map<String, Action> open = new LinkedHashMap<>();
        private final Map<BlockTarget, StandingByJournal> blocks = new LinkedHashMap<>();

        Reckoning(Instant now) {
            this.now = now;
        }

        void add(JournalEntry entry) {
            if (entry instanceof JournalEntry.Decided decided) {
                open.put(decided.action().id(), decided.action());
            } else if (entry instanceof JournalEntry.Ended ended) {
                Action action = open.remove(ended.outcome().actionId());
                if (action != null && ended.outcome().result() == Outcome.Result.DONE) {
                    blocks.remove(action.step().target());
                    block(action, ended.outcome().at(), true);
                }
            }
        }

        private void block(Action action, Instant from, boolean confirmed) {
            if (action.step() instanceof Action.Step.Block block) {
                Instant expires = sum(from, block.length());
                StandingByJournal known = blocks.get(block.target());
                if (expires.isAfter(now) && (known == null || known.expires().isBefore(expires))) {
                    blocks.put(block.target(), new StandingByJournal(action, expires, confirmed));
                }
            }
        }

        List<StandingByJournal> standing() {
            open.values().forEach(action -> block(action, action.at(), false));
            open.clear();
            return List.copyOf(blocks.values());
        }

        /* A journal can be edited, and a time without end may not hide the blocks after it. */
        private static Instant sum(Instant at, Duration length) {
            try {
                return at.plus(length);
            } catch (DateTimeException | ArithmeticException e) {
                return length.isNegative() ? Instant.MIN : Instant.MAX;
            }
        }
    }
}
