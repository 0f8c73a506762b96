package org.outguard.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.TrafficRecorder;

/** What waits to be written, bounded by rows: where the disk is full for long the oldest goes, and is counted. */
final class HistoryQueue implements TrafficRecorder {

    /** About 20 MB; ten minutes of a mail server. */
    static final int MAX_ROWS = 65_536;

    private final Deque<Batch> batches = new ArrayDeque<>();
    private int rows;
    private long lostRows;
    private long lostPackets;
    private long lostFrom = Long.MAX_VALUE;
    private long lostUntil = Long.MIN_VALUE;
    private long gapPackets;

    /**
     * What was given up.
     *
     * @param from second of the first
     * @param until second of the last
     */
    record Gap(long from, long until, long packets) {}

    @Override
    public synchronized void record(Batch batch) {
        batches.addLast(batch);
        rows += batch.counts().size();
        while (rows > MAX_ROWS && !batches.isEmpty()) {
            giveUp(batches.removeFirst());
        }
    }

    private void giveUp(Batch batch) {
        rows -= batch.counts().size();
        lostRows += batch.counts().size();
        long packets = batch.counts().stream().mapToLong(Count::packets).sum();
        lostPackets += packets;
        gapPackets += packets;
        lostFrom = Math.min(lostFrom, batch.at().getEpochSecond());
        lostUntil = Math.max(lostUntil, batch.at().getEpochSecond());
    }

    /** The oldest that wait, so many rows at least where there are as many; they stay until {@link #written}. */
    synchronized List<Batch> oldest(int mostRows) {
        List<Batch> some = new ArrayList<>();
        int taken = 0;
        for (Batch batch : batches) {
            if (taken >= mostRows) {
                break;
            }
            some.add(batch);
            taken += batch.counts().size();
        }
        return some;
    }

    /** These are on the disk. */
    @SuppressWarnings("ReferenceEquality") // the very one, and not one like it
    synchronized void written(List<Batch> done) {
        for (Batch batch : done) {
            // One that was given up meanwhile is counted as lost, and stands there all the same.
            if (batches.peekFirst() == batch) {
                batches.removeFirst();
                rows -= batch.counts().size();
            }
        }
    }

    synchronized boolean isEmpty() {
        return batches.isEmpty();
    }

    /** What was given up and not yet written down; null where nothing was. */
    @Nullable
    synchronized Gap gap() {
        return lostFrom == Long.MAX_VALUE ? null : new Gap(lostFrom, lostUntil, gapPackets);
    }

    /** That is on the disk. */
    synchronized void gapWritten(Gap gap) {
        gapPackets -= gap.packets;
        if (lostUntil == gap.until) {
            lostFrom = Long.MAX_VALUE;
            lostUntil = Long.MIN_VALUE;
        }
    }

    synchronized HistoryHealth health(String problem, long usedBytes) {
        return new HistoryHealth(problem, rows, lostRows, lostPackets, usedBytes);
    }
}
