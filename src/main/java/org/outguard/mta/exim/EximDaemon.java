package org.outguard.mta.exim;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * Exim's listening processes.
 *
 * @param program what they run, by which they are known
 * @param calls runs programs
 * @param mainLog the main log, empty where Exim logs elsewhere
 */
record EximDaemon(EximProgram program, ProgramCalls calls, String mainLog) {

    private static final int TAIL_BYTES = 4 * 1024 * 1024;
    private static final Pattern CLIENT =
            Pattern.compile(" <= \\S+ H=[^\\[]{0,300}\\[([0-9A-Fa-f.:]+)\\](?::(\\d{1,5}))?");
    private static final Pattern SESSION =
            Pattern.compile("\\S+:(?:25|465|587)\\s+\\[?([0-9A-Fa-f.:]+?)\\]?:(\\d+)\\s+users:\\((.*)\\)");
    private static final Pattern HOLDER = Pattern.compile("\\(\"exim4?\",pid=(\\d+)");

    /**
     * A daemon that reads its configuration again takes connections by the old one for a moment, and a session is known by its
     * login once a message of it stands in the log: it is looked more than once.
     */
    private static final int LOOKS = 4;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** Lets the daemons read their configuration again (SIGHUP); sessions that are open keep the old one. */
    void readAgain(List<String> problems) {
        ProcessHandle.allProcesses().filter(this::listens).forEach(process -> {
            Said said = calls.onNetwork(List.of("kill", "-HUP", Long.toString(process.pid())), "");
            if (!said.ok()) {
                problems.add("the daemon does not read its configuration again: " + said.complaint());
            }
        });
    }

    private boolean listens(ProcessHandle process) {
        String command = process.info().command().orElse("");
        boolean exim = (command.endsWith("/exim4") || command.endsWith("/exim"))
                && calls.host().has(process.pid());
        // Its children are forks with the same arguments; they have an Exim as parent.
        boolean child = process.parent()
                .flatMap(parent -> parent.info().command())
                .filter(command::equals)
                .isPresent();
        List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
        return exim && !child && arguments.stream().anyMatch(a -> a.startsWith("-bd")) && program.isMeantBy(arguments);
    }

    /** Ends the sessions of a login that are open, by the clients from which the log has it. */
    void endSessions(String login, List<String> problems) {
        for (int i = 0; i < LOOKS; i++) {
            Set<String> clients = clients(login);
            if (clients.isEmpty()) {
                return;
            }
            for (long pid : sessions(clients)) {
                if (!end(pid)) {
                    problems.add("the session of process " + pid + " could not be ended");
                }
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private Set<Long> sessions(Set<String> clients) {
        Set<Long> pids = new LinkedHashSet<>();
        calls.onNetwork(List.of("ss", "-Htnp", "state", "established"), "")
                .out()
                .lines()
                .forEach(line -> {
                    Matcher matcher = SESSION.matcher(line);
                    if (!matcher.find()) {
                        return;
                    }
                    String address = matcher.group(1).replaceFirst("(?i)^::ffff:", "");
                    if (clients.contains(address + " " + matcher.group(2)) || clients.contains(address + " ")) {
                        List<Long> holders = HOLDER.matcher(matcher.group(3))
                                .results()
                                .map(holder -> Long.valueOf(holder.group(1)))
                                .toList();
                        holders.stream().filter(pid -> isSession(pid, holders)).forEach(pids::add);
                    }
                });
        return pids;
    }

    /*
     * For a moment the daemon has the socket too when it hands it to the session, and what the session starts to deliver a
     * message; ss(8) names them in no order.
     */
    private boolean isSession(long pid, List<Long> holders) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        boolean child = process.flatMap(ProcessHandle::parent)
                .filter(parent -> holders.contains(parent.pid()) && !listens(parent))
                .isPresent();
        return process.isPresent() && !child && !listens(process.get());
    }

    private static boolean end(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(true);
    }

    /* Address and port, or the address alone where the log has no ports (log_selector +incoming_port). */
    private Set<String> clients(String login) {
        Set<String> clients = new HashSet<>();
        tail().lines().filter(line -> line.contains(" <= ")).forEach(line -> {
            // "A=driver:login"; a subject, which others choose, comes behind.
            int at = line.indexOf(" A=");
            String name = at < 0 ? "" : line.substring(at + 3).split(" ", 2)[0];
            Matcher matcher = CLIENT.matcher(line);
            if (name.substring(name.indexOf(':') + 1).equalsIgnoreCase(login) && matcher.find()) {
                clients.add(matcher.group(1) + " " + (matcher.group(2) == null ? "" : matcher.group(2)));
            }
        });
        return clients;
    }

    private String tail() {
        if (mainLog.isEmpty()) {
            return "";
        }
        try {
            return calls.tail(Path.of(mainLog), TAIL_BYTES);
        } catch (IOException e) {
            return "";
        }
    }
}
