package org.outguard.headless.complaint.mail;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where the header of a message ends (RFC 5322, 2.1). What people paste often lacks the empty line behind it; a line of a log or of a
 * table has colons too, and would be taken for a field.
 */
final class HeaderEnd {

    /** Fields in use have no other characters in their names, and begin with a letter. */
    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*+[ \\t]*+:");

    private HeaderEnd() {}

    /** The same with an empty line behind the header, where text follows at once. */
    static byte[] separated(byte[] bytes) {
        int at = skipEmptyLines(bytes);
        boolean first = true;
        while (at < bytes.length) {
            int end = lineEnd(bytes, at);
            String line = new String(bytes, at, Math.min(end - at, 200), StandardCharsets.ISO_8859_1);
            if (line.isBlank()) {
                return bytes;
            }
            boolean folded = !first && (line.startsWith(" ") || line.startsWith("\t"));
            boolean postmark = first && line.startsWith("From ");
            if (!folded && !postmark && !FIELD.matcher(line).lookingAt()) {
                return first ? bytes : withLineAt(bytes, at);
            }
            first = false;
            at = end;
        }
        return bytes;
    }

    private static int skipEmptyLines(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && " \t\r\n".indexOf(bytes[at]) >= 0) {
            at++;
        }
        return at;
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return Math.min(bytes.length, at + 1);
    }

    private static byte[] withLineAt(byte[] bytes, int at) {
        byte[] whole = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, whole, 0, at);
        whole[at] = '\n';
        System.arraycopy(bytes, at, whole, at + 1, bytes.length - at);
        return whole;
    }
}
