package org.outguard.capture.smtp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.SmtpReport;

/** What was heard on one connection since its last report. */
final class SmtpNews {

    /** Codes told apart; of more, those of a hundred are counted under its first. */
    private static final int MOST_CODES = 32;

    private final Deque<String> greetings = new ArrayDeque<>(1);
    private final Deque<String> senders = new ArrayDeque<>(1);
    private final Map<Integer, Long> refused = new TreeMap<>();
    private final Map<Integer, Long> replies = new TreeMap<>();
    private long messages;
    private long recipients;
    private boolean encrypted;
    private boolean empty = true;
    private boolean reported;
    private long nowNanos;

    /** Time of what is heard next. */
    void at(long atNanos) {
        nowNanos = atNanos;
    }

    void greeting(String name) {
        add(greetings, name);
    }

    /** @param sender empty where it cannot be read */
    void message(String sender) {
        messages++;
        add(senders, sender);
    }

    void recipient() {
        recipients++;
        empty = false;
    }

    void reply(int code) {
        count(replies, code);
    }

    void refused(int code) {
        count(refused, code);
    }

    void encrypted() {
        encrypted = true;
        empty = false;
    }

    boolean isEmpty() {
        return empty;
    }

    private void count(Map<Integer, Long> codes, int code) {
        boolean room = codes.size() < MOST_CODES || codes.containsKey(code);
        codes.merge(room ? code : code / 100 * 100, 1L, Long::sum);
        empty = false;
    }

    private void add(Deque<String> texts, String text) {
        empty = false;
        if (text.isEmpty()) {
            return;
        }
        if (texts.size() >= SmtpReport.MAX_TEXTS) {
            texts.removeFirst();
        }
        texts.addLast(text);
    }

    /** All of it, which is news no more. */
    SmtpReport report(FlowKey flow) {
        SmtpReport report = new SmtpReport(
                flow,
                nowNanos,
                !reported,
                encrypted,
                List.copyOf(greetings),
                List.copyOf(senders),
                messages,
                recipients,
                refused,
                replies);
        reported = true;
        clear();
        return report;
    }

    void clear() {
        greetings.clear();
        senders.clear();
        refused.clear();
        replies.clear();
        messages = 0;
        recipients = 0;
        encrypted = false;
        empty = true;
    }
}
