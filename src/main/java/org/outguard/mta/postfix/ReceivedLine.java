package org.outguard.mta.postfix;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mail.MailOrigin;
import org.outguard.mta.UserNames;

/**
 * A Received field as Postfix writes it (src/cleanup/cleanup_message.c, src/smtpd/smtpd.c, src/pickup/pickup.c). The
 * topmost is always the mail system's own; those below it are only if what they stand under says so.
 *
 * @param uid the submitter, for mail by sendmail(1)
 * @param origin who handed it in, empty for a message that Postfix made itself
 * @param id the queue id that it had
 */
record ReceivedLine(OptionalInt uid, Optional<MailOrigin> origin, Optional<String> id) {

    private static final Pattern LOCAL =
            Pattern.compile("by \\S+ \\(\\S+, from userid (\\d{1,10})\\)\\s+id ([0-9A-Za-z]{6,30});.*");
    private static final Pattern INTERNAL = Pattern.compile("by \\S+ \\(\\S+\\)\\s+id ([0-9A-Za-z]{6,30});.*");

    /* No blank can stand in a HELO name, so what is in brackets within parentheses is Postfix's own word. */
    private static final Pattern REMOTE =
            Pattern.compile("from \\S+ \\(\\S+ \\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\\]\\).*");
    private static final Pattern REMOTE_ID = Pattern.compile(".*\\) with \\S+ id ([0-9A-Za-z]{6,30})\\b.*");
    private static final Pattern LOGIN = Pattern.compile(".*\\(Authenticated sender: ([^()]{1,200})\\)\\s+by .*");

    static Optional<ReceivedLine> parse(String value, UserNames users) {
        if (value.startsWith("from ")) {
            return remote(value);
        }
        Matcher local = LOCAL.matcher(value);
        if (local.matches()) {
            int uid;
            try {
                uid = Integer.parseUnsignedInt(local.group(1));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
            MailOrigin user = new MailOrigin.LocalUser(uid, users.nameOf(uid), "");
            return Optional.of(new ReceivedLine(OptionalInt.of(uid), Optional.of(user), Optional.of(local.group(2))));
        }
        Matcher internal = INTERNAL.matcher(value);
        if (internal.matches()) {
            return Optional.of(new ReceivedLine(OptionalInt.empty(), Optional.empty(), Optional.of(internal.group(1))));
        }
        return Optional.empty();
    }

    private static Optional<ReceivedLine> remote(String value) {
        Matcher remote = REMOTE.matcher(value);
        if (remote.matches()) {
            Matcher id = REMOTE_ID.matcher(value);
            Matcher login = LOGIN.matcher(value);
            MailOrigin origin = login.matches()
                    ? new MailOrigin.Login(login.group(1), remote.group(1), OptionalInt.empty())
                    : new MailOrigin.Client(remote.group(1), OptionalInt.empty());
            return Optional.of(new ReceivedLine(
                    OptionalInt.empty(),
                    Optional.of(origin),
                    id.matches() ? Optional.of(id.group(1)) : Optional.empty()));
        }
        return Optional.empty();
    }
}
