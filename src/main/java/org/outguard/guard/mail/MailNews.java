package org.outguard.guard.mail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.outguard.guard.snapshot.MailSnapshot;

/**
 * Which messages are new or have changed, each once for a picture, for readers that write every one of them down. So many
 * are kept that a reader may miss some pictures; how many it has missed beyond that it can tell by their number.
 */
final class MailNews {

    /** About 16 MB; 5 s of 6,000 changes a second. */
    static final int MOST_KEPT = 32_768;

    private final int listedRecipients;
    private final List<TrackedMessage> waiting = new ArrayList<>();
    private final Deque<List<MailSnapshot.Message>> kept = new ArrayDeque<>();
    private long keptMessages;
    private boolean wanted = true;
    private long count;

    MailNews(int listedRecipients) {
        this.listedRecipients = listedRecipients;
    }

    /** From here on nobody reads them, so none is kept. */
    void end() {
        wanted = false;
        waiting.forEach(entry -> entry.isNews = false);
        waiting.clear();
        kept.clear();
    }

    /** It may have changed. */
    void add(TrackedMessage entry) {
        if (wanted && !entry.isNews) {
            entry.isNews = true;
            waiting.add(entry);
        }
    }

    /** Everything up to now. */
    MailSnapshot.News draw() {
        List<MailSnapshot.Message> changed = new ArrayList<>(waiting.size());
        for (TrackedMessage entry : waiting) {
            entry.isNews = false;
            MailSnapshot.Message message = entry.view(listedRecipients);
            int told = essence(message);
            if (told != entry.told) {
                entry.told = told;
                changed.add(message);
            }
        }
        waiting.clear();
        if (!changed.isEmpty()) {
            kept.add(List.copyOf(changed));
            keptMessages += changed.size();
            count += changed.size();
        }
        while (keptMessages > MOST_KEPT && kept.size() > 1) {
            keptMessages -= kept.removeFirst().size();
        }
        return new MailSnapshot.News(count, List.copyOf(kept));
    }

    /** What of a message makes a new line where it changes; 0 is none. */
    private static int essence(MailSnapshot.Message message) {
        return Objects.hash(
                        message.arrival(),
                        message.status(),
                        message.sender(),
                        message.sent(),
                        message.bounced(),
                        message.deferred(),
                        message.provenance(),
                        message.root(),
                        message.fates())
                | 1;
    }
}
