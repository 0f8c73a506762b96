package org.outguard.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.MailStep;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;

/**
 * An action that should be in force by what the journal says. The kernel and the mail system have the last word: somebody
 * may have flushed rules or edited a file.
 *
 * @param action the action that made it, or made it anew; undo names its id
 * @param expires when it will have ended by itself; {@link Instant#MAX} where it does not
 * @param confirmed whether its outcome is in the journal and no damaged line may have ended it; where not, it may stand or not
 */
public record StandingByJournal(Action action, Instant expires, boolean confirmed) {

    /**
     * An action of which the journal does not say whether it is in effect.
     *
     * @param byDamage whether a line that cannot be read names it; where not, Outguard ended before its outcome was written
     */
    public record Unsettled(Action action, boolean byDamage) {}

    /**
     * Goes through a journal, oldest entry first. There is one state a key, so the newest action on a key says what became
     * of it, whoever's it was before.
     */
    static final class Reckoning {

        private final Instant now;

        /* Both are small: what was cut off by a crash, and what has time left. */
        private final Map<String, JournalEntry.Decided> open = new LinkedHashMap<>();
        private final Map<String, Standing> standing = new LinkedHashMap<>();

        /* Of those in open, what a damaged line names: it was its outcome. */
        private final Set<String> named = new HashSet<>();

        private record Standing(JournalEntry.Decided decided, Instant from, Instant expires, boolean confirmed) {

            boolean is(Outcome outcome) {
                return decided.action().id().equals(outcome.actionId());
            }

            Standing with(boolean isConfirmed) {
                return new Standing(decided, from, expires, isConfirmed);
            }

            StandingByJournal known() {
                return new StandingByJournal(decided.action(), expires, confirmed);
            }
        }

        Reckoning(Instant now) {
            this.now = now;
        }

        void add(JournalEntry entry) {
            if (entry instanceof JournalEntry.Decided decided) {
                open.put(decided.action().id(), decided);
            } else if (entry instanceof JournalEntry.Ended ended) {
                named.remove(ended.outcome().actionId());
                JournalEntry.Decided decided = open.remove(ended.outcome().actionId());
                if (decided == null) {
                    settled(ended.outcome());
                } else if (ended.outcome().tookEffect()) {
                    ended(decided.action().step());
                    stands(standing, decided, ended.outcome().at(), true);
                }
            }
        }

        /* It was asked about once more, and has the time that it had. */
        private void settled(Outcome outcome) {
            standing.replaceAll((key, one) -> one.is(outcome) ? one.with(true) : one);
            if (!outcome.tookEffect()) {
                standing.values().removeIf(one -> one.is(outcome));
            }
        }

        /**
         * A line that is no entry, or not as it was written. Whatever it was, it can have ended only what it names: of that the journal knows
         * no more, and whoever carried it out is asked.
         */
        void damaged(String line) {
            standing.replaceAll((key, one) -> names(line, one.decided.action().id()) ? one.with(false) : one);
            open.keySet().stream().filter(id -> names(line, id)).forEach(named::add);
        }

        /* As a whole word: ids are letters, digits and dashes. */
        private static boolean names(String line, String id) {
            for (int at = line.indexOf(id); at >= 0; at = line.indexOf(id, at + 1)) {
                int end = at + id.length();
                if ((at == 0 || !isOfId(line.charAt(at - 1))) && (end == line.length() || !isOfId(line.charAt(end)))) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isOfId(char c) {
            return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z';
        }

        private void ended(Step step) {
            if (step instanceof MessageStep messages && !(step instanceof MessageStep.Flush)) {
                moved(messages);
            }
            if (step.effect() != Step.Effect.ONCE) {
                standing.remove(step.key());
                standing.values().removeIf(other -> other.decided.action().id().equals(step.undoes()));
            }
        }

        /* Of what a hold names, only what nothing came after is still on hold by it. */
        private void moved(MessageStep step) {
            Set<MessageRef> moved = new HashSet<>(step.messages());
            List<Standing> holds = standing.values().stream()
                    .filter(one -> one.decided.action().step() instanceof MessageStep.Hold)
                    .toList();
            for (Standing one : holds) {
                Action action = one.decided.action();
                List<MessageRef> held = ((MessageStep.Hold) action.step()).messages();
                List<MessageRef> left =
                        held.stream().filter(ref -> !moved.contains(ref)).toList();
                if (left.size() == held.size()) {
                    continue;
                }
                standing.remove(action.step().key());
                if (!left.isEmpty()) {
                    MessageStep.Hold rest = new MessageStep.Hold(left);
                    Action of = new Action(action.id(), action.at(), action.by(), action.why(), rest, action.plan());
                    standing.put(
                            rest.key(),
                            new Standing(
                                    new JournalEntry.Decided(of, one.decided.boot()),
                                    one.from,
                                    one.expires,
                                    one.confirmed));
                }
            }
        }

        private void stands(Map<String, Standing> into, JournalEntry.Decided decided, Instant from, boolean confirmed) {
            Step step = decided.action().step();
            if (step.effect() == Step.Effect.STANDS) {
                Instant expires = step.length().map(length -> sum(from, length)).orElse(Instant.MAX);
                Standing known = into.get(step.key());
                if (expires.isAfter(now) && (known == null || !known.expires().isAfter(expires))) {
                    into.put(step.key(), new Standing(decided, from, expires, confirmed));
                }
            }
        }

        private List<Standing> all() {
            Map<String, Standing> all = new LinkedHashMap<>(standing);
            open.values()
                    .forEach(decided -> stands(all, decided, decided.action().at(), false));
            return List.copyOf(all.values());
        }

        /** What should stand if nothing but time and Outguard had ended it. */
        List<StandingByJournal> promised() {
            return all().stream().map(Standing::known).toList();
        }

        /**
         * What can still stand.
         *
         * @param boot the boot that is under way; what was done to the kernel in another one is gone, what was done to mail and to files is
         *     not
         */
        List<StandingByJournal> standing(String boot) {
            return all().stream()
                    .filter(one -> outlives(one.decided, boot))
                    .map(Standing::known)
                    .toList();
        }

        private static boolean outlives(JournalEntry.Decided decided, String boot) {
            return boot.isEmpty()
                    || decided.boot().isEmpty()
                    || decided.boot().equals(boot)
                    || decided.action().step() instanceof MailStep
                    || decided.action().step() instanceof FileStep;
        }

        /** Actions without an outcome, oldest first. */
        List<Action> open() {
            return open.values().stream().map(JournalEntry.Decided::action).toList();
        }

        /** What has to be asked about: what has no outcome, and what a damaged line may have ended; oldest first. */
        List<Unsettled> unsettled() {
            List<Unsettled> all = new ArrayList<>();
            standing.values().stream()
                    .filter(one -> !one.confirmed)
                    .forEach(one -> all.add(new Unsettled(one.decided.action(), true)));
            open().forEach(action -> all.add(new Unsettled(action, named.contains(action.id()))));
            return all;
        }

        /** The fewest entries from which the same would be reckoned. */
        List<JournalEntry> essence() {
            List<JournalEntry> entries = new ArrayList<>();
            for (Standing one : standing.values()) {
                entries.add(one.decided);
                if (one.confirmed) {
                    entries.add(new JournalEntry.Ended(
                            new Outcome(one.decided.action().id(), one.from, Outcome.Result.DONE, "")));
                }
            }
            entries.addAll(open.values());
            return entries;
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
