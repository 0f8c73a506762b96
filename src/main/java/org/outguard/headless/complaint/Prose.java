package org.outguard.headless.complaint;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What sentences tell: a time or a range of time, who is accused, at which port. Sought only where no row is. */
final class Prose {

    private static final int MAX_HOSTS = 50;
    private static final int MAX_PARAGRAPHS = 200;
    private static final Pattern NOT_OF_THE_ACT = Pattern.compile(
            "(?i)(?:listed|until|till|before|deadline|expires?|created|generated|wrote|written|sent|reply|respond|answer|updated|changed|close[sd]?|report(?:ed)? (?:made|at|on)|made at|registered|last-modified|respond by)\\W[^.]{0,30}$");
    private static final Pattern QUOTING = Pattern.compile("(?i)\\b(?:wrote|schrieb|a \u00e9crit|escribi\u00f3)\\s*:");
    private static final Pattern WHOIS = Pattern.compile(
            "(?i)^\\s*(?:inetnum|inet6num|netrange|cidr|range|route6?|nethandle|netname|refer|created|last-modified|updated|regdate|%).*");
    private static final Pattern LINK = Pattern.compile("(?i)\\bh(?:tt|xx)ps?://\\S+|(?<!\\S)\\S{1,100}@\\S{1,100}");
    private static final Pattern VICTIM = Pattern.compile(
            "(?i)(?:\\b(?:target(?:ed|s|ing)?|victims?|against|attack(?:ed|ing|s)? (?:on|our|against)|destination|external|extern|verso|contro|hacia|contra|contre|our (?:server|host|network|router|machine|system|customer|client)s?|(?:traffic|packets|connections?|connected|requests?|queries|lookups?|sent|flood)(?: \\S+)? (?:towards?|to))\\b)[^.\\d]{0,40}$");
    private static final Pattern PORT = Pattern.compile(
            "(?i)\\b(?:(tcp|udp)[ /-]?ports?|(?:ports?|porta|puerto|porto) (?:number |no\\.? |was |is |were |will be |has been |: ?){0,4}(tcp|udp)?|(tcp|udp)/)[ :/]*(?:was |is )?(tcp |udp )?(\\d{1,5})\\b(?:[ /]*\\(?(tcp|udp)\\b)?|\\b(\\d{1,5})/(tcp|udp)\\b");

    private static final Pattern BESIDE = Pattern.compile("[ ,(:]{0,4}(?i:source |src )?");

    private static final Pattern TRAFFIC = Pattern.compile(
            "(?i)\\b(tcp|udp|icmp)(?:[ -](?:syn|echo|based))?[ -](?:packets?|traffic|floods?|flooding|datagrams?|connections?|requests?|scans?|attacks?|probes?|amplification)\\b");

    private Prose() {}

    /**
     * What was told.
     *
     * @param at when; null where no time of the act is told
     * @param accused who is accused
     * @param accusedPort from which port, -1 where none is told
     * @param victim at whom it was aimed
     * @param port at which port, -1 where none is told
     */
    record Told(
            @Nullable Stamp at,
            int line,
            List<Host> accused,
            int accusedPort,
            Host victim,
            int port,
            String protocol) {}

    /** The addresses that a subject or text names, without those that are called targets. */
    static List<Host> accused(String text) {
        List<Host> accused = new ArrayList<>();
        String plain = LINK.matcher(text).replaceAll(" ");
        for (HostFinder.Found found : HostFinder.all(plain)) {
            boolean theirs = VICTIM.matcher(plain.substring(Math.max(0, found.start() - 60), found.start()))
                    .find();
            if (!theirs
                    && found.host().address().isPresent()
                    && !accused.contains(found.host())
                    && accused.size() < MAX_HOSTS) {
                accused.add(found.host());
            }
        }
        return accused;
    }

    /** Reads sentences. */
    static Told read(List<@Nullable String> lines, String subject, @Nullable ZoneOffset hint) {
        Stamp at = null;
        int tries = 0;
        int line = 0;
        List<Host> near = new ArrayList<>();
        List<Host> all = new ArrayList<>();
        Host victim = Host.NONE;
        int accusedPort = -1;
        int port = -1;
        String protocol = "";
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder paragraph = new StringBuilder();
            int from = i;
            for (String next = lines.get(i);
                    next != null && !next.isBlank();
                    next = i < lines.size() ? lines.get(i) : null) {
                if (!WHOIS.matcher(next).matches() && paragraph.length() < 16_384) {
                    paragraph.append(next.strip()).append(' ');
                }
                i++;
            }
            String text = paragraph.toString();
            if (text.isBlank() || QUOTING.matcher(text).find()) {
                continue;
            }
            Optional<Stamp> told = at == null && tries++ < MAX_PARAGRAPHS ? time(text, hint) : Optional.empty();
            List<Host> named = accused(text);
            if (told.isPresent()) {
                at = told.get();
                line = from;
                near = named;
            }
            named.stream()
                    .filter(host -> !all.contains(host) && all.size() < MAX_HOSTS)
                    .forEach(all::add);
            victim = victim.told() ? victim : victim(text);
            Matcher ports = PORT.matcher(text);
            if (port < 0 && ports.find()) {
                port = port(ports);
                protocol = protocol(ports, protocol);
                if (isOf(named, text, ports.start()) && ports.find()) {
                    accusedPort = port;
                    port = port(ports);
                    protocol = protocol(ports, protocol);
                }
            }
        }
        if (protocol.isEmpty()) {
            Matcher traffic = TRAFFIC.matcher(lines.stream()
                    .filter(Objects::nonNull)
                    .limit(MAX_PARAGRAPHS * 10L)
                    .collect(Collectors.joining(" ")));
            protocol = traffic.find() ? Services.protocol(traffic.group(1)) : "";
        }
        List<Host> inSubject = accused(subject);
        List<Host> accused = !near.isEmpty() ? near : !inSubject.isEmpty() ? inSubject : all;
        return new Told(at, line, accused, accusedPort, victim, port, protocol);
    }

    private static int port(Matcher ports) {
        return Services.port(ports.group(5) == null ? ports.group(7) : ports.group(5));
    }

    private static String protocol(Matcher ports, String before) {
        return IntStream.of(1, 2, 3, 4, 6, 8)
                .mapToObj(ports::group)
                .filter(Objects::nonNull)
                .map(Services::protocol)
                .reduce(before, (one, last) -> last);
    }

    /* Whether what begins there stands right behind one of these hosts. */
    private static boolean isOf(List<Host> hosts, String text, int start) {
        return HostFinder.all(text).stream()
                .filter(found -> hosts.contains(found.host()) && found.end() <= start)
                .anyMatch(found ->
                        BESIDE.matcher(text.substring(found.end(), start)).matches());
    }

    private static Optional<Stamp> time(String text, @Nullable ZoneOffset hint) {
        int from = 0;
        for (int tries = 0; tries < 50; tries++) {
            Optional<TimeFinder.Found> found = TimeFinder.find(text, from, hint);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            String before = text.substring(
                    Math.max(0, found.get().start() - 60), found.get().start());
            if (found.get().stamp().hasDate() && !NOT_OF_THE_ACT.matcher(before).find()) {
                return found.map(TimeFinder.Found::stamp);
            }
            from = found.get().end();
        }
        return Optional.empty();
    }

    private static Host victim(String text) {
        String plain = LINK.matcher(text).replaceAll(" ");
        return HostFinder.all(plain).stream()
                .filter(found -> VICTIM.matcher(plain.substring(Math.max(0, found.start() - 60), found.start()))
                        .find())
                .map(HostFinder.Found::host)
                .findFirst()
                .orElse(Host.NONE);
    }
}
