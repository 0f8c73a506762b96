package org.outguard.headless;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.Delivery;
import org.outguard.guard.MailPicture;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Verdict;
import org.outguard.mail.QueueId;

/** Which submitters and messages make a line: those whose verdict or state is another than in the line before. */
final class MailWatchLog {

    private static final Duration GROWTH_EVERY = Duration.ofSeconds(1);
    private static final int MAX_REMEMBERED = 4 * MailPicture.MAX_MESSAGES;

    private record Logged(Instant at, Verdict verdict, MailPicture.Totals counts) {}

    /** What a line of a message says of it; a later message with the same id has another arrival. */
    private record Said(Instant arrival, String status, int sent, int bounced, int deferred, String origin) {
        static Said of(MailPicture.Message message) {
            return new Said(
                    message.arrival(),
                    message.status(),
                    message.sent(),
                    message.bounced(),
                    message.deferred(),
                    message.provenance() + " " + message.root());
        }
    }

    private Map<String, Logged> submitters = new HashMap<>();
    private final Map<QueueId, Said> messages = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<QueueId, Said> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };
    private @Nullable MailPicture before;
    private long deliveries;

    /** Lines for what is new in this snapshot. */
    List<String> accept(Snapshot snapshot) {
        MailPicture mail = snapshot.mail();
        if (!mail.watched() || mail.equals(before)) {
            return List.of();
        }
        before = mail;
        List<String> lines = new ArrayList<>();
        for (int i = mail.messages().size() - 1; i >= 0; i--) {
            MailPicture.Message message = mail.messages().get(i);
            Said said = Said.of(message);
            if (!said.equals(messages.put(message.id(), said))) {
                lines.add(MailJson.message(snapshot.at(), message));
            }
        }
        Map<String, Logged> next = new HashMap<>();
        for (MailPicture.Submitter submitter : mail.submitters()) {
            Logged last = submitters.get(submitter.id());
            if (isNews(last, submitter, snapshot.at())) {
                lines.add(MailJson.submitter(snapshot.at(), submitter));
                last = new Logged(snapshot.at(), submitter.verdict(), submitter.counts());
            }
            if (last != null && submitter.verdict() != Verdict.CLEAN) {
                next.put(submitter.id(), last);
            }
        }
        submitters = next;
        return lines;
    }

    /** Lines for deliveries that were not told of yet. */
    List<String> deliveries(Snapshot snapshot) {
        List<Delivery> newest = snapshot.deliveries().newest();
        long fresh = Math.min(newest.size(), snapshot.deliveries().count() - deliveries);
        deliveries = snapshot.deliveries().count();
        return newest.subList(newest.size() - (int) fresh, newest.size()).stream()
                .map(delivery -> MailJson.delivery(snapshot.at(), delivery))
                .toList();
    }

    /** The last word on every submitter that is not CLEAN, or on all. */
    List<String> finish(Snapshot snapshot, boolean all) {
        List<String> lines = new ArrayList<>(accept(snapshot));
        for (MailPicture.Submitter submitter : snapshot.mail().submitters()) {
            if (all || submitter.verdict() != Verdict.CLEAN) {
                lines.add(MailJson.submitter(snapshot.at(), submitter));
            }
        }
        return lines;
    }

    private static boolean isNews(@Nullable Logged last, MailPicture.Submitter submitter, Instant now) {
        if (last == null) {
            return submitter.verdict() != Verdict.CLEAN;
        }
        boolean due = now.isBefore(last.at()) || !now.isBefore(last.at().plus(GROWTH_EVERY));
        return last.verdict() != submitter.verdict() || due && !last.counts().equals(submitter.counts());
    }
}
