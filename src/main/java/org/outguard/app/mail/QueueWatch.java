package org.outguard.app.mail;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.mta.MailSystem;
import org.outguard.mta.QueueChange;
import org.outguard.mta.QueueReader;

/** Follows the queues of the mail systems on a thread of its own and tells the guard what changes in them. */
public final class QueueWatch implements Runnable {

    private static final Duration AT_A_TIME = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MailEdge mail;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private volatile boolean stopped;

    public QueueWatch(MailEdge mail, Clock clock, Consumer<Observation> sink) {
        this.mail = mail;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void run() {
        List<QueueReader> readers = new ArrayList<>();
        mail.unwatched().ifPresent(why -> sink.accept(new MailObservation.MailUnavailable(why)));
        mail.awaited(() -> stopped).stream().map(MailSystem::reader).forEach(readers::add);
        sink.accept(new MailObservation.AccountsKnown(mail.accounts()));
        mail.problem().ifPresent(reason -> sink.accept(new HostObservation.Degraded("mail", reason)));
        mail.unwatched().ifPresent(why -> sink.accept(new MailObservation.MailUnavailable(why)));
        readers.stream()
                .filter(reader -> reader.method().contains("does not say"))
                .forEach(reader -> degraded(reader, "method", Optional.of(reader.method())));
        while (!stopped && !readers.isEmpty()) {
            boolean more = false;
            for (QueueReader reader : readers) {
                more |= look(reader);
            }
            // A queue that is read for the first time is read on at once; later there is no hurry.
            if (!more && !pause()) {
                return;
            }
        }
    }

    /* Whether there is more to read at once. */
    private boolean look(QueueReader reader) {
        QueueChange change;
        try {
            change = reader.look(AT_A_TIME);
        } catch (RuntimeException e) {
            degraded(reader, "", Optional.of("its queue cannot be read: " + e));
            return false;
        }
        degraded(reader, "", change.problem());
        sink.accept(new MailObservation.QueueSeen(
                clock.instant(), reader.instance(), change.seen(), change.gone(), change.unread(), change.uncounted()));
        return change.unread() > 0 && !change.seen().isEmpty();
    }

    private void degraded(QueueReader reader, String what, Optional<String> problem) {
        String topic = "queue " + reader.instance() + " " + what;
        sink.accept(new HostObservation.Degraded(
                topic.strip(),
                problem.map(text -> reader.instance() + ": " + text).orElse("")));
    }

    private boolean pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void stop() {
        stopped = true;
    }
}
