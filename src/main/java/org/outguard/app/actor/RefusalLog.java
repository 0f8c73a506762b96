package org.outguard.app.actor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** Journals what was refused: each with its reason, but so few that a client cannot push out of the journal what was done. */
final class RefusalLog {

    private static final Duration APART = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_AN_HOUR = 200;
    private static final int MOST_CHARACTERS = 300;

    private final Journal journal;
    private final Consumer<String> complaints;
    private final Deque<Instant> listed = new ArrayDeque<>();
    private long unlisted;

    /**
     * Goes on where an earlier one ended.
     *
     * @param complaints is told where nothing can be journaled
     * @throws IOException where the journal is there and cannot be read
     */
    RefusalLog(Journal journal, Consumer<String> complaints, Instant now) throws IOException {
        this.journal = journal;
        this.complaints = complaints;
        journal.forEach(entry -> {
            if (entry instanceof JournalEntry.Refused refused && refused.at().isAfter(now.minus(HOUR))) {
                listed.addLast(refused.at());
            }
        });
    }

    void add(Instant at, String by, String request, String reason) {
        listed.removeIf(one -> !one.isAfter(at.minus(HOUR)));
        boolean tooSoon = !listed.isEmpty() && at.isBefore(listed.getLast().plus(APART));
        if (tooSoon || listed.size() >= MOST_AN_HOUR) {
            unlisted++;
            return;
        }
        listed.addLast(at);
        write(new JournalEntry.Refused(at, by, cut(request), cut(reason), unlisted));
    }

    /** Journals how many were not listed, at the end. */
    void close(Instant at) {
        if (unlisted > 0) {
            write(new JournalEntry.Refused(at, "", "", "requests that are not listed one by one", unlisted));
        }
    }

    private void write(JournalEntry.Refused refusal) {
        unlisted = 0;
        journal.refused(refusal).ifPresent(complaints);
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
