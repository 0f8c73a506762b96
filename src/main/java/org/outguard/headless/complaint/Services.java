package org.outguard.headless.complaint;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Ports of services by name, as logs and tables write them (IANA's registry, and tcpdump's names). */
final class Services {

    /**
     * A service.
     *
     * @param port its port; -1 where it has several
     * @param protocol its transport
     */
    record Service(int port, String protocol) {}

    private static final Map<String, Service> BY_NAME = Map.ofEntries(
            Map.entry("ssh", new Service(22, "tcp")),
            Map.entry("sshd", new Service(22, "tcp")),
            Map.entry("sftp", new Service(22, "tcp")),
            Map.entry("telnet", new Service(23, "tcp")),
            Map.entry("ftp", new Service(21, "tcp")),
            Map.entry("smtp", new Service(25, "tcp")),
            Map.entry("submission", new Service(587, "tcp")),
            Map.entry("smtps", new Service(465, "tcp")),
            Map.entry("submissions", new Service(465, "tcp")),
            Map.entry("mail", new Service(-1, "tcp")),
            Map.entry("postfix", new Service(25, "tcp")),
            Map.entry("imap", new Service(143, "tcp")),
            Map.entry("imaps", new Service(993, "tcp")),
            Map.entry("pop3", new Service(110, "tcp")),
            Map.entry("pop3s", new Service(995, "tcp")),
            Map.entry("http", new Service(80, "tcp")),
            Map.entry("www", new Service(80, "tcp")),
            Map.entry("https", new Service(443, "tcp")),
            Map.entry("domain", new Service(53, "udp")),
            Map.entry("dns", new Service(53, "udp")),
            Map.entry("ntp", new Service(123, "udp")),
            Map.entry("snmp", new Service(161, "udp")),
            Map.entry("sunrpc", new Service(111, "udp")),
            Map.entry("portmap", new Service(111, "udp")),
            Map.entry("netbios-ns", new Service(137, "udp")),
            Map.entry("ldap", new Service(389, "")),
            Map.entry("cldap", new Service(389, "udp")),
            Map.entry("ssdp", new Service(1900, "udp")),
            Map.entry("chargen", new Service(19, "udp")),
            Map.entry("tftp", new Service(69, "udp")),
            Map.entry("memcached", new Service(11211, "udp")),
            Map.entry("memcache", new Service(11211, "udp")),
            Map.entry("microsoft-ds", new Service(445, "tcp")),
            Map.entry("smb", new Service(445, "tcp")),
            Map.entry("ms-sql-s", new Service(1433, "tcp")),
            Map.entry("mssql", new Service(1433, "tcp")),
            Map.entry("mysql", new Service(3306, "tcp")),
            Map.entry("mysqld", new Service(3306, "tcp")),
            Map.entry("postgres", new Service(5432, "tcp")),
            Map.entry("rdp", new Service(3389, "tcp")),
            Map.entry("ms-wbt-server", new Service(3389, "tcp")),
            Map.entry("vnc", new Service(5900, "tcp")),
            Map.entry("sip", new Service(5060, "udp")),
            Map.entry("redis", new Service(6379, "tcp")),
            Map.entry("winbox", new Service(8291, "tcp")),
            Map.entry("http-alt", new Service(8080, "tcp")));

    private static final Set<String> WEB =
            Set.of("http", "https", "www", "web", "apache", "nginx", "wordpress", "badbot");

    /* By number in flow exports and firewalls (IANA, Protocol Numbers). */
    private static final Map<String, String> PROTOCOLS = Map.of(
            "1", "icmp", "6", "tcp", "17", "udp", "47", "gre", "50", "esp", "58", "icmpv6", "132", "sctp", "136",
            "udplite");
    private static final Set<String> NAMES = Set.of(
            "tcp", "udp", "icmp", "icmpv6", "icmp6", "gre", "esp", "sctp", "udplite", "ipip", "igmp", "ah", "ospf");

    private Services() {}

    static Optional<Service> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.strip().toLowerCase(Locale.ROOT)));
    }

    /** Whether a name is one of the web, whose port is not told by it. */
    static boolean web(String name) {
        return WEB.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** A protocol by name or number: {@code "TCP (SYN)"}, {@code "17"}; empty where it is none. */
    static String protocol(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9].*$", "");
        if (PROTOCOLS.containsKey(word)) {
            return PROTOCOLS.get(word);
        }
        if (word.equals("icmp6") || word.equals("ipv6")) {
            return "icmpv6";
        }
        boolean overTcp = word.equals("http") || word.equals("https") || word.equals("ssh") || word.equals("smtp");
        return NAMES.contains(word) ? word : overTcp ? "tcp" : "";
    }

    /** A port by number or by name: {@code "22(ssh)"}, {@code "53/udp"}, {@code "ssh"}; -1 where it is none. */
    static int port(String text) {
        String word = text.strip().replaceAll("^[\"'(\\[]+", "");
        int digits = 0;
        while (digits < word.length() && digits < 6 && Character.isDigit(word.charAt(digits))) {
            digits++;
        }
        if (digits == 0) {
            String last = word.toLowerCase(Locale.ROOT).replaceAll("^(?:tcp|udp)[/: ]", "");
            return last.equals(word.toLowerCase(Locale.ROOT))
                    ? named(word).map(Service::port).orElse(-1)
                    : port(last);
        }
        int port = digits > 5 ? 65_536 : Integer.parseInt(word.substring(0, digits));
        boolean ends = digits == word.length()
                || !Character.isLetterOrDigit(word.charAt(digits)) && word.charAt(digits) != '.';
        return ends && port <= 65_535 ? port : -1;
    }
}
