package org.outguard.headless.complaint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of logs that name one address, that of a client: whose log it is tells port and protocol. A new program is a line of
 * {@link #TABLE} and a test.
 */
final class LogForms {

    /**
     * A program's line.
     *
     * @param line what it has in it
     * @param port of the service; -1 where that does not follow
     * @param protocol of the service
     * @param kind what it speaks for; null where that is open
     * @param rank of the lines of one session the lowest counts
     * @param session what tells sessions apart, or null where every line stands for itself
     */
    record Form(
            Pattern line,
            int port,
            String protocol,
            @Nullable Kind kind,
            int rank,
            @Nullable Pattern session) {}

    private static final String SSHD = "(?:sshd|sshd-session|dropbear)(?:\\[|\\(|:|\\s)";
    private static final Pattern PID = Pattern.compile("\\b([\\w/.-]+)\\[(\\d+)]");

    private static final List<Form> TABLE = List.of(
            login(SSHD + ".*(?:Failed \\w|[Bb]ad password|maximum authentication)", 22, 0),
            login(SSHD + ".*(?:[Ii]nvalid user|[Ii]llegal user|not allowed because|authentication failures?)", 22, 1),
            login(SSHD, 22, 2),
            login("\\bpam_unix\\(sshd:auth\\)", 22, 1),
            login("Failed (?:password|publickey|keyboard-interactive\\S*|none) for .* ssh2?", 22, 0),
            login("fail2ban\\.filter\\s*\\[\\d+].*\\[sshd?[^]]*] Found ", 22, 0),
            login("fail2ban\\.\\w+\\s*\\[\\d+].*\\[sshd?[^]]*] (?:Ban|Unban|Restore) ", 22, 3),
            login("fail2ban\\.filter\\s*\\[\\d+].* Found ", -1, 0),
            login("fail2ban\\.\\w+\\s*\\[\\d+].* (?:Ban|Restore) ", -1, 3),
            login("postfix\\S*/(?:submission/smtpd|submission)\\[.*(?:authentication fail|SASL)", 587, 0),
            login("postfix\\S*/(?:submissions|smtps)/?\\w*\\[.*(?:authentication fail|SASL)", 465, 0),
            login("postfix\\S*/smtpd\\[.*(?:authentication fail|SASL)", 25, 0),
            login("postfix\\S*/submission/smtpd\\[", 587, 2),
            login("postfix\\S*/(?:submissions|smtps)/smtpd\\[", 465, 2),
            login("postfix\\S*/smtpd\\[", 25, 2),
            login("(?:sm-mta|sendmail)\\[.*AUTH failure", 25, 0),
            login("(?:sm-mta|sendmail)\\[", 25, 2),
            login("exim.*authenticator failed|_login authenticator failed|_plain authenticator failed", -1, 0),
            login("imap-login:.*(?:TLS: Connection closed|TLS handshaking|, TLS)", -1, 0),
            login("pop3-login:.*(?:TLS: Connection closed|TLS handshaking|, TLS)", -1, 0),
            login("imap-login:", 143, 0),
            login("pop3-login:", 110, 0),
            login("managesieve-login:", 4190, 0),
            login("submission-login:", 587, 0),
            login("dovecot.*(?:auth|pam|passwd|sql)\\b.*(?:unknown user|[Pp]assword mismatch|auth.* failed)", -1, 1),
            login("(?:proftpd|vsftpd|pure-ftpd|ftpd)\\b", 21, 0),
            login("(?:xrdp|TermDD|rdp_|RDP-Tcp)", 3389, 0),
            login("mysqld?\\b.*Access denied", 3306, 0),
            login("postgres\\S*.*authentication failed", 5432, 0),
            login("(?:telnetd|in\\.telnetd)\\b", 23, 0),
            login("vnc\\S*:.*(?:authentication|Authentication)", 5900, 0),
            new Form(
                    Pattern.compile("(?:asterisk|chan_sip|res_pjsip|kamailio|opensips|SIP/|NOTICE\\[\\d+\\S*] )"),
                    5060,
                    "udp",
                    Kind.BRUTE_FORCE,
                    0,
                    null),
            web(
                    "(?i)(?:wp-login|xmlrpc\\.php|/administrator|/admin\\b|user/login|/login|/signin)[^\"]*\" \\d{3}",
                    true),
            web(
                    "(?i)AH016\\d\\d|password mismatch|user \\S+ not found|no user/password|wp\\(\\S+\\)|authentication failure for",
                    true),
            web("\"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|PATCH|PROPFIND|\\\\x)[^\"]*\"?", false),
            web("\\[client |, client: |ModSecurity", false),
            login(
                    "(?i)(?:authentication|login|logon|password|auth)\\b.{0,80}\\b(?:fail|failed|failure|invalid|incorrect|wrong|mismatch|denied)|(?:fail|failed|invalid|incorrect|wrong)\\b.{0,60}\\b(?:authentication|login|logon|password|auth)\\b",
                    -1,
                    0));

    private LogForms() {}

    private static Form login(String line, int port, int rank) {
        return new Form(Pattern.compile(line), port, "tcp", Kind.BRUTE_FORCE, rank, PID);
    }

    private static Form web(String line, boolean login) {
        return new Form(Pattern.compile(line), -1, "tcp", login ? Kind.BRUTE_FORCE : null, 0, null);
    }

    /** Whose line it is. */
    static Optional<Form> of(String line) {
        return TABLE.stream().filter(form -> form.line.matcher(line).find()).findFirst();
    }

    /** What its session is called; empty where a line stands for itself. */
    static String session(Form form, String line) {
        if (form.session == null || form.rank == 0 && form.port != 22 && !line.contains("[")) {
            return "";
        }
        Matcher pid = form.session.matcher(line);
        return pid.find() ? pid.group(1) + " " + pid.group(2) : "";
    }
}
