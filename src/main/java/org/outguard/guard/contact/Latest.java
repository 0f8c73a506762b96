package org.outguard.guard.contact;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A map of bounded size that forgets what was not used for longest. */
final class Latest<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;
    private final int most;

    Latest(int most) {
        super(Math.min(16, most * 2), 0.75f, true);
        this.most = most;
    }

    /** What is there for a key, made where there is nothing. */
    V at(K key, Supplier<V> make) {
        V value = get(key);
        if (value == null) {
            value = make.get();
            put(key, value);
        }
        return value;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
