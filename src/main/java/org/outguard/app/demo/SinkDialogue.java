package org.outguard.app.demo;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One session with the lab's mail server (RFC 5321): what it answers to each line. It takes mail to example.com, puts off
 * mail to example.net and to the lab itself, whose bounces come here, and refuses every other recipient, with the words that
 * real servers have for it.
 */
final class SinkDialogue {

    static final String GREETING = "220 mx.example.com ESMTP";

    /** The line that ends a message. */
    static final String END = ".";

    private static final Pattern PATH = Pattern.compile("(?i)(?:MAIL FROM|RCPT TO):\\s*<([^<> ]{0,254})>.*");
    private static final String TAKEN = "@example.com";
    private static final String BUSY = "@example.net";
    private static final String OURS = "@mail.example.org";

    private int recipients;
    private boolean inMessage;
    private boolean over;

    /** Whether the session was ended by its client. */
    boolean isOver() {
        return over;
    }

    /** The answer to a line; none to one in the midst of a message. */
    Optional<String> reply(String line) {
        if (inMessage) {
            inMessage = !line.equals(END);
            return inMessage ? Optional.empty() : Optional.of("250 2.0.0 Ok: queued");
        }
        String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
        return Optional.of(
                switch (verb) {
                    case "EHLO", "HELO" -> "250 mx.example.com";
                    case "MAIL" -> begin();
                    case "RCPT" -> recipient(line);
                    case "DATA" -> data();
                    case "RSET", "NOOP" -> "250 2.0.0 Ok";
                    case "QUIT" -> quit();
                    default -> "502 5.5.1 Error: command not implemented";
                });
    }

    private String begin() {
        recipients = 0;
        return "250 2.1.0 Ok";
    }

    private String recipient(String line) {
        Matcher path = PATH.matcher(line);
        if (!path.matches()) {
            return "501 5.1.3 Bad recipient address syntax";
        }
        String to = path.group(1).toLowerCase(Locale.ROOT);
        if (to.endsWith(TAKEN)) {
            recipients++;
            return "250 2.1.5 Ok";
        } else if (to.endsWith(BUSY)) {
            return "450 4.7.1 <" + to
                    + ">: Recipient address rejected: too much mail from 198.51.100.10, try again later";
        } else if (to.endsWith(OURS)) {
            return "452 4.2.2 <" + to + ">: Recipient address rejected: mailbox is full";
        }
        return "550 5.1.1 <" + to + ">: Recipient address rejected: User unknown in virtual mailbox table";
    }

    private String data() {
        if (recipients == 0) {
            return "554 5.5.1 Error: no valid recipients";
        }
        inMessage = true;
        return "354 End data with <CR><LF>.<CR><LF>";
    }

    private String quit() {
        over = true;
        return "221 2.0.0 Bye";
    }
}
