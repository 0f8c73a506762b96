package org.outguard.app.mail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** How often containers are looked for. A look reads a file of each process: it may cost a core one part in so many. */
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private static final int REFRESH_SHARE = 500;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MailSystemsProvider mail;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private final Map<MailSystem, QueueReader> readers = new LinkedHashMap<>();
    private List<MailSystem> followed = List.of();
    private volatile boolean stopped;

    public QueueWatch(MailSystemsProvider mail, Clock clock, Consumer<Observation> sink) {
        this.mail = mail;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void run() {
        mail.unwatched().ifPresent(why -> sink.accept(new MailObservation.MailUnavailable(why)));
        mail.awaited(() -> stopped);
        follow();
        sink.accept(new MailObservation.AccountsKnown(mail.accounts()));
        mail.problem().ifPresent(reason -> sink.accept(new HostObservation.Degraded("mail", reason)));
        mail.unwatched().ifPresent(why -> sink.accept(new MailObservation.MailUnavailable(why)));
        Instant next = clock.instant().plus(REFRESH);
        while (!stopped) {
            boolean more = false;
            for (QueueReader reader : readers.values()) {
                more |= look(reader);
            }
            // A queue that is read for the first time is read on at once; later there is no hurry.
            if (!more && !pause()) {
                return;
            }
            Instant begun = clock.instant();
            if (!begun.isBefore(next)) {
                refresh();
                Instant ended = clock.instant();
                Duration pause = Duration.between(begun, ended).multipliedBy(REFRESH_SHARE);
                next = ended.plus(pause.compareTo(REFRESH) > 0 ? pause : REFRESH);
            }
        }
    }

    /* A fault must not end the looking. */
    private void refresh() {
        try {
            mail.refresh();
            follow();
        } catch (RuntimeException e) {
            sink.accept(new HostObservation.Degraded("containers", "containers cannot be looked for: " + e));
        }
    }

    /* Each mail system has its reader, and those that have gone have none. */
    private void follow() {
        List<MailSystem> systems = mail.systems();
        if (systems.equals(followed)) {
            return;
        }
        followed = systems;
        List<MailSystem> gone = readers.keySet().stream()
                .filter(known -> !systems.contains(known))
                .toList();
        for (MailSystem system : gone) {
            QueueReader reader = readers.remove(system);
            if (reader != null) {
                degraded(reader, "", Optional.empty());
                degraded(reader, "method", Optional.empty());
                sink.accept(new MailObservation.QueueEnded(
                        clock.instant(),
                        reader.instance(),
                        system.host().problem().orElse(reader.instance() + " has ended")
                                + ": its queue and its log are not read any more"));
            }
        }
        for (MailSystem system : systems) {
            if (!readers.containsKey(system)) {
                QueueReader reader = system.reader();
                readers.put(system, reader);
                if (reader.method().contains("does not say")) {
                    degraded(reader, "method", Optional.of(reader.method()));
                }
            }
        }
        sink.accept(new MailObservation.MailUsersKnown(mail.runners()));
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
