package org.outguard.guard.mail;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Replies by which receivers say that this machine sends spam, as large ones and block lists word them. A code alone says
 * too little: 5.7.1 is also an answer to mail for a list that only members may write to.
 */
final class SpamReplies {

    /**
     * A row.
     *
     * @param code what the reply has to hold: an enhanced status (RFC 3463) or a code of the receiver's own
     * @param words one of which it has to hold too; none where the code says it all
     */
    private record Reply(String code, List<String> words) {}

    private static final List<String> SPAM = List.of(
            "spam",
            "unsolicited",
            "junk",
            "unwanted",
            "bulk",
            "suspicious",
            "reputation",
            "blacklist",
            "blocklist",
            "block list",
            "blocked using",
            "is listed",
            "listed in",
            "listed at",
            "listed by",
            "complaint",
            "unusual rate",
            "abuse");

    private static final String[][] BY_LETTER = IntStream.range(0, 128)
            .mapToObj(first ->
                    SPAM.stream().filter(word -> word.charAt(0) == first).toArray(String[]::new))
            .toArray(String[][]::new);

    private static final List<Reply> TABLE = List.of(
            new Reply("4.7.28", List.of()),
            new Reply("5.7.26", List.of()),
            new Reply("s3140", List.of()),
            new Reply("s3150", List.of()),
            new Reply("tss04", List.of()),
            new Reply("tss09", List.of()),
            new Reply("5.7.511", List.of()),
            new Reply("5.7.606", List.of()),
            new Reply("4.7.0", SPAM),
            new Reply("4.7.1", SPAM),
            new Reply("4.7.650", List.of()),
            new Reply("5.7.0", SPAM),
            new Reply("5.7.1", SPAM),
            new Reply("550", SPAM),
            new Reply("554", SPAM));

    private SpamReplies() {}

    /** Whether a reply is one of these. */
    static boolean saysSpam(String reply) {
        String lower = reply.toLowerCase(Locale.ROOT);
        boolean coded = false;
        for (Reply row : TABLE) {
            if (lower.contains(row.code())) {
                if (row.words().isEmpty()) {
                    return true;
                }
                coded = true;
            }
        }
        if (coded) {
            return holdsAny(lower);
        }
        return false;
    }

    /* Of most places the first letter says that no word stands there. */
    private static boolean holdsAny(String lower) {
        for (int i = 0; i < lower.length(); i++) {
            char first = lower.charAt(i);
            if (first < BY_LETTER.length) {
                for (String word : BY_LETTER[first]) {
                    if (lower.startsWith(word, i)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
