package org.outguard.headless.complaint.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.headless.complaint.Stamp;
import org.outguard.headless.complaint.TimeFinder;

/** The header of a message: its fields in their order, unfolded and decoded. */
public final class MessageHeader {

    /** Fields that are kept of one message. */
    static final int MAX_FIELDS = 500;

    private final List<String[]> fields = new ArrayList<>();
    private final int depth;

    /** @param depth how many messages it is attached to */
    public MessageHeader(int depth) {
        this.depth = depth;
    }

    public int depth() {
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
    public String first(String name) {
        return all(name).stream().findFirst().orElse("");
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field[0].equals(name))
                .map(field -> field[1])
                .toList();
    }

    /** Its Date field. */
    public Optional<Stamp> date() {
        return TimeFinder.find(first("date"), 0, null).map(TimeFinder.Found::stamp);
    }

    /** Whether it is the header of a message that mail systems have carried. */
    public boolean carried() {
        return !first("received").isEmpty() || !first("message-id").isEmpty();
    }
}
