package org.outguard.mta;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One object for equal ones, since thousands of queued messages share senders, origins and reasons. Any thread. */
public final class Interner {

    private static final int MOST = 8_192;

    private final ConcurrentMap<Object, Object> known = new ConcurrentHashMap<>();

    /** The object that was handed in first among the equal ones, if that is still known. */
    @SuppressWarnings("unchecked") // an equal record or string has the same class
    public <T> T one(T value) {
        if (known.size() >= MOST) {
            known.clear();
        }
        Object first = known.putIfAbsent(value, value);
        return first == null ? value : (T) first;
    }
}
