package org.outguard.headless.complaint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The header of a message: its fields in their order, unfolded and decoded. */
final class Envelope {

    /** Fields that are kept of one message. */
    static final int MAX_FIELDS = 500;

    private final List<String[]> fields = new ArrayList<>();
    private final int depth;

    /** @param depth how many messages it is attached to */
    Envelope(int depth) {
        this.depth = depth;
    }

    int depth() {
        return depth;
    }

    void add(String name, String body) {
        if (fields.size() < MAX_FIELDS) {
            fields.add(new String[] {
                name.strip().toLowerCase(Locale.ROOT),
                body.replaceAll("\\s+", " ").strip()
            });
        }
    }

    /** The first field of a name; empty where there is none. */
    String first(String name) {
        return all(name).stream().findFirst().orElse("");
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field[0].equals(name))
                .map(field -> field[1])
                .toList();
    }

    /** Its Date field. */
    Optional<Stamp> date() {
        return TimeFinder.find(first("date"), 0, null).map(TimeFinder.Found::stamp);
    }

    /** Whether it is the header of a message that mail systems have carried. */
    boolean carried() {
        return !first("received").isEmpty() || !first("message-id").isEmpty();
    }
}
