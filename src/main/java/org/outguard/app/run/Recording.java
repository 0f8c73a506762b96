package org.outguard.app.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.Instance;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.ndjson.RecordLines;
import org.outguard.history.HistoryHealth;
import org.outguard.history.HistoryLines;
import org.outguard.history.HistorySettings;
import org.outguard.history.HistoryWriter;
import org.outguard.owner.Attribution;

/** Writes history on a thread of its own, as long as this is the one instance that does: another's is the same. */
final class Recording implements AutoCloseable {

    private static final long STOP_MILLIS = 5_000;

    private static final HistoryLines LINES = new HistoryLines() {
        @Override
        public String owner(Attribution attribution) {
            return RecordLines.owner(attribution);
        }

        @Override
        public String offender(Instant at, Talker talker) {
            return RecordLines.offender(at, talker);
        }
    };

    private final HistoryWriter writer;
    private final Instance lock;
    private final Inbox inbox;
    private String said = "";
    private @Nullable Thread thread;

    private Recording(HistorySettings settings, Clock clock, Inbox inbox, Instance lock) {
        this.inbox = inbox;
        this.lock = lock;
        this.writer = new HistoryWriter(settings, LINES, clock, this::tell);
    }

    /** Ready to be started; empty where another instance writes, or nobody can, which the snapshot then says. */
    static Optional<Recording> open(HistorySettings settings, Clock clock, Inbox inbox) {
        Path file = settings.file();
        try {
            makeFolder(file);
            return Instance.take(file.resolveSibling(file.getFileName() + ".lock"))
                    .map(lock -> new Recording(settings, clock, inbox, lock));
        } catch (IOException e) {
            inbox.accept(new HostObservation.Degraded("history", "history is not written: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static void makeFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private void tell(HistoryHealth health) {
        if (!health.words().equals(said)) {
            said = health.words();
            inbox.accept(new HostObservation.Degraded("history", said));
        }
    }

    TrafficRecorder recorder() {
        return writer;
    }

    void accept(Snapshot snapshot) {
        writer.accept(snapshot);
    }

    HistoryHealth health() {
        return writer.health();
    }

    void start() {
        thread = Wiring.daemons("history").newThread(writer);
        thread.start();
    }

    /** Writes what waits. */
    @Override
    public void close() {
        writer.stop();
        try {
            if (thread != null) {
                thread.join(STOP_MILLIS);
            }
            lock.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The kernel lets go of it at the end.
        }
    }
}
