package org.outguard.guard.snapshot;

import java.util.List;
import java.util.Map;

/**
 * What a talker was heard to say to mail servers, in the clear: best effort, for what passed while nobody listened is not in it.
 *
 * @param connections connections of which something was heard
 * @param encrypted those of them that went over to TLS, after which nothing is read
 * @param greetings names given with EHLO or HELO, most frequent first, at most {@link MailSnapshot#MAX_LISTED}
 * @param lastSender address of the last MAIL FROM, {@code <>} for the null sender, empty where none was heard
 * @param senders different addresses of MAIL FROM, to about two in a hundred
 * @param messages messages begun
 * @param recipients recipients asked for
 * @param refused refused recipients by the code of the reply, in its order
 * @param replies all replies by code, in its order
 */
public record SmtpSnapshot(
        long connections,
        long encrypted,
        List<MailSnapshot.Counted> greetings,
        String lastSender,
        long senders,
        long messages,
        long recipients,
        List<Code> refused,
        List<Code> replies) {

    public SmtpSnapshot {
        greetings = List.copyOf(greetings);
        refused = List.copyOf(refused);
        replies = List.copyOf(replies);
    }

    /**
     * How often a reply came.
     *
     * @param code 200 to 599
     * @param count how often
     */
    public record Code(int code, long count) {}

    /** Refused recipients, whatever the code. */
    public long refusedRecipients() {
        return refused.stream().mapToLong(Code::count).sum();
    }

    public static List<Code> codes(Map<Integer, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Code(entry.getKey(), entry.getValue()))
                .toList();
    }
}
