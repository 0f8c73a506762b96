package org.outguard.maillog;

import org.jspecify.annotations.Nullable;

/**
 * Who writes a line, by host and syslog tag.
 *
 * @param kind whose format the rest of the line has
 * @param program the program, {@link PostfixProgram#OTHER} where it is not Postfix's
 * @param name last part of the tag: {@code smtpd}, as the kernel's name of the process would be; the mail system's name
 *     where its logs are not read
 * @param service part between the instance and the program: {@code submission}, empty for the plain one
 * @param site the mail system it belongs to, null where it belongs to none
 */
public record Tag(
        Kind kind,
        PostfixProgram program,
        String name,
        String service,
        @Nullable Site site) {

    public static final Tag IGNORED = new Tag(Kind.OTHER, PostfixProgram.OTHER, "", "", null);

    public enum Kind {
        POSTFIX,
        EXIM,
        DOVECOT,
        /** A mail system whose logs are not read. */
        UNSUPPORTED,
        /** A unit of Postfix in place of the program, as {@code journalctl -o with-unit} has it: what the line means is lost. */
        UNIT,
        OTHER
    }
}
