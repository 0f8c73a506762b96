package org.outguard.mta.opensmtpd;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.MailOrigin.Link;
import org.outguard.mail.Provenance;
import org.outguard.mail.Provenance.Evidence;

/**
 * An envelope file, a recipient of a message each: lines {@code name: value} (usr.sbin/smtpd/envelope.c).
 *
 * @param fields its lines
 */
record Envelope(Map<String, String> fields) {

    /** Reads one; a line that is none counts for nothing. */
    static Envelope parse(byte[] bytes) {
        Map<String, String> fields = new HashMap<>();
        new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
            }
        });
        return new Envelope(fields);
    }

    private String field(String name) {
        return fields.getOrDefault(name, "");
    }

    Instant arrival() {
        String time = field("ctime");
        return time.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(time)) : Instant.EPOCH;
    }

    String sender() {
        return field("sender");
    }

    /** Who submitted it, as far as OpenSMTPD writes that down: of who runs sendmail(8) it keeps nothing. */
    Provenance origin() {
        String address = field("sockaddr").replaceAll("^\\[(?:IPv6:)?|\\]$", "");
        if (sender().isEmpty()) {
            return Provenance.of(new MailOrigin.Derived(Link.BOUNCE, Optional.empty()), Evidence.QUEUE_FILE);
        } else if (address.isEmpty() || address.equals("local")) {
            return Provenance.unknown("OpenSMTPD does not write down which local user submits");
        } else if (!field("username").isEmpty()) {
            return Provenance.of(
                    new MailOrigin.Login(field("username"), address, OptionalInt.empty()), Evidence.QUEUE_FILE);
        }
        return field("flags").contains("authenticated")
                ? Provenance.unknown("it came with a login, which this OpenSMTPD does not write down")
                : Provenance.of(new MailOrigin.Client(address, OptionalInt.empty()), Evidence.QUEUE_FILE);
    }
}
