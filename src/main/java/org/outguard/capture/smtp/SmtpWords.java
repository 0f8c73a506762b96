package org.outguard.capture.smtp;

import java.nio.charset.StandardCharsets;
import org.outguard.guard.observation.SmtpReport;

/** Reads command lines of RFC 5321, 4.1, whatever their bytes are. */
final class SmtpWords {

    /** The commands that matter here. */
    enum Command {
        EHLO,
        MAIL,
        RCPT,
        DATA,
        BDAT,
        STARTTLS,
        AUTH,
        /** Any other, also what is none. */
        OTHER
    }

    private SmtpWords() {}

    static Command command(byte[] line, int length) {
        int end = wordEnd(line, 0, length);
        if (is(line, 0, end, "EHLO") || is(line, 0, end, "HELO")) {
            return Command.EHLO;
        }
        for (Command one : Command.values()) {
            if (one != Command.OTHER && is(line, 0, end, one.name())) {
                return one;
            }
        }
        return Command.OTHER;
    }

    /** Where the word ends that begins there. */
    static int wordEnd(byte[] line, int from, int length) {
        int at = from;
        while (at < length && !isSpace(line[at])) {
            at++;
        }
        return at;
    }

    /** The word after the first one; empty where there is none. */
    static String argument(byte[] line, int length) {
        int from = skipSpaces(line, wordEnd(line, 0, length), length);
        return text(line, from, wordEnd(line, from, length));
    }

    /** The address of a MAIL command without brackets, {@code <>} for the null sender; empty where there is none. */
    static String sender(byte[] line, int length) {
        int from = skipSpaces(line, wordEnd(line, 0, length), length);
        int colon = from;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        int at = skipSpaces(line, colon + 1, length);
        if (at >= length) {
            return "";
        }
        if (line[at] != '<') {
            return text(line, at, wordEnd(line, at, length));
        }
        int end = bracketEnd(line, at + 1, length);
        return end == at + 1 ? "<>" : text(line, afterRoute(line, at + 1, end), end);
    }

    /* A bracket within a quoted local part does not count. */
    private static int bracketEnd(byte[] line, int from, int length) {
        boolean quoted = false;
        int at = from;
        while (at < length && (quoted || line[at] != '>')) {
            if (line[at] == '\\' && quoted) {
                at++;
            } else if (line[at] == '"') {
                quoted = !quoted;
            }
            at++;
        }
        return Math.min(at, length);
    }

    /* RFC 5321, 4.1.2: hosts that the message was to go by, which nobody uses. */
    private static int afterRoute(byte[] line, int from, int end) {
        int at = from;
        while (line[from] == '@' && at < end && line[at] != ':') {
            at++;
        }
        return line[from] == '@' && at < end ? at + 1 : from;
    }

    /** The number after the first word; 0 where there is none. */
    static long number(byte[] line, int length, long most) {
        int at = skipSpaces(line, wordEnd(line, 0, length), length);
        long number = 0;
        while (at < length && line[at] >= '0' && line[at] <= '9' && number < most) {
            number = number * 10 + line[at++] - '0';
        }
        return Math.min(number, most);
    }

    private static int skipSpaces(byte[] line, int from, int length) {
        int at = from;
        while (at < length && isSpace(line[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean is(byte[] line, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            // Letters of ASCII alone differ from their capitals in this bit.
            if ((line[from + i] & ~0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /* RFC 6531 lets names and addresses be UTF-8. */
    private static String text(byte[] line, int from, int to) {
        int length = Math.max(0, Math.min(to - from, SmtpReport.MAX_BYTES));
        return new String(line, Math.min(from, line.length - length), length, StandardCharsets.UTF_8);
    }
}
