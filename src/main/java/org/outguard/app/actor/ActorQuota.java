package org.outguard.app.actor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.Step;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** Counts what an unprivileged client has asked for within an hour, also before the actor was started: the journal knows. */
final class ActorQuota {

    private static final Duration HOUR = Duration.ofHours(1);

    /** As many as are read of a mail queue, so that lines of the journal do not push each other out either. */
    private static final int MOST_MESSAGES = 200_000;

    private record Asked(Instant at, int messages) {}

    private final Deque<Asked> asked = new ArrayDeque<>();

    /**
     * Goes on counting.
     *
     * @param by what {@link org.outguard.guard.action.Action#by} begins with where it was such a client
     * @throws IOException where the journal is there and cannot be read
     */
    static ActorQuota of(Journal journal, String by, Instant now) throws IOException {
        ActorQuota quota = new ActorQuota();
        for (Journal one : new Journal[] {journal.earlier(), journal}) {
            one.forEach(entry -> {
                if (entry instanceof JournalEntry.Decided decided
                        && decided.action().by().startsWith(by)
                        && decided.at().isAfter(now.minus(HOUR))) {
                    quota.add(decided.at(), decided.action().step());
                }
            });
        }
        return quota;
    }

    private void add(Instant at, Step step) {
        asked.addLast(new Asked(at, messages(step)));
    }

    private static int messages(Step step) {
        return step instanceof MessageStep some ? some.messages().size() : 0;
    }

    /** Why it is too much; empty where it is not, and counted. */
    Optional<String> take(Step step, int mostAnHour, Instant now) {
        asked.removeIf(one -> !one.at().isAfter(now.minus(HOUR)));
        if (asked.size() >= mostAnHour) {
            return Optional.of(mostAnHour + " actions were asked for within an hour, as many as a rule may do");
        }
        int messages = asked.stream().mapToInt(Asked::messages).sum() + messages(step);
        if (messages > MOST_MESSAGES) {
            return Optional.of("these are more than " + MOST_MESSAGES + " messages within an hour");
        }
        add(now, step);
        return Optional.empty();
    }
}
