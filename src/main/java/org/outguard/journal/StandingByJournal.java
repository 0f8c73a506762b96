package org.outguard.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.guard.Action;
import org.outguard.guard.Outcome;
import org.outguard.guard.Step;

/**
 * An action that should be in force by what the journal says. The kernel and the mail system have the last word: somebody
 * may have flushed rules or edited a file.
 *
 * @param action the action that made it, or made it anew; undo names its id
 * @param expires when it will have ended by itself; {@link Instant#MAX} where it does not
 * @param confirmed whether its outcome is in the journal; where not, we died on the way, and it may stand or not
 */
public record StandingByJournal(Action action, Instant expires, boolean confirmed) {

    /**
     * Goes through a journal, oldest entry first. There is one state a key, so the newest action on a key says what became
     * of it, whoever's it was before.
     */
    static final class Reckoning {

        private final Instant now;

        /* Both are small: what was cut off by a crash, and what has time left. */
        private final Map<String, Action> open = new LinkedHashMap<>();
        private final Map<String, StandingByJournal> standing = new LinkedHashMap<>();

        Reckoning(Instant now) {
            this.now = now;
        }

        void add(JournalEntry entry) {
            if (entry instanceof JournalEntry.Decided decided) {
                open.put(decided.action().id(), decided.action());
            } else if (entry instanceof JournalEntry.Ended ended) {
                Action action = open.remove(ended.outcome().actionId());
                if (action != null && ended.outcome().result() == Outcome.Result.DONE) {
                    ended(action.step());
                    stands(action, ended.outcome().at(), true);
                }
            }
        }

        private void ended(Step step) {
            if (step.effect() != Step.Effect.ONCE) {
                standing.remove(step.key());
                standing.values().removeIf(other -> other.action().id().equals(step.undoes()));
            }
        }

        private void stands(Action action, Instant from, boolean confirmed) {
            Step step = action.step();
            if (step.effect() == Step.Effect.STANDS) {
                Instant expires = step.length().map(length -> sum(from, length)).orElse(Instant.MAX);
                StandingByJournal known = standing.get(step.key());
                if (expires.isAfter(now) && (known == null || !known.expires().isAfter(expires))) {
                    standing.put(step.key(), new StandingByJournal(action, expires, confirmed));
                }
            }
        }

        List<StandingByJournal> standing() {
            open.values().forEach(action -> stands(action, action.at(), false));
            open.clear();
            return List.copyOf(standing.values());
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
