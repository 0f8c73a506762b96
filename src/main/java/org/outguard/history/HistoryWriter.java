package org.outguard.history;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;

/**
 * Writes history, four times a second. The guard hands its counts over and goes on; where they cannot be written they wait, and beyond
 * a bound the oldest are counted as lost. {@link #run} is for a thread of its own.
 */
public final class HistoryWriter implements Runnable, TrafficRecorder {

    /** A quarter of what may be lost by a kill. */
    private static final long EVERY_MILLIS = 250;

    private static final int MAX_ROWS_AT_ONCE = 16_384;
    private static final int MOST_WAITS = 40;

    private final HistorySettings settings;
    private final HistoryLines lines;
    private final InstantSource clock;
    private final Consumer<HistoryHealth> told;
    private final HistoryQueue queue = new HistoryQueue();
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean stopping;
    private volatile @Nullable Snapshot newest;
    private volatile HistoryHealth health = HistoryHealth.NONE;
    private @Nullable HistoryStore store;
    private long messages;
    private int failures;
    private int waits;

    /**
     * A writer that has nothing open.
     *
     * @param lines puts owners and offenders into words
     * @param clock the present
     * @param told hears of each change of its health, on its thread
     */
    public HistoryWriter(
            HistorySettings settings, HistoryLines lines, InstantSource clock, Consumer<HistoryHealth> told) {
        this.settings = settings;
        this.lines = lines;
        this.clock = clock;
        this.told = told;
    }

    @Override
    public void record(Batch batch) {
        queue.record(batch);
    }

    /** Takes what is to be seen now; of those that come between two writings the last is enough. */
    public void accept(Snapshot snapshot) {
        newest = snapshot;
    }

    /** How the writing goes. */
    public HistoryHealth health() {
        return health;
    }

    @Override
    public void run() {
        try {
            do {
                turn();
            } while (!stop.tryAcquire(EVERY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waits = 0;
        turn();
        close();
    }

    /** Ends {@link #run} after all that waits was written once. */
    public void stop() {
        stopping = true;
        stop.release();
    }

    /** Writes what waits; what fails is tried again later. For {@link #run}, and for tests with a clock of their own. */
    public void turn() {
        if (waits > 0) {
            waits--;
            tell(health.problem());
            return;
        }
        long now = clock.instant().getEpochSecond();
        try {
            HistoryStore open = store == null ? HistoryStore.open(settings, lines, now) : store;
            store = open;
            writeAll(open, now);
            if (!stopping) {
                open.tidy(now);
            }
            failures = 0;
            tell("");
        } catch (SQLException e) {
            failed(e, Sqlite.isFull(e));
        } catch (IOException e) {
            failed(e, false);
        }
    }

    private void writeAll(HistoryStore open, long now) throws SQLException {
        do {
            List<TrafficRecorder.Batch> batches = queue.oldest(MAX_ROWS_AT_ONCE);
            Snapshot snapshot = newest;
            List<MailSnapshot.Message> news =
                    snapshot == null ? List.of() : snapshot.mail().news().since(messages);
            HistoryQueue.Gap gap = queue.gap();
            open.write(batches, snapshot, news, gap, now);
            queue.written(batches);
            if (gap != null) {
                queue.gapWritten(gap);
            }
            if (snapshot != null) {
                messages = snapshot.mail().news().count();
            }
        } while (!queue.isEmpty());
    }

    private void failed(Exception e, boolean full) {
        boolean roomMade = false;
        if (full && store != null) {
            try {
                store.makeRoom();
                roomMade = failures == 0;
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
        }
        close();
        failures++;
        waits = roomMade ? 0 : Math.min(MOST_WAITS, 1 << Math.min(failures, 10));
        tell(settings.file() + ": " + reason(e));
    }

    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage()).replaceAll("^\\[SQLITE_[A-Z_]+\\]\\s*", "");
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : message;
    }

    private void close() {
        if (store == null) {
            return;
        }
        try {
            store.close();
        } catch (SQLException e) {
            // It is opened anew, which says what is wrong.
        }
        store = null;
    }

    private void tell(String problem) {
        HistoryHealth now = queue.health(problem, store == null ? health.usedBytes() : store.usedBytes());
        if (!now.equals(health)) {
            health = now;
            told.accept(now);
        }
    }
}
