package org.outguard.headless.complaint;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line of a log or of a table without a head, by its shape: a time, two addresses in the order of an arrow or of their
 * labels, what stands beside them, a protocol; or a program's line that names a client.
 */
public final class LineReader {

    private static final Pattern PAIR =
            Pattern.compile("(?<![\\w.-])([A-Za-z][\\w.-]{0,30})\"?\\s*[=:]\\s*(\"[^\"]*\"|'[^']*'|[^\\s,;|\"'\\]}]+)");
    private static final Pattern EQUALS =
            Pattern.compile("(?<![\\w.-])([A-Za-z][\\w.-]{0,30})\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s,;|]+)");
    private static final Pattern BACKWARDS = Pattern.compile("^[^\\d]{0,12}(?:<[-=]+|\u2190)[^\\d]{0,12}$");
    private static final Pattern ARROW =
            Pattern.compile("^\\s*(?:\\d{1,5}(?:\\([\\w-]+\\)|/\\w+)?\\s*)?(?:[-=]+>|>|\u2192|\u00bb|&gt;)");
    private static final Pattern DESTINATION_LABEL = Pattern.compile(
            "(?i)(?:\\b(?:dst|dest|destination|to|target|victim|attacked|against|dst[ _-]?ip|dest(?:ination)?[ _-]?(?:ip|address)|daddr)\\b)\\s*[=:(\\[]?\\s*(?:[a-z][\\w-]*:)?$");
    private static final Pattern SOURCE_LABEL = Pattern.compile(
            "(?i)(?:\\b(?:src|source|from|attacker|attack from|client|rhost|rip|remote|host|found|ban|peer|src[ _-]?ip|source[ _-]?(?:ip|address)|saddr|ip)\\b)\\s*[=:(\\[]?\\s*(?:[a-z][\\w-]*:)?\\[?$");
    /* Between two addresses: fewer words than a client's line has for it. */
    private static final Pattern SENT_BY = Pattern.compile(
            "(?i)(?:\\b(?:src|source|from|attacker|attack from|saddr|src[ _-]?ip|source[ _-]?(?:ip|address))\\b)\\s*[=:(\\[]?\\s*(?:[a-z][\\w-]*:)?\\[?$");
    private static final Pattern WORD = Pattern.compile("(?<![\\w./:@-])\\p{L}{2,}(?![\\w./:@=-])");
    private static final int SENTENCE = 8;
    private static final Pattern PORT_BEHIND =
            Pattern.compile("^(?:\\s+|\\s*,\\s*|\\s*\\|\\s*)(\\d{1,5})(?=\\([\\w -]+\\)|/(?:tcp|udp)|\\s|,|\\||$)");
    private static final Pattern PROTOCOL = Pattern.compile(
            "(?i)(?<![\\w.])(?:proto(?:col)?[ =:]+)?(tcp|udp|icmp6|icmpv6|icmp|gre|sctp|esp|ipip)(?![\\w.-])");
    private static final Pattern TCP_SIGNS =
            Pattern.compile("Flags \\[|: [SFPRWE.]+ \\d+:\\d+\\(\\d+\\)|\\bwin \\d+|\\bSYN\\b|\\bS\\b ?\\(|: S\\b");
    private static final Pattern ICMP_SIGNS = Pattern.compile("(?i)\\becho re(?:quest|ply)\\b");
    private static final Pattern SOURCE_PORT = Pattern.compile(
            "(?i)\\b(?:src|source|s)[ _-]?port\\s*[=: ]\\s*(\\d{1,5})\\b|\\bspt\\s*[=: ]\\s*(\\d{1,5})\\b");
    private static final Pattern DESTINATION_PORT = Pattern.compile(
            "(?i)\\b(?:dst|dest|destination|target|d)[ _-]?port\\s*[=: ]\\s*(\\d{1,5})\\b|\\bdpt\\s*[=: ]\\s*(\\d{1,5})\\b|\\bon port (\\d{1,5})\\b");
    private static final Pattern LOG_START =
            Pattern.compile("^\\W{0,3}(?:[\\w/.-]{1,64}:)?\\W{0,3}(?:[A-Z][a-z]{2},? )?\\W{0,2}$");

    private LineReader() {}

    /**
     * Reads a line.
     *
     * @param swapped whether the head of its table names the destination first
     * @param hint the offset of the Date header
     * @return empty where it is no row
     */
    public static Optional<Draft> read(String line, boolean swapped, @Nullable ZoneOffset hint) {
        Optional<TimeFinder.Found> time = TimeFinder.find(line, 0, hint);
        Optional<Draft> named = pairs(line, hint);
        if (named.isPresent()) {
            Draft draft = named.get();
            draft.at = draft.at == null || !draft.at.hasDate()
                    ? time.map(TimeFinder.Found::stamp)
                            .filter(stamp -> draft.at == null || stamp.hasDate())
                            .orElse(draft.at)
                    : draft.at;
            LogForms.of(line).ifPresent(form -> service(draft, form, line));
            return draft.at == null ? Optional.empty() : named;
        }
        if (time.isEmpty()) {
            return Optional.empty();
        }
        String rest = without(line, time.get());
        Optional<Draft> formed = RowForms.read(rest);
        Optional<Draft> draft = formed.isPresent() ? formed : shape(rest, line, time.get(), swapped);
        draft.ifPresent(row -> row.at = time.get().stamp());
        return draft;
    }

    /* Any further full time is blanked out, too: it is no address. */
    private static String without(String line, TimeFinder.Found time) {
        return line.substring(0, time.start())
                + " ".repeat(Math.max(1, time.end() - time.start()))
                + line.substring(time.end());
    }

    private static Optional<Draft> pairs(String line, @Nullable ZoneOffset hint) {
        boolean json = line.contains("\":") || line.contains("':");
        FieldValues values = new FieldValues(hint);
        Matcher pair = (json ? PAIR : EQUALS).matcher(line.replace('\'', '"'));
        boolean host = false;
        int known = 0;
        int pairs = 0;
        while (pairs++ < 200 && pair.find()) {
            Optional<FieldName> field = FieldName.of(pair.group(1));
            if (field.isPresent() && field.get() != FieldName.LOG && field.get() != FieldName.SERVICE) {
                boolean read = values.set(field.get(), pair.group(1), pair.group(2));
                known += read ? 1 : 0;
                host |= read && (field.get() == FieldName.SOURCE || field.get() == FieldName.DESTINATION);
            }
        }
        Draft draft = values.draft(false);
        boolean enough = host && (known >= 2 || LogForms.of(line).isPresent()) && draft.source.told();
        return enough ? Optional.of(draft) : Optional.empty();
    }

    private static Optional<Draft> shape(String rest, String line, TimeFinder.Found time, boolean swapped) {
        List<HostFinder.Found> hosts = HostFinder.all(rest);
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        boolean arrow = hosts.size() > 1 && joined(rest, hosts.get(0), hosts.get(1));
        Optional<LogForms.Form> form = arrow ? Optional.empty() : LogForms.of(line);
        boolean logged = LOG_START
                        .matcher(rest.substring(0, Math.min(time.start(), rest.length()))
                                .strip())
                        .matches()
                || time.start() < 4;
        Draft draft = new Draft();
        if (form.isPresent()) {
            client(rest, hosts, draft);
            if (!draft.source.told()) {
                return Optional.empty();
            }
            service(draft, form.get(), line);
            return logged || form.get().kind() == null || line.contains("[") ? Optional.of(draft) : Optional.empty();
        }
        if (hosts.size() > 1
                && isRange(rest.substring(hosts.get(0).end(), hosts.get(1).start()))) {
            return Optional.empty();
        }
        if (!logged && !arrow && WORD.matcher(rest).results().limit(SENTENCE).count() >= SENTENCE) {
            // A sentence, which Prose reads.
            return Optional.empty();
        }
        if (hosts.size() > 1) {
            both(rest, hosts, swapped, draft);
        } else if (logged && hosts.get(0).port() >= 0 || logged && labelledPort(rest)) {
            one(rest, hosts.get(0), draft);
        } else {
            return Optional.empty();
        }
        draft.protocol = draft.protocol.isEmpty() ? protocol(rest, draft) : draft.protocol;
        return Optional.of(draft);
    }

    /* "192.0.2.0 - 192.0.2.255", as whois has it. */
    private static boolean isRange(String between) {
        return between.strip().equals("-") || between.strip().equals("\u2013");
    }

    private static boolean labelledPort(String rest) {
        return SOURCE_PORT.matcher(rest).find()
                || DESTINATION_PORT.matcher(rest).find();
    }

    private static boolean joined(String rest, HostFinder.Found a, HostFinder.Found b) {
        String between = rest.substring(a.end(), b.start());
        return between.length() < 60
                && (ARROW.matcher(between).find() || BACKWARDS.matcher(between).find());
    }

    private static void client(String rest, List<HostFinder.Found> hosts, Draft draft) {
        HostFinder.Found source = hosts.get(0);
        for (HostFinder.Found host : hosts) {
            String before = rest.substring(Math.max(0, host.start() - 24), host.start());
            if (SOURCE_LABEL.matcher(before).find() || before.endsWith("[") && host.end() < rest.length()) {
                source = host;
                break;
            }
        }
        draft.source = source.host();
        draft.sourcePort = source.port();
        for (HostFinder.Found host : hosts) {
            String before = rest.substring(Math.max(0, host.start() - 24), host.start());
            boolean theirs = DESTINATION_LABEL.matcher(before).find() || before.matches(".*\\b(?:lip|I|server)=\\[?$");
            if (theirs && !host.host().equals(draft.source)) {
                draft.destination = host.host();
                draft.destinationPort = host.port();
            }
        }
    }

    static void service(Draft draft, LogForms.Form form, String line) {
        draft.kind = form.kind();
        draft.protocol = draft.protocol.isEmpty() ? form.protocol() : draft.protocol;
        draft.destinationPort = draft.destinationPort < 0 ? form.port() : draft.destinationPort;
        draft.session = LogForms.session(form, line);
        draft.rank = form.rank();
        draft.byProgram = true;
    }

    private static void one(String rest, HostFinder.Found host, Draft draft) {
        String before = rest.substring(Math.max(0, host.start() - 24), host.start());
        if (DESTINATION_LABEL.matcher(before).find()) {
            draft.destination = host.host();
            draft.destinationPort = host.port();
        } else {
            draft.source = host.host();
            draft.sourcePort = host.port();
        }
        ports(rest, draft);
    }

    private static void both(String rest, List<HostFinder.Found> hosts, boolean swapped, Draft draft) {
        int first = 0;
        while (first + 2 < hosts.size() && !joined(rest, hosts.get(first), hosts.get(first + 1))) {
            first++;
        }
        if (!joined(rest, hosts.get(first), hosts.get(first + 1))) {
            first = 0;
        }
        HostFinder.Found a = hosts.get(first);
        HostFinder.Found b = hosts.get(first + 1);
        String between = rest.substring(a.end(), b.start());
        String beforeA = rest.substring(Math.max(0, a.start() - 24), a.start());
        String beforeB = rest.substring(Math.max(0, b.start() - 24), b.start());
        boolean arrow = ARROW.matcher(between).find();
        boolean backwards = BACKWARDS.matcher(between).matches()
                || !arrow
                        && (swapped
                                || DESTINATION_LABEL.matcher(beforeA).find()
                                        && !DESTINATION_LABEL.matcher(beforeB).find()
                                || SENT_BY.matcher(beforeB).find()
                                        && !SENT_BY.matcher(beforeA).find());
        int portA = portBehind(a, rest.substring(a.end(), b.start()));
        int portB = portBehind(b, rest.substring(b.end()));
        if (portB >= 0 && b.port() < 0 && portA < 0 && !alone(rest.substring(b.end()))) {
            portB = -1;
        }
        draft.source = (backwards ? b : a).host();
        draft.destination = (backwards ? a : b).host();
        draft.sourcePort = backwards ? portB : portA;
        draft.destinationPort = backwards ? portA : portB;
        ports(rest, draft);
    }

    /* One number behind the address, and then the protocol or the end: a port, and no length. */
    private static boolean alone(String behind) {
        return behind.matches("(?i)\\W{1,4}\\d{1,5}(?:\\(.*|/(?:tcp|udp).*|\\W*(?:tcp|udp)\\b.*|\\W*)");
    }

    private static int portBehind(HostFinder.Found host, String behind) {
        if (host.port() >= 0) {
            return host.port();
        }
        Matcher port = PORT_BEHIND.matcher(behind);
        return port.find() ? Services.port(port.group(1)) : -1;
    }

    private static void ports(String rest, Draft draft) {
        Matcher source = SOURCE_PORT.matcher(rest);
        if (draft.sourcePort < 0 && source.find()) {
            draft.sourcePort = Services.port(source.group(1) == null ? source.group(2) : source.group(1));
        }
        Matcher destination = DESTINATION_PORT.matcher(rest);
        if (draft.destinationPort < 0 && destination.find()) {
            for (int group = 1; group <= 3; group++) {
                draft.destinationPort = destination.group(group) == null
                        ? draft.destinationPort
                        : Services.port(destination.group(group));
            }
        }
    }

    private static String protocol(String rest, Draft draft) {
        Matcher named = PROTOCOL.matcher(rest);
        if (named.find()) {
            return Services.protocol(named.group(1));
        }
        if (TCP_SIGNS.matcher(rest).find()) {
            return "tcp";
        }
        if (ICMP_SIGNS.matcher(rest).find()) {
            return "icmp";
        }
        boolean dns = draft.sourcePort == 53 || draft.sourcePort == 123;
        return dns || rest.matches(".*\\b(?:NTPv\\d|ATTACK:DNS|ATTACK:NTP)\\b.*") ? "udp" : attack(rest);
    }

    private static String attack(String rest) {
        Matcher reason = Pattern.compile("ATTACK:\\s*(TCP|UDP|ICMP)").matcher(rest);
        return reason.find() ? Services.protocol(reason.group(1)) : "";
    }
}
