package org.outguard.headless.complaint;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a mail is about, by its words and by the shape of its rows: {@link #TABLE} has the words and their weight. */
final class KindWords {

    private record Word(Pattern pattern, Kind kind, int weight) {}

    private static Word word(String regex, Kind kind, int weight) {
        return new Word(Pattern.compile("(?i)" + regex), kind, weight);
    }

    private static final int MAX_CHARS = 65_536;
    private static final int IN_SUBJECT = 2;
    private static final int DECLARED = 8;
    private static final Set<Integer> REFLECTORS = Set.of(
            17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 1434, 1900, 3283, 3478, 3702, 5093, 5353, 5683, 10001, 11211,
            27015, 27960, 37810);
    private static final Set<Integer> PROBED = Set.of(
            21, 22, 23, 25, 80, 110, 139, 143, 443, 445, 1433, 2222, 2323, 3306, 3389, 5432, 5900, 6379, 7547, 8080,
            8291, 8728, 9200);

    private static final List<Word> TABLE = List.of(
            word("\\bd?dos\\b|denial[- ]of[- ]service", Kind.DDOS, 4),
            word("\\bflood(?:s|ed|ing)?\\b|_flood\\b", Kind.DDOS, 4),
            word("\\bsyn[ _-]?flood|\\b(?:udp|http|icmp)[ _-]?flood", Kind.DDOS, 2),
            word("attackoutlevel|attack detail|attack:(?:tcp|udp|icmp|dns|ntp)", Kind.DDOS, 6),
            word("\\b[\\d.,]+ ?[kmg]?(?:pps|bps)\\b|packets? per second|\\b[\\d.,]+ ?packets/\\d*s\\b", Kind.DDOS, 2),
            word("\\bwas hit by\\b|\\bbooter|\\bvolumetric|null-?rout|blackhol", Kind.DDOS, 2),
            word(
                    "net-?scan|port[ _-]?scan|network scan|\\bscan(?:s|n?ed|ning|ner)?\\b|escane|skenov|scansion|scansioni|balayage|varredura",
                    Kind.NETSCAN,
                    5),
            word(
                    "\\bprob(?:e|es|ed|ing)\\b|\\bknock|\\bsweep|reconnaissance|looks? for (?:open|\\w+) (?:ports?|in)|open ports",
                    Kind.NETSCAN,
                    4),
            word("connection attempts?|unauthori[sz]ed (?:access|connection)", Kind.NETSCAN, 2),
            word("brute[ _-]?force", Kind.BRUTE_FORCE, 3),
            word(
                    "brute[ _-]?force|dictionary attack|password guess|credential stuff|login[ _-]?attack|account takeover|takeover attempts?",
                    Kind.BRUTE_FORCE,
                    6),
            word(
                    "failed (?:password|login|logon)|invalid user|authentication fail|password mismatch|login attempts?|login failure",
                    Kind.BRUTE_FORCE,
                    4),
            word(
                    "\\blog[- ]?ins?\\b|\\bsign-?in|stolen passwords?|tried passwords|\\bpasswords?\\b",
                    Kind.BRUTE_FORCE,
                    3),
            word("fail2ban|\\blfd\\b|blocklist\\.de|sshguard|denyhosts|wp-login|xmlrpc", Kind.BRUTE_FORCE, 3),
            word("reflect(?:or|ion|ed|ing)|amplif|verst(?:\u00e4|ae)rk", Kind.REFLECTOR, 6),
            word(
                    "open(?:ly accessible)? (?:recursive |dns |public )?(?:resolver|dns|ntp|memcached|snmp|ssdp|portmapper|ldap|server)|openly accessible|monlist|recursive resolver|offene[rn]? (?:rekursive[rn]? )?(?:dns|ntp|resolver|server|memcached|ldap|snmp|ssdp|portmapper)",
                    Kind.REFLECTOR,
                    6),
            word(
                    "block(?:ed)? ?list|dnsbl|\\brbl\\b|spamhaus|uceprotect|\\bsbl ?\\d+|\\bsnds\\b|barracuda|reputation",
                    Kind.SPAM_LISTING,
                    4),
            word("\\bdelist|ask for removal|removal|\\blisted\\b|listing", Kind.SPAM_LISTING, 3),
            word("unsolicited|\\bspam", Kind.SPAM_LISTING, 2));

    private static final List<Word> DECLARATIONS = List.of(
            word("ddos|dos\\b|flood", Kind.DDOS, 1),
            word("scan", Kind.NETSCAN, 1),
            word("login|brute|password|auth", Kind.BRUTE_FORCE, 1),
            word("amplif|reflect|open[_-]?(?:service|resolver)|misconfig", Kind.REFLECTOR, 1),
            word("blocklist|listing|reputation", Kind.SPAM_LISTING, 1));

    private KindWords() {}

    /**
     * Judges rows.
     *
     * @param declared what the mail itself says that it is about, in fields for that
     */
    static Kind of(String subject, String text, List<String> declared, List<Draft> rows) {
        Map<Kind, Integer> points = points(subject, text, declared);
        shape(rows, points);
        points.remove(Kind.SPAM_LISTING);
        int best = points.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (best < 2) {
            return Kind.OTHER;
        }
        return points.entrySet().stream()
                .filter(entry -> entry.getValue() == best)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Kind.OTHER);
    }

    /** Whether a mail without rows and messages is the notice of a list. */
    static boolean listing(String subject, String text, List<String> declared) {
        return points(subject, text, declared).getOrDefault(Kind.SPAM_LISTING, 0) >= 4;
    }

    private static Map<Kind, Integer> points(String subject, String text, List<String> declared) {
        Map<Kind, Integer> points = new EnumMap<>(Kind.class);
        String part = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
        for (Word word : TABLE) {
            Matcher inText = word.pattern.matcher(part);
            int found = 0;
            while (found < 2 && inText.find()) {
                found++;
            }
            int weight = word.weight * (found > 0 ? 1 : 0)
                    + (found > 1 ? 1 : 0)
                    + (word.pattern.matcher(subject).find() ? word.weight * IN_SUBJECT : 0);
            points.merge(word.kind, weight, Integer::sum);
        }
        for (String each : declared) {
            for (Word word : DECLARATIONS) {
                if (word.pattern.matcher(each).find()) {
                    points.merge(word.kind, DECLARED, Integer::sum);
                }
            }
        }
        return points;
    }

    private static void shape(List<Draft> rows, Map<Kind, Integer> points) {
        if (rows.isEmpty()) {
            return;
        }
        Set<String> destinations = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        int udp = 0;
        int answers = 0;
        int logins = 0;
        int probes = 0;
        for (Draft row : rows) {
            destinations.add(row.destination.told() ? row.destination.toString() : "");
            ports.add(row.destinationPort);
            udp += row.protocol.equals("udp") ? 1 : 0;
            boolean service = REFLECTORS.contains(row.sourcePort) && !row.protocol.equals("tcp");
            answers += service && !REFLECTORS.contains(row.destinationPort) ? 1 : 0;
            logins += row.kind == Kind.BRUTE_FORCE ? 1 : 0;
            probes += row.protocol.equals("tcp") && PROBED.contains(row.destinationPort) ? 1 : 0;
        }
        int all = rows.size();
        boolean most = answers * 2 > all;
        points.merge(Kind.REFLECTOR, most ? 5 : 0, Integer::sum);
        points.merge(Kind.BRUTE_FORCE, logins * 2 > all ? 7 : 0, Integer::sum);
        boolean many = destinations.size() >= 3 && destinations.size() > ports.size();
        boolean manyPorts = ports.size() >= 3 && ports.size() > destinations.size();
        points.merge(Kind.NETSCAN, many || manyPorts ? 4 : 0, Integer::sum);
        points.merge(Kind.NETSCAN, probes * 2 > all ? 2 : 0, Integer::sum);
        points.merge(
                Kind.DDOS, udp * 2 > all && destinations.size() < 3 && ports.size() < 3 && !most ? 3 : 0, Integer::sum);
        points.merge(
                Kind.DDOS,
                destinations.size() == 1 && ports.size() == 1 && all > 2 && logins == 0 && probes == 0 ? 1 : 0,
                Integer::sum);
    }
}
