package org.outguard.mta;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.QueuedMessage.Attributes;

/**
 * What is of use of a message's header: bounded in number and length whatever the sender wrote. Other fields are passed
 * over as bytes, since a queue of a hundred thousand has millions of them.
 */
public final class HeaderBlock {

    private static final int MOST_RECEIVED = 200;
    private static final int LONGEST = 500;

    /** A field that is kept. */
    private enum Field {
        RECEIVED("received:"),
        CONTENT_TYPE("content-type:"),
        MESSAGE_ID("message-id:"),
        SUBJECT("subject:"),
        SCRIPT("x-php-originating-script:");

        private final String start;

        Field(String start) {
            this.start = start;
        }

        boolean begins(byte[] line, int from, int length) {
            if (length < start.length()) {
                return false;
            }
            for (int i = 0; i < start.length(); i++) {
                int c = line[from + i];
                if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != start.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Field[] FIELDS = Field.values();

    private final List<String> received = new ArrayList<>();
    private String contentType = "";
    private String messageId = "";
    private String subject = "";
    private String script = "";
    private boolean typed;

    /* The field that the next line may go on. */
    private final StringBuilder open = new StringBuilder();
    private @Nullable Field field;

    /** Adds a line as it stands; one that begins with a blank goes on the line before (RFC 5322, 2.2.3). */
    public void add(byte[] line, int from, int length) {
        boolean goesOn = length > 0 && (line[from] == ' ' || line[from] == '\t');
        if (goesOn) {
            if (field != null && open.length() < LONGEST) {
                open.append(' ')
                        .append(text(line, from, Math.min(length, 4 * LONGEST)).strip());
            }
            return;
        }
        close();
        for (Field known : FIELDS) {
            if (known.begins(line, from, length)) {
                field = known;
                int start = known.start.length();
                open.append(text(line, from + start, Math.min(length - start, 4 * LONGEST)));
                return;
            }
        }
    }

    /** Adds several lines, each with its end. */
    public void addLines(byte[] lines, int from, int length) {
        int start = from;
        for (int i = from; i < from + length; i++) {
            if (lines[i] == '\n') {
                add(lines, start, i - start);
                start = i + 1;
            }
        }
        if (start < from + length) {
            add(lines, start, from + length - start);
        }
    }

    private void close() {
        if (field == null) {
            return;
        }
        String value = open.substring(0, Math.min(open.length(), LONGEST)).strip();
        switch (field) {
            case RECEIVED -> {
                if (received.size() < MOST_RECEIVED) {
                    received.add(value);
                }
            }
            case CONTENT_TYPE -> {
                contentType = typed ? contentType : value;
                typed = true;
            }
            case MESSAGE_ID -> messageId = messageId.isEmpty() ? value : messageId;
            case SUBJECT -> subject = subject.isEmpty() ? value : subject;
            case SCRIPT -> script = script.isEmpty() ? value : script;
        }
        field = null;
        open.setLength(0);
    }

    /** Values of all Received fields, topmost first, unfolded. */
    public List<String> received() {
        close();
        return received;
    }

    /** Value of the first Content-Type field, empty where there is none. */
    public String contentType() {
        close();
        return contentType;
    }

    /** What helps to recognise the message. */
    public Attributes attributes() {
        close();
        return messageId.isEmpty() && subject.isEmpty() && script.isEmpty()
                ? Attributes.NONE
                : new Attributes(bare(messageId), subject, script);
    }

    /** Value of {@code X-PHP-Originating-Script}, empty where there is none. */
    public String script() {
        close();
        return script;
    }

    private static String bare(String messageId) {
        boolean bracketed = messageId.startsWith("<") && messageId.endsWith(">") && messageId.length() > 1;
        return bracketed ? messageId.substring(1, messageId.length() - 1) : messageId;
    }

    /** Bytes as text, in UTF-8 where they are that and in ISO 8859-1 where they are not. */
    public static String text(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
