package org.outguard.guard.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.LogReading;
import org.outguard.mail.MailOrigin;

/**
 * Draws the mail of a snapshot.
 *
 * @param submitters all that are followed
 * @param left messages that have left their queue, newest last
 * @param waiting messages in queues that are counted, and not read
 * @param news what happened of late
 * @param reading how much of the logs was read
 * @param accounts account by domain
 * @param wholeTrace whether each submitter is shown by the worst that was ever thought of it
 */
record MailSummary(
        Collection<SubmitterState> submitters,
        Deque<TrackedMessage> left,
        long waiting,
        MailSnapshot.News news,
        LogReading reading,
        Map<String, String> accounts,
        boolean wholeTrace) {

    MailSnapshot draw(long nowNanos) {
        List<Submitter> rows = submitters.stream()
                .filter(s -> s.messages > 0)
                .sorted(worstFirst())
                .limit(MailSnapshot.MAX_SUBMITTERS)
                .map(s -> s.view(wholeTrace, nowNanos))
                .toList();
        List<TrackedMessage> shown = new ArrayList<>(ArrivalOrder.newest(
                submitters.stream().flatMap(s -> Stream.of(s.waiting, s.onHold)), MailSnapshot.MAX_MESSAGES));
        Iterator<TrackedMessage> newestLeft = left.descendingIterator();
        while (newestLeft.hasNext() && shown.size() < MailSnapshot.MAX_MESSAGES) {
            TrackedMessage entry = newestLeft.next();
            if (!entry.isQueued()) {
                shown.add(entry);
            }
        }
        return new MailSnapshot(
                true,
                List.of(),
                totals(),
                rows,
                submitters.size(),
                shown.stream().map(e -> e.view(MailTracker.LISTED_RECIPIENTS)).toList(),
                news,
                reading,
                accounts);
    }

    private MailSnapshot.Totals totals() {
        SubmitterState all =
                new SubmitterState("", new MailOrigin.Unknown(""), new LoginHistory.Places(new LoginHistory.Guesses()));
        Optional<Instant> oldest = Optional.empty();
        for (SubmitterState s : submitters) {
            all.queued += s.queued;
            all.held += s.held;
            all.deferred += s.deferred;
            all.messages += s.messages;
            all.sent += s.sent;
            all.bounced += s.bounced;
            all.backscatter += s.backscatter;
            all.disputed += s.disputed;
            oldest = SubmitterState.earlier(oldest, s.oldest());
        }
        MailSnapshot.Totals sums = all.counts(oldest);
        return new MailSnapshot.Totals(
                sums.queued() + waiting,
                sums.held(),
                sums.deferred(),
                waiting,
                sums.messages(),
                sums.sent(),
                sums.bounced(),
                sums.backscatter(),
                sums.disputed(),
                oldest);
    }

    private Comparator<SubmitterState> worstFirst() {
        return Comparator.comparing((SubmitterState s) -> s.shown(wholeTrace).verdict())
                .thenComparingInt(s -> s.shown(wholeTrace).score())
                .thenComparingLong(s -> s.queued)
                .thenComparingLong(s -> s.messages)
                .reversed();
    }
}
