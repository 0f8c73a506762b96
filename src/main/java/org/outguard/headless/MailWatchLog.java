package org.outguard.headless;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.headless.ndjson.MailJson;

/** Which submitters and messages make a line: those whose verdict or state is another than in the line before. */
final class MailWatchLog {

    private static final Duration GROWTH_EVERY = Duration.ofSeconds(1);

    private record Logged(Instant at, Verdict verdict, MailSnapshot.Totals counts) {}

    private Map<String, Logged> submitters = new HashMap<>();
    private @Nullable MailSnapshot before;
    private long deliveries;
    private long messages;

    /** Lines for what is new in this snapshot. */
    List<String> accept(Snapshot snapshot) {
        MailSnapshot mail = snapshot.mail();
        if (!mail.watched() || mail.equals(before)) {
            return List.of();
        }
        before = mail;
        List<String> lines = new ArrayList<>();
        List<MailSnapshot.Message> fresh = mail.news().since(messages);
        long lost = mail.news().count() - messages - fresh.size();
        messages = mail.news().count();
        for (MailSnapshot.Message message : fresh) {
            lines.add(MailJson.message(snapshot.at(), message, lost));
            lost = 0;
        }
        Map<String, Logged> next = new HashMap<>();
        for (Submitter submitter : mail.submitters()) {
            Logged last = submitters.get(submitter.id());
            if (isNews(last, submitter, snapshot.at())) {
                lines.add(MailJson.submitter(
                        snapshot.at(),
                        submitter,
                        snapshot.mail().account(submitter.origin()).orElse("")));
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
        for (Submitter submitter : snapshot.mail().submitters()) {
            if (all || submitter.verdict() != Verdict.CLEAN) {
                lines.add(MailJson.submitter(
                        snapshot.at(),
                        submitter,
                        snapshot.mail().account(submitter.origin()).orElse("")));
            }
        }
        return lines;
    }

    private static boolean isNews(@Nullable Logged last, Submitter submitter, Instant now) {
        if (last == null) {
            return submitter.verdict() != Verdict.CLEAN;
        }
        boolean due = now.isBefore(last.at()) || !now.isBefore(last.at().plus(GROWTH_EVERY));
        return last.verdict() != submitter.verdict() || due && !last.counts().equals(submitter.counts());
    }
}
