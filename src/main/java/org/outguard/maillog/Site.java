package org.outguard.maillog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.outguard.mail.MailOrigin;

/** One mail system in the log: an instance of Postfix, or Exim, on one host. Queue ids are unique within it only. */
final class Site {

    private static final int MAX_SESSIONS = 4_096;
    private static final int MAX_LOGINS = 4_096;
    private static final int MAX_LIVES = 16;

    final String host;
    final String instance;
    final int index;

    /** Open SMTP sessions, by pid of their smtpd(8) or exim process. */
    final Map<Integer, Session> sessions = new Newest<>(MAX_SESSIONS);

    private final Map<String, LoginUse> logins = new Newest<>(MAX_LOGINS);

    /** Services beside the plain one, and addresses, from which messages with a login came. */
    private final Map<String, Boolean> loginPlaces = new Newest<>(MAX_LOGINS);

    /** Messages by sendmail(1), by uid: how many, and how many of them a filter handed back. */
    private final Map<Integer, int[]> submissions = new Newest<>(MAX_LOGINS);

    private final Map<String, Boolean> handBackClients = new Newest<>(MAX_LOGINS);

    private int requeueUid = -1;

    Site(String host, String instance, int index) {
        this.host = host;
        this.instance = instance;
        this.index = index;
    }

    private static final class LoginUse {
        /** Its first messages. */
        final List<Life> lives = new ArrayList<>();

        int count;

        void add(Life life) {
            count++;
            if (lives.size() < MAX_LIVES) {
                lives.add(life);
            }
        }

        /** A doubled line is no second message. */
        boolean knows(Life life) {
            return lives.stream().anyMatch(known -> Arrays.equals(known.id, life.id));
        }
    }

    /**
     * A message came with a login.
     *
     * @param judgedAnew told of messages that {@link #mayBeCut} speaks of otherwise than before
     */
    void countLogin(MailOrigin.Login origin, Life life, Consumer<Life> judgedAnew) {
        loginPlaces.put(origin.client(), true);
        loginPlaces.put(life.service, true);
        String login = origin.login();
        LoginUse use = logins.computeIfAbsent(login, l -> new LoginUse());
        if (use.knows(life)) {
            return;
        }
        use.add(life);
        if (use.count > MAX_LIVES || Integer.bitCount(use.count) != 1) {
            return;
        }
        logins.forEach((other, known) -> {
            if (login.startsWith(other) && known.count <= MAX_LIVES) {
                known.lives.forEach(judgedAnew);
            }
        });
    }

    /** A message came from there with the id that it had before: a filter or another instance hands back. */
    void handsBack(String client) {
        handBackClients.put(client, true);
    }

    /** Whether messages from there had another id before, and their lines say which. */
    boolean expectsOriginal(String client) {
        return handBackClients.containsKey(client);
    }

    /** Whether who comes from there, by that service, is likely to log in. */
    boolean expectsLogin(String client, String service) {
        return loginPlaces.containsKey(client) || !service.isEmpty() && loginPlaces.containsKey(service);
    }

    /** A message was requeued: pickup(8) logs it as handed in by the mail system's own user. */
    void requeuesAs(int uid) {
        requeueUid = uid;
    }

    /** Whether this is the mail system's own user, whose messages are requeued ones, named behind the user. */
    boolean isOwnUser(MailOrigin.LocalUser user) {
        return user.uid() == requeueUid || user.user().equals("postfix");
    }

    void countSubmission(int uid) {
        submissions.computeIfAbsent(uid, u -> new int[2])[0]++;
    }

    void countHandBack(int uid) {
        submissions.computeIfAbsent(uid, u -> new int[2])[1]++;
    }

    /** Whether a user does not only hand back what a filter was given; some may still wait for their other line. */
    boolean sendsOfItsOwn(int uid) {
        int[] counts = submissions.getOrDefault(uid, new int[2]);
        return counts[0] - counts[1] > Math.max(5, counts[0] / 5);
    }

    /**
     * Whether a login is likely the head of a longer one whose line was cut short: a longer one that begins with it is
     * used at least half as often, or it was seen once and all others have a domain. A cut line cannot be told from a
     * whole one otherwise.
     */
    boolean mayBeCut(String login, String sender) {
        LoginUse use = logins.get(login);
        int count = use == null ? 0 : use.count;
        // Cut inside of a letter.
        if (login.endsWith("\ufffd")) {
            return true;
        }
        if (count <= 1 && sender.length() > login.length() && sender.startsWith(login)) {
            return true;
        }
        boolean domain = login.indexOf('@') >= 0;
        int withDomain = 0;
        for (Map.Entry<String, LoginUse> entry : logins.entrySet()) {
            String other = entry.getKey();
            withDomain += other.indexOf('@') >= 0 ? 1 : 0;
            boolean longer = other.length() > login.length() && other.startsWith(login);
            boolean nearly = count <= 1 && !other.equals(login) && common(other, login) >= login.length() - 2;
            if (nearly || longer && entry.getValue().count * 2 >= count || count <= 1 && !domain && withDomain > 1) {
                return true;
            }
        }
        return false;
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

    /** A map that forgets what was put in first. */
    static final class Newest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
