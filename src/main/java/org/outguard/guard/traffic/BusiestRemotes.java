package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.outguard.guard.snapshot.Talker;

/** Lists the busiest of a table's destinations, by a heap of slots. */
final class BusiestRemotes {

    private static final Comparator<Talker.RemoteTotal> BUSIEST_FIRST = Comparator.comparingLong(
                    (Talker.RemoteTotal total) -> -total.packets())
            .thenComparing(total -> total.remote().address())
            .thenComparing(total -> total.remote().port());

    private final RemoteTable table;
    private final long[] slots;

    /** @param slots the table's, as they are now */
    BusiestRemotes(RemoteTable table, long[] slots) {
        this.table = table;
        this.slots = slots;
    }

    /** Those with the most packets, busiest first; no more than those become objects. */
    List<Talker.RemoteTotal> list(int most) {
        // A heap of slots, the least busy on top.
        int[] top = new int[Math.min(most, table.size())];
        int filled = 0;
        for (int slot = 0; slot < table.slots(); slot++) {
            if (!table.isUsed(slot)) {
                continue;
            }
            if (filled < top.length) {
                top[filled++] = slot;
                if (filled == top.length) {
                    for (int i = filled / 2 - 1; i >= 0; i--) {
                        siftDown(top, i);
                    }
                }
            } else if (filled > 0 && isBusier(slot, top[0])) {
                top[0] = slot;
                siftDown(top, 0);
            }
        }
        List<Talker.RemoteTotal> sorted = new ArrayList<>(filled);
        for (int i = 0; i < filled; i++) {
            int at = top[i] * RemoteTable.SLOT_LONGS;
            sorted.add(new Talker.RemoteTotal(
                    table.remote(top[i]), slots[at + RemoteTable.PACKETS], slots[at + RemoteTable.BYTES]));
        }
        sorted.sort(BUSIEST_FIRST);
        return List.copyOf(sorted);
    }

    private void siftDown(int[] heap, int from) {
        int at = from;
        while (2 * at + 1 < heap.length) {
            int child = 2 * at + 1;
            if (child + 1 < heap.length && isBusier(heap[child], heap[child + 1])) {
                child++;
            }
            if (!isBusier(heap[at], heap[child])) {
                return;
            }
            int other = heap[at];
            heap[at] = heap[child];
            heap[child] = other;
            at = child;
        }
    }

    /* Of equals the lower address, so that a list stays as it is. */
    private boolean isBusier(int slot, int than) {
        int a = slot * RemoteTable.SLOT_LONGS;
        int b = than * RemoteTable.SLOT_LONGS;
        if (slots[a + RemoteTable.PACKETS] != slots[b + RemoteTable.PACKETS]) {
            return slots[a + RemoteTable.PACKETS] > slots[b + RemoteTable.PACKETS];
        }
        long v6 = (slots[a + RemoteTable.PORT] & RemoteTable.V6) - (slots[b + RemoteTable.PORT] & RemoteTable.V6);
        if (v6 != 0) {
            return v6 < 0;
        }
        int order = Long.compareUnsigned(slots[a + RemoteTable.HIGH], slots[b + RemoteTable.HIGH]);
        order = order != 0 ? order : Long.compareUnsigned(slots[a + RemoteTable.LOW], slots[b + RemoteTable.LOW]);
        return order != 0 ? order < 0 : (slots[a + RemoteTable.PORT] & 0xffff) < (slots[b + RemoteTable.PORT] & 0xffff);
    }
}
