package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mta.ProgramCalls;

/**
 * Sessions of a login that are open now. Which smtpd process serves it, only the log says; since that can be forged, the
 * process must hold a connection with the client that the same line names. An ended session costs its client a retry.
 */
final class OpenSessions {

    /** Parameter that names the log that Postfix writes itself. */
    static final String LOG = "maillog_file";

    private static final int TAIL_BYTES = 4 * 1024 * 1024;
    private static final String USERNAME = "sasl_username=";
    private static final Pattern ACCEPTED =
            Pattern.compile("/smtpd\\[(\\d{1,9})\\]: [0-9A-Za-z]+: client=\\S*?\\[([0-9A-Fa-f.:]+)\\]");
    private static final Pattern CONNECTION = Pattern.compile(
            "\\d+\\s+\\d+\\s+(\\S+)\\s+(\\[?([0-9A-Fa-f.:]+?)\\]?:\\d+)" + "\\s+users:\\(\\(\"smtpd\",pid=(\\d+)");

    private final ProgramCalls calls;

    OpenSessions(ProgramCalls calls) {
        this.calls = calls;
    }

    /**
     * Ends them: the kernel closes each connection (SOCK_DESTROY, sock_diag(7)). A signal to smtpd would do as well, but
     * master(8) takes one that ends early for broken, and starts no other for a minute.
     *
     * @param ownLog the log that Postfix writes itself, empty if it does not
     */
    void end(String login, String ownLog, List<String> problems) {
        Map<Long, Set<String>> served = servedBy(login, ownLog);
        if (served.isEmpty()) {
            return;
        }
        calls.onNetwork(List.of("ss", "-Htnp", "state", "established"), "")
                .out()
                .lines()
                .forEach(line -> {
                    Matcher matcher = CONNECTION.matcher(line);
                    if (matcher.find()) {
                        String peer = matcher.group(3).replaceFirst("(?i)^::ffff:", "");
                        boolean its = served.getOrDefault(
                                        calls.host().numberThere(Long.parseLong(matcher.group(4))), Set.of())
                                .contains(peer);
                        if (its && !end(matcher.group(1), matcher.group(2))) {
                            problems.add(
                                    "the kernel does not close connections: an open session of " + login + " goes on");
                        }
                    }
                });
    }

    private boolean end(String local, String remote) {
        calls.onNetwork(List.of("ss", "-K", "-Htn", "state", "established", "src", local, "dst", remote), "");
        return calls.onNetwork(List.of("ss", "-Htn", "state", "established", "src", local, "dst", remote), "")
                .out()
                .isBlank();
    }

    /* Process numbers with the clients that they served under this login. */
    private Map<Long, Set<String>> servedBy(String login, String ownLog) {
        String wanted = login.toLowerCase(Locale.ROOT);
        Map<Long, Set<String>> served = new HashMap<>();
        tail(ownLog).lines().filter(line -> line.contains(USERNAME)).forEach(line -> {
            String rest = line.substring(line.indexOf(USERNAME) + USERNAME.length());
            String name = rest.split(", ", 2)[0].strip().toLowerCase(Locale.ROOT);
            Matcher matcher = ACCEPTED.matcher(line);
            if (name.equals(wanted) && matcher.find()) {
                served.computeIfAbsent(Long.parseLong(matcher.group(1)), pid -> new HashSet<>())
                        .add(matcher.group(2));
            }
        });
        return served;
    }

    private String tail(String ownLog) {
        for (String file : List.of(ownLog, "/var/log/mail.log", "/var/log/maillog")) {
            if (file.startsWith("/")) {
                try {
                    return calls.tail(Path.of(file), TAIL_BYTES);
                } catch (IOException e) {
                    // Another one, then the journal.
                }
            }
        }
        return calls.call(
                        "journalctl",
                        "--no-pager",
                        "-q",
                        "-n",
                        "20000",
                        "-o",
                        "short",
                        "-t",
                        "postfix/smtpd",
                        "-t",
                        "postfix/submission/smtpd",
                        "-t",
                        "postfix/smtps/smtpd")
                .out();
    }
}
