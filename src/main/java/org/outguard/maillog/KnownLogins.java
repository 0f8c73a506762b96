package org.outguard.maillog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Logins of one mail system and how often each was used: a line that is cut short, or that goes on as another one, makes
 * a login that nobody has, and it cannot be told from a right one otherwise.
 */
final class KnownLogins {

    private static final int MAX_LOGINS = 4_096;
    private static final int MAX_MESSAGES = 16;

    /** Forms of stamps, and how much of each is no login's end by chance. */
    private static final Map<String, Integer> STAMPS = Map.of("Mmm dd hh:mm:ss", 3, "20dd-dd-ddThh:mm", 5);

    private static final String MONTHS = " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

    private final Map<String, Use> logins = new Site.Newest<>(MAX_LOGINS);

    private static final class Use {
        /** Its first messages. */
        final List<MessageRecord> messages = new ArrayList<>();

        int count;

        void add(MessageRecord message) {
            count++;
            if (messages.size() < MAX_MESSAGES) {
                messages.add(message);
            }
        }

        /** A doubled line is no second message. */
        boolean knows(MessageRecord message) {
            return messages.stream().anyMatch(known -> Arrays.equals(known.id, message.id));
        }
    }

    /**
     * A message came with a login.
     *
     * @param judgedAnew told of messages that {@link #mayBeCut} speaks of otherwise than before
     */
    void count(String login, MessageRecord message, Consumer<MessageRecord> judgedAnew) {
        Use use = logins.computeIfAbsent(login, l -> new Use());
        if (use.knows(message)) {
            return;
        }
        use.add(message);
        if (use.count > MAX_MESSAGES || Integer.bitCount(use.count) != 1) {
            return;
        }
        logins.forEach((other, known) -> {
            boolean alike = common(other, login) * 2 >= other.length() || isHead(domain(other), domain(login));
            if (known.count <= MAX_MESSAGES && (login.startsWith(other) || known.count <= 1 && alike)) {
                known.messages.forEach(judgedAnew);
            }
        });
    }

    /**
     * Whether a login is likely the head of a longer one: a longer one that begins with it is used at least half as
     * often, or it was seen once and looks like none of the others.
     */
    boolean mayBeCut(String login, String sender) {
        Use use = logins.get(login);
        int count = use == null ? 0 : use.count;
        // Cut inside of a letter.
        if (login.endsWith("\ufffd")) {
            return true;
        }
        for (Map.Entry<String, Use> entry : logins.entrySet()) {
            String other = entry.getKey();
            if (isHead(login, other) && entry.getValue().count * 2 >= count) {
                return true;
            }
        }
        return count <= 1 && (looksCut(login, sender) || goesOnAsLine(login, sender));
    }

    private boolean looksCut(String login, String sender) {
        String domain = domain(login);
        if (isHead(login, sender) || isHead(domain, domain(sender)) || domain.endsWith(".") || domain.endsWith("-")) {
            return true;
        }
        int withDomain = 0;
        for (String other : logins.keySet()) {
            withDomain += other.indexOf('@') >= 0 ? 1 : 0;
            boolean nearly = !other.equals(login) && common(other, login) >= login.length() - 2;
            boolean likeNone = domain.isEmpty() && withDomain > 0;
            if (nearly || likeNone || isHead(domain, domain(other))) {
                return true;
            }
        }
        return false;
    }

    /** Whether another line's stamp begins behind what is known as the head of a login, or so much of it that it is one. */
    private boolean goesOnAsLine(String login, String sender) {
        for (Map.Entry<String, Integer> stamp : STAMPS.entrySet()) {
            String form = stamp.getKey();
            for (int length = Math.min(form.length(), login.length() - 1); length > 0; length--) {
                int from = login.length() - length;
                if (begins(form, login, from)) {
                    String head = login.substring(0, from);
                    if (length >= stamp.getValue() || sender.startsWith(head) || isKnownHead(login, head)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isKnownHead(String login, String head) {
        return logins.keySet().stream().anyMatch(other -> !other.equals(login) && other.startsWith(head));
    }

    /** Whether a stamp of that form begins at an index of a text and goes on to its end. */
    private static boolean begins(String form, String text, int from) {
        boolean named = form.charAt(0) == 'M';
        if (named && !MONTHS.contains(' ' + text.substring(from, Math.min(text.length(), from + 3)))) {
            return false;
        }
        for (int i = named ? from + 3 : from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = switch (form.charAt(i - from)) {
                case 'd' -> c >= '0' && c <= '9' || c == ' ';
                case 'h', 'm', 's' -> c >= '0' && c <= '9';
                default -> c == form.charAt(i - from);
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHead(String head, String whole) {
        return !head.isEmpty() && head.length() < whole.length() && whole.startsWith(head);
    }

    private static String domain(String login) {
        return login.substring(login.indexOf('@') + 1, login.indexOf('@') < 0 ? 0 : login.length());
    }

    /** With how many characters both begin. */
    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int same = 0;
        while (same < length && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }
}
