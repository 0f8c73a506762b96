package org.outguard.maillog;

import java.util.Map;
import java.util.function.Consumer;
import org.outguard.mail.MailOrigin;

/**
 * What pipes of one mail system take, and the local users who hand messages in: some of them run filters and hand back
 * what a pipe took. A message of such a user that is joined with no other may have lost the line that joins it.
 */
final class PipeFilters {

    private static final int MAX_USERS = 4_096;
    private static final int MAX_PIPES = 64;
    private static final int MAX_SUBMITTED = 256;
    private static final int MAX_TAKEN = 64;

    private final Map<String, Use> users = new Site.Newest<>(MAX_USERS);
    private final Map<String, Pipe> pipes = new Site.Newest<>(MAX_PIPES);

    /** The newest messages of local users. */
    private final Map<Long, MessageRecord> submitted = new Site.Newest<>(MAX_SUBMITTED);

    private static final class Use {
        int handedIn;
        int handedBack;

        /** Joined with no other, and yet with the Message-ID of one. */
        int alike;
    }

    private static final class Pipe {
        /** It is known as whom it hands back. */
        boolean understood;

        /** When it took messages of which no line is known, or not yet. */
        final Map<String, Taken> unknown = new Site.Newest<>(MAX_TAKEN);
    }

    private record Taken(long fromMicros, long toMicros) {}

    /** A local user handed a message in. */
    void handedIn(MailOrigin.LocalUser user, MessageRecord message) {
        use(user).handedIn++;
        submitted.put(message.order, message);
    }

    /** Whether any pipe took a message. */
    boolean any() {
        return !pipes.isEmpty();
    }

    /**
     * A pipe took a message.
     *
     * @param pipe name of the service or transport
     */
    void took(String pipe) {
        pipes.computeIfAbsent(pipe, p -> new Pipe());
    }

    /**
     * A pipe took a message of which it is not known what came back, since its lines are lost or come later.
     *
     * @param which name of that message
     * @param judgedAnew told of messages that {@link #mayHaveTaken} speaks of otherwise than before
     */
    void tookUnknown(String pipe, String which, long fromMicros, long toMicros, Consumer<MessageRecord> judgedAnew) {
        Pipe taker = pipes.computeIfAbsent(pipe, p -> new Pipe());
        if (taker.understood) {
            return;
        }
        taker.unknown.put(which, new Taken(fromMicros, toMicros));
        submitted.values().forEach(judgedAnew);
    }

    /**
     * It is known now which message that was.
     *
     * @param judgedAnew told of messages that {@link #mayHaveTaken} speaks of otherwise than before
     */
    void isKnown(String pipe, String which, Consumer<MessageRecord> judgedAnew) {
        Pipe taker = pipes.get(pipe);
        if (taker != null && taker.unknown.remove(which) != null) {
            submitted.values().forEach(judgedAnew);
        }
    }

    /** Whether what a local user handed in at that time may be what a pipe took, of which the lines are lost. */
    boolean mayHaveTaken(long micros) {
        for (Pipe pipe : pipes.values()) {
            for (Taken taken : pipe.unknown.values()) {
                if (micros >= taken.fromMicros && micros <= taken.toMicros) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * A pipe's filter handed back as that user.
     *
     * @param judgedAnew told of messages that are judged otherwise by that
     */
    void handedBack(String pipe, MailOrigin.LocalUser user, Consumer<MessageRecord> judgedAnew) {
        Pipe taker = pipes.computeIfAbsent(pipe, p -> new Pipe());
        boolean news = !taker.understood;
        taker.understood = true;
        taker.unknown.clear();
        Use use = use(user);
        use.handedBack++;
        if (news || Integer.bitCount(use.handedBack) == 1) {
            submitted.values().forEach(judgedAnew);
        }
    }

    /**
     * That user handed in what looks like a message that was there before.
     *
     * @param judgedAnew told of messages of which {@link #handsBackAs} may speak otherwise than before
     */
    void handedInAlike(MailOrigin.LocalUser user, Consumer<MessageRecord> judgedAnew) {
        Use use = use(user);
        use.alike++;
        if (Integer.bitCount(use.alike) == 1) {
            submitted.values().forEach(judgedAnew);
        }
    }

    /** Whether a filter hands back as that user: what is not known to have been handed back may have lost a line. */
    boolean handsBackAs(MailOrigin.LocalUser user) {
        Use use = users.get(user.user());
        return use != null && use.handedBack + use.alike > 0 && (use.handedBack + use.alike) * 50 >= use.handedIn;
    }

    /** Whether a user does not only hand back what a filter was given; some may still wait for their other line. */
    boolean sendsOfItsOwn(MailOrigin.LocalUser user) {
        Use use = users.get(user.user());
        return use != null && use.handedIn - use.handedBack > Math.max(5, use.handedIn / 5);
    }

    private Use use(MailOrigin.LocalUser user) {
        return users.computeIfAbsent(user.user(), u -> new Use());
    }
}
