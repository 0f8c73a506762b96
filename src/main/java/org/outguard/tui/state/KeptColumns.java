package org.outguard.tui.state;

import java.util.Map;
import java.util.Set;

/** Port: the columns that a person does not want, kept from one start to the next. Safe from one thread. */
public interface KeptColumns {

    /** Keeps nothing. */
    KeptColumns NONE = new KeptColumns() {
        @Override
        public Map<String, Set<String>> read() {
            return Map.of();
        }

        @Override
        public void write(Map<String, Set<String>> hidden) {
            // The next start shows all of them again.
        }
    };

    /** Titles of hidden columns by the name of their view; none where nothing was kept. */
    Map<String, Set<String>> read();

    /** Keeps them, if that can be. */
    void write(Map<String, Set<String>> hidden);
}
