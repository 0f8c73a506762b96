package org.outguard.maillog.line;

import java.util.Optional;

/** Mail systems whose logs are not read, by the syslog tags under which they write. */
public final class OtherSystems {

    private OtherSystems() {}

    /** The name of the mail system that writes under this tag, empty where it is none of these. */
    public static Optional<String> ofTag(String tag) {
        return Optional.ofNullable(
                switch (tag) {
                    case "sendmail", "sm-mta", "sm-msp-queue", "sm-mta-tls", "sm-acceptingconnections" -> "Sendmail";
                    case "smtpd", "opensmtpd" -> "OpenSMTPD";
                    case "qmail", "qmail-send", "qmail-smtpd", "qmail-smtp", "qmail-queue", "qmail-remote" -> "qmail";
                    case "courierd", "courieresmtp", "courieresmtpd", "courierlocal", "courierfilter", "courier" ->
                        "Courier";
                    case "haraka", "Haraka" -> "Haraka";
                    case "stalwart", "stalwart-mail", "stalwart-smtp" -> "Stalwart";
                    default -> null;
                });
    }

    /**
     * The same of a line without a syslog header, by the words behind its stamp: Haraka and Stalwart write files of their
     * own, multilog(8) stamps qmail's lines with TAI64N.
     */
    public static Optional<String> ofLine(String line) {
        if (line.matches("@4000[0-9a-f]{20} (status: |new msg |info msg |starting delivery |delivery |end msg ).*")) {
            return Optional.of("qmail");
        }
        if (line.matches("\\[[A-Z]+] \\[[-0-9A-Fa-f.]+] \\[[\\w./-]+] .*")) {
            return Optional.of("Haraka");
        }
        if (line.matches("(TRACE|DEBUG|INFO|WARN|ERROR) .{0,80}\\([a-z-]+\\.[a-z-]+\\) .*")) {
            return Optional.of("Stalwart");
        }
        return Optional.empty();
    }
}
