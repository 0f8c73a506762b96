package org.outguard.mail;

import java.util.Optional;

/**
 * An origin with what it rests on. A log line can be written by whoever may call logger(1), a header by whoever writes
 * the message; the queue file is the mail system's own.
 *
 * @param origin who handed the message in, by the best evidence there is
 * @param evidence what that rests on
 * @param disputed another origin that lesser evidence names, where the two differ
 */
public record Provenance(MailOrigin origin, Evidence evidence, Optional<MailOrigin> disputed) {

    /** What an origin rests on, best first. */
    public enum Evidence {
        /** A file in the queue directory, written by the mail system: postcat(1), or the {@code -H} file of Exim. */
        QUEUE_FILE,
        /** The process that submitted it was seen by the kernel. */
        PROCESS,
        /** A line of the mail log. */
        LOG,
        /** A header of the message. */
        HEADER,
        NONE;

        /** Whether a destructive act may rest on it. */
        public boolean trusted() {
            return this == QUEUE_FILE || this == PROCESS;
        }

        /** For people: {@code "queue file"}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /** Undisputed. */
    public static Provenance of(MailOrigin origin, Evidence evidence) {
        return new Provenance(origin, evidence, Optional.empty());
    }

    /** Nobody, for this reason. */
    public static Provenance unknown(String reason) {
        return of(new MailOrigin.Unknown(reason), Evidence.NONE);
    }

    /**
     * What two witnesses say of one message together: the word of the better one, and where the other names somebody else,
     * that is what disputes it. A witness that names nobody says nothing.
     */
    public static Provenance joined(Optional<Provenance> one, Optional<Provenance> other) {
        Optional<Provenance> first = one.filter(Provenance::namesSomebody);
        Optional<Provenance> second = other.filter(Provenance::namesSomebody);
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second)
                    .or(() -> one)
                    .or(() -> other)
                    .orElseGet(() -> unknown("neither queue nor log names anybody"));
        }
        boolean inOrder = first.get().evidence.compareTo(second.get().evidence) <= 0;
        Provenance better = (inOrder ? first : second).get();
        MailOrigin lesser = (inOrder ? second : first).get().origin;
        return better.isDisputed() || better.origin.isSame(lesser)
                ? better
                : new Provenance(better.origin, better.evidence, Optional.of(lesser));
    }

    private boolean namesSomebody() {
        return !(origin instanceof MailOrigin.Unknown);
    }

    /** Whether kinds of evidence contradict each other, so that nothing destructive may rest on it. */
    public boolean isDisputed() {
        return disputed.isPresent();
    }
}
