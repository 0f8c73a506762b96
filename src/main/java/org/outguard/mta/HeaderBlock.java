package org.outguard.mta;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.mail.QueuedMessage.Attributes;

/** The header of a message as far as it is of use: bounded in number and length whatever the sender wrote. */
public final class HeaderBlock {

    private static final int MOST_FIELDS = 200;
    private static final int LONGEST = 500;

    private final List<String> fields = new ArrayList<>();

    /** Adds a line as it stands; one that begins with a blank goes on the line before (RFC 5322, 2.2.3). */
    public void add(String line) {
        boolean goesOn = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
        if (goesOn && !fields.isEmpty()) {
            int last = fields.size() - 1;
            if (fields.get(last).length() < LONGEST) {
                fields.set(last, cut(fields.get(last) + " " + line.strip()));
            }
        } else if (fields.size() < MOST_FIELDS) {
            fields.add(cut(line));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** Value of the first field of this name, unfolded. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Values of all fields of this name, topmost first. */
    public List<String> all(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return fields.stream()
                .filter(field -> field.regionMatches(true, 0, start, 0, start.length()))
                .map(field -> field.substring(start.length()).strip())
                .toList();
    }

    /** Whether there are no fields. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Every field, unfolded, topmost first. */
    public List<String> fields() {
        return List.copyOf(fields);
    }

    /** What helps to recognise the message. */
    public Attributes attributes() {
        return new Attributes(
                bare(first("Message-ID").orElse("")),
                first("Subject").orElse(""),
                first("X-PHP-Originating-Script").orElse(""));
    }

    private static String bare(String messageId) {
        boolean bracketed = messageId.startsWith("<") && messageId.endsWith(">") && messageId.length() > 1;
        return bracketed ? messageId.substring(1, messageId.length() - 1) : messageId;
    }
}
