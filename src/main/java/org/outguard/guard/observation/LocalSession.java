package org.outguard.guard.observation;

import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Owner;

/**
 * An SMTP session between a process of this machine and its mail system, as the kernel tells of it.
 *
 * @param word what it tells
 * @param client the end that connected
 * @param server the mail system's end
 * @param owner the process that connected
 * @param serverPid the process that serves it, as its logs call it; 0 where unknown
 * @param connected what tells it from a later one between the same ends: when it was connected, by the kernel's own clock
 * @param begunNanos when it was connected, nanoseconds since the epoch
 * @param atNanos when that was so which is told, nanoseconds since the epoch
 */
public record LocalSession(
        Word word,
        Endpoint client,
        Endpoint server,
        Owner owner,
        int serverPid,
        long connected,
        long begunNanos,
        long atNanos) {

    /** Dovecot's submission service hands in for whoever has logged in there; its log says for whom. */
    private static final Set<String> RELAYS = Set.of("/usr/lib/dovecot/submission", "/usr/libexec/dovecot/submission");

    /** What is told. */
    public enum Word {
        /** This process serves it from here on. */
        SERVED,
        /** The mail system's end is closed. */
        OVER,
        /** A process of another user wrote at the client's end: whose mail it is cannot be told. */
        MIXED
    }

    /** Whether a process hands mail in for others. */
    public static boolean isRelay(Owner owner) {
        return RELAYS.contains(owner.exe());
    }

    /** Who hands mail in by a process. */
    public static MailOrigin.LocalUser userOf(Owner owner) {
        return new MailOrigin.LocalUser(owner.uid(), owner.user(), script(owner));
    }

    /* A worker of php-fpm names its pool; it stands in the folder of the script that it runs. */
    private static String script(Owner owner) {
        return owner.script().startsWith("pool ") ? owner.script() + " in " + owner.cwd() : owner.script();
    }
}
