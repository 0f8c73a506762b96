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
import org.outguard.guard.snapshot.MailPicture;
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
        Deque<MailEntry> left,
        long waiting,
        MailPicture.News news,
        LogReading reading,
        Map<String, String> accounts,
        boolean wholeTrace) {

    MailPicture draw(long nowNanos) {
        List<MailPicture.Submitter> rows = submitters.stream()
                .filter(s -> s.messages > 0)
                .sorted(worstFirst())
                .limit(MailPicture.MAX_SUBMITTERS)
                .map(s -> s.view(wholeTrace, nowNanos))
                .toList();
        List<MailEntry> shown = new ArrayList<>(QueueOrder.newest(
                submitters.stream().flatMap(s -> Stream.of(s.waiting, s.onHold)), MailPicture.MAX_MESSAGES));
        Iterator<MailEntry> newestLeft = left.descendingIterator();
        while (newestLeft.hasNext() && shown.size() < MailPicture.MAX_MESSAGES) {
            MailEntry entry = newestLeft.next();
            if (!entry.isQueued()) {
                shown.add(entry);
            }
        }
        return new MailPicture(
                true,
                List.of(),
                totals(),
                rows,
                submitters.size(),
                shown.stream().map(e -> e.view(MailLedger.LISTED_RECIPIENTS)).toList(),
                news,
                reading,
                accounts);
    }

    private MailPicture.Totals totals() {
        SubmitterState all =
                new SubmitterState("", new MailOrigin.Unknown(""), new LoginBook.Places(new LoginBook.Guesses()));
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
        MailPicture.Totals sums = all.counts(oldest);
        return new MailPicture.Totals(
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
