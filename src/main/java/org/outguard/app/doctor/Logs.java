package org.outguard.app.doctor;

import java.util.List;
import java.util.stream.Stream;
import org.outguard.headless.Finding;

/** Whether mail logs outlive the moment. */
final class Logs implements Check {

    private static final List<String> FILES = List.of(
            "var/log/mail.log",
            "var/log/maillog",
            "var/log/exim4/mainlog",
            "var/log/exim_mainlog",
            "var/log/exim/mainlog",
            "var/log/journal");
    private static final List<String> SYSTEMS = List.of("etc/postfix/main.cf", "etc/exim4", "etc/exim");

    @Override
    public List<Finding> look(CheckContext place) {
        boolean mail = SYSTEMS.stream().anyMatch(place::has);
        boolean logFile = place.text("etc/postfix/main.cf")
                .orElse("")
                .lines()
                .anyMatch(line -> line.matches("maillog_file\\s*=\\s*\\S.*"));
        boolean kept = logFile || Stream.of(FILES).flatMap(List::stream).anyMatch(place::has);
        return mail && !kept
                ? List.of(
                        new Finding(
                                "no-mail-log",
                                Finding.Cost.HIDES_IT,
                                "mail is logged nowhere that outlives a restart: no mail.log, and no persistent journal",
                                "who sent a message that has left the queue is known from the log alone",
                                "apt-get install rsyslog # or: mkdir -p /var/log/journal && systemctl restart systemd-journald"))
                : List.of();
    }
}
