package org.outguard.headless.complaint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.flow.IpAddress;

/** Finds addresses in text, with the ports that are written at them: {@code a:p}, {@code [a]:p}, {@code a.p}, {@code a#p}, {@code a(p)}, {@code a port p}. */
public final class HostFinder {

    private static final String OCTET = "(?:\\d{1,3}|[xX]{1,3}|\\*{1,3}|\\?{1,3}|#{1,3})";
    private static final String NAMES =
            "domain|ntp|http|https|ssh|telnet|smtp|ftp|sip|snmp|sunrpc|ldap|imaps?|pop3s?|submission|microsoft-ds|ms-sql-s|mysql|http-alt|chargen|tftp|ssdp|www";
    private static final Pattern HOST = Pattern.compile(
            "(?:(?<![\\w.@]|[A-Za-z]/)(?<v4>(?:" + OCTET + "\\.){3}" + OCTET
                    + ")(?:\\]?[:#](?<p1>\\d{1,5})(?![\\d.])|\\.(?<p2>\\d{1,5}|" + NAMES
                    + ")(?![\\w.-])|\\((?<p3>\\d{1,5})\\)|/(?<p4>\\d{1,5})(?!\\d)|(?:\\s+|,\\s*)(?:source |src |on )?port:?\\s+(?<p5>\\d{1,5})(?!\\d))?(?!\\.?[A-Za-z_]|-[A-Za-z]|\\d))"
                    + "|(?:(?<![\\w:.])(?<v6>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f]{1,4})?)(?:\\]:(?<q1>\\d{1,5})|\\.(?<q2>\\d{1,5}|"
                    + NAMES
                    + ")(?![\\w.])|\\((?<q3>\\d{1,5})\\)|/(?<q4>\\d{1,3})|\\s+(?:source |src )?port:?\\s+(?<q5>\\d{1,5}))?(?!\\w|:[\\w:]))"
                    + "|(?<word>[<\\[({]?(?:(?i:redacted|masked|hidden|removed|your[ _-]?ip|my[ _-]?ip|own[ _-]?ip)|[Xx]{2,}|\\*{3,})[>\\])}]?)(?=:\\d{1,5}\\b|\\s+\\d{1,5}\\s+[-=]>)(?::(?<p6>\\d{1,5}))?");
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z][\\w-]*:$");

    private HostFinder() {}

    /**
     * An address in a text.
     *
     * @param start where it begins
     * @param end behind it and its port
     * @param port -1 where none is written
     */
    public record Found(int start, int end, Host host, int port) {}

    /** All of a text, in their order; networks are none. */
    public static List<Found> all(String text) {
        List<Found> found = new ArrayList<>();
        Matcher m = HOST.matcher(text);
        int at = 0;
        while (at < text.length() && m.find(at)) {
            Optional<Found> one = one(text, m);
            one.ifPresent(found::add);
            at = Math.max(m.start() + 1, one.isPresent() ? one.get().end() : 0);
        }
        return found;
    }

    /** The first of a text. */
    static Optional<Found> first(String text) {
        return all(text).stream().findFirst();
    }

    private static Optional<Found> one(String text, Matcher m) {
        if (m.group("word") != null) {
            return Optional.of(new Found(m.start(), m.end(), Host.masked(m.group("word")), port(m, "p6")));
        }
        boolean v4 = m.group("v4") != null;
        String address = v4 ? m.group("v4") : m.group("v6");
        int port = -1;
        for (String group : v4 ? List.of("p1", "p2", "p3", "p5") : List.of("q1", "q2", "q3", "q5")) {
            port = Math.max(port, port(m, group));
        }
        String slash = v4 ? m.group("p4") : m.group("q4");
        if (slash != null) {
            int number = Integer.parseInt(slash);
            int whole = v4 ? 32 : 128;
            boolean named = INTERFACE
                    .matcher(text.substring(Math.max(0, m.start() - 24), m.start()))
                    .find();
            if (named || number > whole) {
                port = number;
            } else if (number < whole) {
                return Optional.empty();
            }
        }
        if (port > 65_535) {
            return Optional.empty();
        }
        if (v4 && !Character.isDigit(address.charAt(0)) || v4 && !address.matches("[\\d.]+")) {
            return Optional.of(new Found(m.start(), m.end(), Host.masked(address), port));
        }
        int taken = port;
        return IpAddress.parse(address)
                .filter(parsed -> !parsed.unspecified())
                .map(parsed -> new Found(m.start(), m.end(), Host.of(parsed), taken));
    }

    private static int port(Matcher m, String group) {
        return m.group(group) == null ? -1 : Services.port(m.group(group));
    }
}
