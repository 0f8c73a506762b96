package org.outguard.mail;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Who or what handed a message in. All text comes from outside and is made safe before it is shown. */
public sealed interface MailOrigin {

    /** The word in NDJSON and filters: {@code uid}, {@code sasl}, {@code client}, {@code bounce}, {@code unknown} … */
    String kind();

    /** Who, as one text: user name or number, login, address, parent's queue id; empty where nobody is named. */
    String who();

    /** The script that submitted it, empty where none is known. */
    default String script() {
        return "";
    }

    /** The same without what differs from message to message of one submitter: script, port, address of a login. */
    default MailOrigin submitter() {
        return this;
    }

    /** Text that is the same for all messages of one submitter, however each was written, and for no other submitter. */
    default String key() {
        return kind() + ' ' + who();
    }

    /** Whether both name the same, as far as both tell. */
    default boolean isSame(MailOrigin other) {
        return key().equals(other.key());
    }

    /**
     * A local user by sendmail(1), or by SMTP on loopback where the connecting process was seen.
     *
     * @param uid real uid of the submitter, {@link #NO_UID} where only the name is known
     * @param user its name, or the number as text
     * @param script file that an interpreter ran, empty where unknown
     */
    record LocalUser(int uid, String user, String script) implements MailOrigin {

        /** No number: (uid_t) -1 is no user's (setreuid(2)). */
        public static final int NO_UID = -1;

        @Override
        public String kind() {
            return "uid";
        }

        @Override
        public String who() {
            return user;
        }

        @Override
        public MailOrigin submitter() {
            return script.isEmpty() ? this : new LocalUser(uid, user, "");
        }

        /** By number, since a name is what somebody's passwd file says; by name where the number is not known. */
        @Override
        public String key() {
            return uid == NO_UID ? "user " + user : "uid " + uid;
        }

        @Override
        public boolean isSame(MailOrigin other) {
            return other instanceof LocalUser local
                    && (uid == NO_UID || local.uid == NO_UID ? user.equals(local.user) : uid == local.uid);
        }
    }

    /**
     * A user that logged in by SASL (RFC 4954).
     *
     * @param login as it was given
     * @param client address it came from, empty where unknown
     * @param clientPort port it came from
     */
    record Login(String login, String client, OptionalInt clientPort) implements MailOrigin {
        @Override
        public String kind() {
            return "sasl";
        }

        @Override
        public String who() {
            return login;
        }

        @Override
        public MailOrigin submitter() {
            return client.isEmpty() && clientPort.isEmpty() ? this : new Login(login, "", OptionalInt.empty());
        }

        /** Mail systems take a login in any case of letters. */
        @Override
        public String key() {
            return "sasl " + login.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A host, without login.
     *
     * @param address where it came from
     * @param port port it came from, where the log or the queue file has it
     */
    record Client(String address, OptionalInt port) implements MailOrigin {
        @Override
        public String kind() {
            return "client";
        }

        @Override
        public String who() {
            return address;
        }

        @Override
        public MailOrigin submitter() {
            return port.isEmpty() ? this : new Client(address, OptionalInt.empty());
        }
    }

    /**
     * Made by the mail system out of another message: its blame is the parent's.
     *
     * @param link why there are two messages
     * @param parent the other one, empty where it is not named
     */
    record Derived(Link link, Optional<QueueId> parent) implements MailOrigin {
        @Override
        public String kind() {
            return link.word();
        }

        @Override
        public String who() {
            return parent.map(QueueId::id).orElse("");
        }

        @Override
        public MailOrigin submitter() {
            return parent.isEmpty() ? this : new Derived(link, Optional.empty());
        }

        @Override
        public String key() {
            return link.word();
        }

        @Override
        public boolean isSame(MailOrigin other) {
            return other instanceof Derived derived
                    && link == derived.link
                    && (parent.isEmpty() || derived.parent.isEmpty() || who().equals(derived.who()));
        }
    }

    /** How a message comes out of another. */
    enum Link {
        /** A delivery status notification (RFC 3464). */
        BOUNCE,
        /** An alias or .forward file. */
        FORWARD,
        /** {@code postsuper -r}: the same message under a new id. */
        REQUEUE,
        /** A content filter or another instance handed it back. */
        REINJECT;

        /** Lower-case name. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Refused before it was a message.
     *
     * @param client address it came from
     */
    record Rejected(String client) implements MailOrigin {
        @Override
        public String kind() {
            return "rejected";
        }

        @Override
        public String who() {
            return client;
        }
    }

    /**
     * Not known.
     *
     * @param reason why not: lines are missing, mangled, or contradict each other
     */
    record Unknown(String reason) implements MailOrigin {
        @Override
        public String kind() {
            return "unknown";
        }

        @Override
        public String who() {
            return "";
        }

        @Override
        public MailOrigin submitter() {
            return reason.isEmpty() ? this : new Unknown("");
        }
    }
}
