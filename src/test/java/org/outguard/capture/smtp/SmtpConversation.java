package org.outguard.capture.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.outguard.guard.observation.SmtpReport;

/**
 * Both ends of one connection to a mail server, as a test writes them down: each text is a segment, numbered and acknowledged as
 * TCP does it, and is captured at once, or later, or never.
 */
final class SmtpConversation {

    private static final int CLIENT_START = 0xffff_fff0;
    private static final int SERVER_START = 7_000;

    private final SmtpSessions sessions;
    private final int port;
    private long localLow = 0xc633640aL;
    private int clientNext = CLIENT_START + 1;
    private int serverNext = SERVER_START + 1;
    private long nanos = 1_700_000_000_000_000_000L;

    SmtpConversation(SmtpSessions sessions, int port) {
        this.sessions = sessions;
        this.port = port;
    }

    /** One whose first packets were captured. */
    static SmtpConversation begun(SmtpSessions sessions, int port) {
        return new SmtpConversation(sessions, port).begins();
    }

    /** The client's SYN and the server's answer are captured. */
    SmtpConversation begins() {
        SmtpSegment syn = segment(true, "");
        syn.syn = true;
        syn.seq = CLIENT_START;
        sessions.take(syn);
        SmtpSegment answer = segment(false, "");
        answer.syn = true;
        answer.seq = SERVER_START;
        sessions.take(answer);
        return this;
    }

    /** The client sends these lines in one segment. */
    SmtpConversation says(String... lines) {
        return capture(segment(true, text(lines)));
    }

    /** The client sends these lines, and that they are its last: shutdown(2) with SHUT_WR. */
    SmtpConversation saysAtLast(String... lines) {
        SmtpSegment last = segment(true, text(lines));
        last.fin = true;
        clientNext++;
        return capture(last);
    }

    /** The server does. */
    SmtpConversation answers(String... lines) {
        return capture(segment(false, text(lines)));
    }

    /** The client sends bytes that are no lines. */
    SmtpConversation sends(byte[] bytes) {
        return capture(segment(true, bytes));
    }

    SmtpConversation sends(String text) {
        return sends(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The server does. */
    SmtpConversation returns(String text) {
        return capture(segment(false, text));
    }

    /** Nobody captured that. */
    SmtpConversation lost(SmtpSegment segment) {
        assert segment.length > 0;
        return this;
    }

    /** From another address from here on. */
    SmtpConversation from(int address) {
        localLow = address & 0xffff_ffffL;
        return this;
    }

    /** The client's bytes, to be captured when the test likes. */
    SmtpSegment sent(String text) {
        return segment(true, text);
    }

    /** A segment that was sent at this moment, to be captured when the test likes. */
    SmtpSegment said(String... lines) {
        return segment(true, text(lines));
    }

    SmtpSegment answered(String... lines) {
        return segment(false, text(lines));
    }

    SmtpConversation capture(SmtpSegment segment) {
        nanos += 1_000_000;
        segment.atNanos = nanos;
        sessions.take(segment);
        return this;
    }

    /** Only so many bytes of it. */
    SmtpConversation capture(SmtpSegment segment, int bytes) {
        segment.captured = Math.min(segment.captured, bytes);
        return capture(segment);
    }

    SmtpConversation passes(long millis) {
        nanos += millis * 1_000_000;
        return this;
    }

    private SmtpSegment segment(boolean toServer, String text) {
        return segment(toServer, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private SmtpSegment segment(boolean toServer, byte[] bytes) {
        SmtpSegment segment = new SmtpSegment();
        segment.toServer = toServer;
        segment.localLow = localLow;
        segment.localPort = port;
        segment.remoteLow = 0xcb007119L;
        segment.remotePort = 25;
        segment.seq = toServer ? clientNext : serverNext;
        segment.ack = toServer ? serverNext : clientNext;
        segment.data = bytes.clone();
        segment.length = bytes.length;
        segment.captured = bytes.length;
        segment.atNanos = nanos;
        if (toServer) {
            clientNext += bytes.length;
        } else {
            serverNext += bytes.length;
        }
        return segment;
    }

    private static String text(String... lines) {
        return lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    }

    /** What all reports since the last call say together. */
    static Heard heard(SmtpSessions sessions) {
        Heard all = new Heard();
        List<SmtpReport> reports = sessions.drain();
        while (!reports.isEmpty()) {
            reports.forEach(all::add);
            reports = sessions.drain();
        }
        return all;
    }

    /** Reports, added up. */
    static final class Heard {
        final List<String> greetings = new ArrayList<>();
        final List<String> senders = new ArrayList<>();
        final Map<Integer, Long> refused = new TreeMap<>();
        final Map<Integer, Long> replies = new TreeMap<>();
        long connections;
        long messages;
        long recipients;
        boolean encrypted;

        private void add(SmtpReport report) {
            connections += report.begins() ? 1 : 0;
            encrypted |= report.encrypted();
            greetings.addAll(report.greetings());
            senders.addAll(report.senders());
            messages += report.messages();
            recipients += report.recipients();
            report.refused().forEach((code, count) -> refused.merge(code, count, Long::sum));
            report.replies().forEach((code, count) -> replies.merge(code, count, Long::sum));
        }

        /** Greetings, senders and sums, to be compared at a glance. */
        String words() {
            return greetings + " " + senders + " " + messages + " messages, " + recipients + " recipients, refused "
                    + refused + (encrypted ? ", encrypted" : "");
        }

        @Override
        public String toString() {
            return words() + ", replies " + replies;
        }
    }
}
