package org.outguard.headless.complaint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows with ports away from their addresses, which {@link LineReader} cannot read by what stands beside what. A form is a line of
 * {@link #TABLE} and a test: {@code {src} {sport} {dst} {dport} {proto}} stand for what they name, a blank for any blanks.
 */
final class RowForms {

    private static final String SEPARATOR = "[,;|\\t ]\\s*";

    private static final List<Pattern> TABLE = List.of(
            // pfSense and OPNsense, filterlog: the fields of an IPv4 or IPv6 packet with ports.
            form("filterlog\\S*\\s.*,{proto},(?:\\d+,)?{src},{dst},{sport},{dport}(?:,|$)"),
            // Wireshark's summary: addresses, protocol, length, ports.
            form("{src} {dst} {proto} \\d+ {sport}\\s*(?:\u2192|->|>)\\s*{dport}"),
            // Juniper and Palo Alto: a/p->b/p, whatever the port.
            form("{src}/{sport}\\s*-+>\\s*{dst}/{dport}"),
            // nfdump -o csv and others, where the head was left out.
            form("{proto}" + SEPARATOR + "{src}" + SEPARATOR + "{sport}" + SEPARATOR + "{dst}" + SEPARATOR
                    + "{dport}(?=[,;|\\s]|$)"),
            form("{src}[,;|]\\s*{sport}[,;|]\\s*{dst}[,;|]\\s*{dport}[,;|]\\s*{proto}"),
            form("{src}[,;|\\t]\\s*{dst}[,;|\\t]\\s*{sport}[,;|\\t]\\s*{dport}[,;|\\t]\\s*{proto}"),
            // An abuse desk's sentence-like line.
            form("{proto} {src} port {sport} (?:to|->|=>) {dst} port {dport}"));

    private RowForms() {}

    private static Pattern form(String template) {
        String address = "[0-9A-Fa-fxX*:.]{2,45}";
        return Pattern.compile(template.replace(" ", "\\s+")
                .replace("{src}", "(?<![\\w.:])(?<src>" + address + ")")
                .replace("{dst}", "(?<dst>" + address + ")")
                .replace("{sport}", "(?<sport>\\d{1,5})")
                .replace("{dport}", "(?<dport>\\d{1,5})")
                .replace("{proto}", "(?<proto>(?i:tcp|udp|icmp|sctp|6|17))"));
    }

    /** The row of a line, without its time; empty where it is of none of the forms. */
    static Optional<Draft> read(String line) {
        for (Pattern form : TABLE) {
            Matcher m = form.matcher(line);
            if (m.find()) {
                Optional<HostFinder.Found> source = HostFinder.first(m.group("src"));
                Optional<HostFinder.Found> destination = HostFinder.first(m.group("dst"));
                int from = Services.port(m.group("sport"));
                int to = Services.port(m.group("dport"));
                if (source.isPresent() && destination.isPresent() && from >= 0 && to >= 0) {
                    Draft draft = new Draft();
                    draft.source = source.get().host();
                    draft.destination = destination.get().host();
                    draft.sourcePort = from;
                    draft.destinationPort = to;
                    draft.protocol = form.pattern().contains("<proto>") ? Services.protocol(m.group("proto")) : "";
                    return Optional.of(draft);
                }
            }
        }
        return Optional.empty();
    }
}
