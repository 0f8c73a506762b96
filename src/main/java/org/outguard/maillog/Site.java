package org.outguard.maillog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.outguard.mail.MailOrigin;

/** One mail system in the log: an instance of Postfix, or Exim, on one host. Queue ids are unique within it only. */
public final class Site {

    private static final int MAX_PLACES = 4_096;
    private static final int MAX_UNSETTLED = 256;

    /** Numbers that Debian gives to users of packages as they come (Debian policy, 9.2.2). */
    private static final int LEAST_SYSTEM_UID = 100;

    private static final int MOST_SYSTEM_UID = 999;

    public final String host;
    final String instance;
    final int index;

    final SmtpdSessions sessions = new SmtpdSessions();
    final KnownLogins logins = new KnownLogins();
    final PipeFilters pipeFilters = new PipeFilters();

    /** Addresses from which messages with a login came. */
    private final Map<String, Boolean> loginPlaces = new Newest<>(MAX_PLACES);

    private final Map<String, Boolean> handBackClients = new Newest<>(MAX_PLACES);
    private final Map<Long, MessageRecord> fromLoopback = new Newest<>(MAX_UNSETTLED);

    private boolean relaysForLogins;
    /** None by then. */
    private int requeueUid = Integer.MIN_VALUE;

    Site(String host, String instance, int index) {
        this.host = host;
        this.instance = instance;
        this.index = index;
    }

    /**
     * A message came with a login.
     *
     * @param judgedAnew told of messages that {@link KnownLogins#mayBeCut} speaks of otherwise than before
     */
    void countLogin(MailOrigin.Login origin, MessageRecord message, Consumer<MessageRecord> judgedAnew) {
        loginPlaces.put(origin.client(), true);
        logins.count(origin.login(), message, judgedAnew);
    }

    /**
     * A message came from there with the id that it had before: a filter or another instance hands back.
     *
     * @param judgedAnew told of messages that came from there before that was known
     */
    void handsBack(String client, Consumer<MessageRecord> judgedAnew) {
        if (handBackClients.put(client, true) == null) {
            fromLoopback.values().forEach(judgedAnew);
        }
    }

    /** A message came from this machine, and its line does not say that it had been here before. */
    void cameByLoopback(MessageRecord message) {
        fromLoopback.put(message.order, message);
    }

    /** Whether messages from there had another id before, and their lines say which. */
    boolean expectsOriginal(String client) {
        return handBackClients.containsKey(client);
    }

    /** Whether who comes from there, or by a service beside the plain one, is likely to log in. */
    boolean expectsLogin(String client, String service) {
        return loginPlaces.containsKey(client) || !service.isEmpty();
    }

    /** A message was requeued: pickup(8) logs it as handed in by the mail system's own user. */
    void requeuesAs(int uid) {
        requeueUid = uid;
    }

    /**
     * Whether this is the mail system's own user, whose messages are requeued ones, named behind the user; or may be it,
     * since it is a package's and its name is not known.
     */
    boolean isOwnUser(MailOrigin.LocalUser user) {
        boolean nameless = user.user().equals(Integer.toString(user.uid()));
        boolean systems = user.uid() >= LEAST_SYSTEM_UID && user.uid() <= MOST_SYSTEM_UID;
        return user.uid() == requeueUid || user.user().equals("postfix") || nameless && systems;
    }

    /**
     * Dovecot's submission service hands in over loopback.
     *
     * @param judgedAnew told of messages that came so before that was known
     */
    void relaysForLogins(Consumer<MessageRecord> judgedAnew) {
        if (!relaysForLogins) {
            relaysForLogins = true;
            fromLoopback.values().forEach(judgedAnew);
        }
    }

    boolean relaysForLogins() {
        return relaysForLogins;
    }

    /** A map that forgets what was put in first. */
    public static final class Newest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int most;

        public Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
