package org.outguard.maillog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;

/**
 * Origins of messages in flight that there is no more room for: 16 bytes each. Two generations; when the younger is
 * full, the older is thrown away.
 */
final class Remembered {

    /** Different origins that can be kept; an origin beyond is forgotten with its message. */
    private static final int MAX_ORIGINS = 65_536;

    private static final long GONE = -1;

    private final int most;
    private long[] youngKeys;
    private long[] youngValues;
    private long[] oldKeys;
    private long[] oldValues;
    private int size;
    private final List<MailOrigin> origins = new ArrayList<>();
    private final Map<MailOrigin, Integer> indexes = new HashMap<>();

    Remembered(int most) {
        this.most = most;
        this.youngKeys = new long[0];
        this.youngValues = new long[0];
        this.oldKeys = new long[0];
        this.oldValues = new long[0];
    }

    /**
     * What is kept.
     *
     * @param origin who handed it in
     * @param firstMicros time of its first line, to the second
     */
    record Kept(MailOrigin origin, long firstMicros) {}

    /** Keeps the origin of a message, unless it is unknown, disputed or derived. */
    void put(MessageRecord message) {
        MailOrigin origin = message.origin;
        if (origin == null || message.rival != null || origin instanceof MailOrigin.Derived || message.number != 0) {
            return;
        }
        if (origins.size() >= MAX_ORIGINS && !indexes.containsKey(origin)) {
            return;
        }
        int index = indexes.computeIfAbsent(origin, o -> {
            origins.add(o);
            return origins.size() - 1;
        });
        if (youngKeys.length == 0 || size >= most) {
            oldKeys = youngKeys;
            oldValues = youngValues;
            youngKeys = new long[most * 2];
            youngValues = new long[most * 2];
            size = 0;
        }
        long key = key(message.site, message.id, 0, message.id.length);
        int slot = slot(youngKeys, key);
        if (youngKeys[slot] == 0) {
            size++;
        }
        youngKeys[slot] = key;
        youngValues[slot] = (long) index << 36 | message.firstMicros / 1_000_000 & (1L << 36) - 1;
    }

    /** What is kept of an id. */
    @Nullable
    Kept get(Site site, byte[] line, int from, int to) {
        if (youngKeys.length == 0) {
            return null;
        }
        long key = key(site, line, from, to);
        int slot = slot(youngKeys, key);
        long value;
        if (youngKeys[slot] == key) {
            value = youngValues[slot];
        } else if (oldKeys.length > 0 && oldKeys[slot(oldKeys, key)] == key) {
            value = oldValues[slot(oldKeys, key)];
        } else {
            return null;
        }
        if (value == GONE) {
            return null;
        }
        return new Kept(origins.get((int) (value >>> 36)), (value & (1L << 36) - 1) * 1_000_000);
    }

    /** Forgets an id whose message has left the queue. */
    void drop(MessageRecord message) {
        if (youngKeys.length == 0) {
            return;
        }
        long key = key(message.site, message.id, 0, message.id.length);
        int young = slot(youngKeys, key);
        if (youngKeys[young] == key) {
            youngValues[young] = GONE;
        }
        if (oldKeys.length > 0) {
            int old = slot(oldKeys, key);
            if (oldKeys[old] == key) {
                oldValues[old] = GONE;
            }
        }
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int slot = (int) (key ^ key >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /* FNV-1a, 64 bits: no two of some million ids meet. */
    private static long key(Site site, byte[] line, int from, int to) {
        long hash = 0xcbf29ce484222325L + site.index;
        for (int i = from; i < to; i++) {
            hash = (hash ^ line[i]) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }
}
