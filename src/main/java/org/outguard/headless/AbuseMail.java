package org.outguard.headless;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.flow.IpAddress;

/**
 * What a provider's mail accuses a machine of. Forms: OVH's table ({@code 2025.12.05 17:00:45 CET SRC:PORT DST:PORT UDP ---
 * 28 ATTACK:UDP}), Hetzner's list ({@code Thu Nov 17 19:04:42 2022 TCP SRC PORT => DST PORT}) and its newer one
 * ({@code 2024-05-01 13:30:22 SRC PORT -> DST PORT 166 UDP}). Rows may be wrapped and quoted.
 *
 * @param rows what is said of packets, as it stands there; bounded
 * @param detail the rate that it names, such as {@code 187Kpps/5Mbps}; empty where none. It does not follow from the rows.
 */
public record AbuseMail(List<Row> rows, String detail) {

    /** Rows that are read; a mail has a sample. */
    public static final int MAX_ROWS = 10_000;

    private static final String ADDRESS = "\\[?([0-9a-fA-F:.]*[0-9a-fA-F])]?";
    private static final String PROTOCOL = "(UDP|TCP|ICMP|udp|tcp|icmp)";
    private static final Pattern DETAIL =
            Pattern.compile("Attack detail\\s*:\\s*([0-9.]+\\s?[KMG]?pps/[0-9.]+\\s?[KMG]?bps)");
    private static final Pattern TABLE =
            Pattern.compile("(\\d{4}\\.\\d\\d\\.\\d\\d)\\s+(\\d\\d:\\d\\d:\\d\\d)\\s+([A-Z]{2,5})\\s+" + ADDRESS
                    + ":(\\d{1,5})\\s+" + ADDRESS + ":(\\d{1,5})\\s+" + PROTOCOL + "\\s+\\S+\\s+(\\d{1,9})\\s+ATTACK:");
    private static final Pattern LIST =
            Pattern.compile("[A-Z][a-z]{2}\\s+([A-Z][a-z]{2}\\s+\\d{1,2}\\s+\\d\\d:\\d\\d:\\d\\d\\s+\\d{4})\\s+"
                    + PROTOCOL + "\\s+" + ADDRESS + "\\s+(\\d{1,5})\\s+=>\\s+" + ADDRESS + "\\s+(\\d{1,5})\\b");
    private static final Pattern NEWER = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d\\s+\\d\\d:\\d\\d:\\d\\d)\\s+" + ADDRESS
            + "\\s+(\\d{1,5})\\s+->\\s+" + ADDRESS + "\\s+(\\d{1,5})\\s+(\\d{1,9})\\s+" + PROTOCOL + "\\b");

    /* Hetzner writes its own time and no zone. */
    private static final ZoneId HETZNER = ZoneId.of("Europe/Berlin");
    private static final Map<String, ZoneId> ZONES = Map.of(
            "CET",
            ZoneOffset.ofHours(1),
            "CEST",
            ZoneOffset.ofHours(2),
            "UTC",
            ZoneOffset.UTC,
            "GMT",
            ZoneOffset.UTC,
            "BST",
            ZoneOffset.ofHours(1),
            "EST",
            ZoneOffset.ofHours(-5),
            "EDT",
            ZoneOffset.ofHours(-4));

    public AbuseMail {
        rows = List.copyOf(rows);
    }

    /**
     * A packet that somebody saw.
     *
     * @param at when, in the zone that is written there; empty where that zone is unknown
     * @param protocol {@code "udp"}, {@code "tcp"}, {@code "icmp"}
     * @param source whose address sent it
     * @param sourcePort from which port; often the same in every row
     * @param remote who was attacked
     * @param remotePort at which port
     */
    public record Row(
            Optional<Instant> at,
            String protocol,
            IpAddress source,
            int sourcePort,
            IpAddress remote,
            int remotePort) {}

    /** Reads a mail, whatever stands around the rows. */
    public static AbuseMail read(String mail) {
        String text =
                mail.replaceAll("(?m)^[> \\t]*>", " ").replace("=\r\n", "").replace("=\n", "");
        List<Row> rows = new ArrayList<>();
        collect(
                TABLE,
                text,
                rows,
                m -> row(
                        time("uuuu.MM.dd HH:mm:ss", m.group(1) + " " + m.group(2), ZONES.get(m.group(3))),
                        m.group(8),
                        m.group(4),
                        m.group(5),
                        m.group(6),
                        m.group(7)));
        collect(
                LIST,
                text,
                rows,
                m -> row(
                        time("MMM d HH:mm:ss uuuu", m.group(1), HETZNER),
                        m.group(2),
                        m.group(3),
                        m.group(4),
                        m.group(5),
                        m.group(6)));
        collect(
                NEWER,
                text,
                rows,
                m -> row(
                        time("uuuu-MM-dd HH:mm:ss", m.group(1), HETZNER),
                        m.group(7),
                        m.group(2),
                        m.group(3),
                        m.group(4),
                        m.group(5)));
        Matcher detail = DETAIL.matcher(text);
        return new AbuseMail(rows, detail.find() ? detail.group(1) : "");
    }

    private static void collect(Pattern form, String text, List<Row> rows, Function<MatchResult, Optional<Row>> make) {
        form.matcher(text)
                .results()
                .limit(MAX_ROWS - rows.size())
                .map(make)
                .flatMap(Optional::stream)
                .forEach(rows::add);
    }

    private static Optional<Row> row(
            Optional<Instant> at, String protocol, String source, String sourcePort, String remote, String remotePort) {
        Optional<IpAddress> from = IpAddress.parse(source);
        Optional<IpAddress> to = IpAddress.parse(remote);
        int fromPort = Integer.parseInt(sourcePort);
        int toPort = Integer.parseInt(remotePort);
        return from.isEmpty() || to.isEmpty() || fromPort > 0xffff || toPort > 0xffff
                ? Optional.empty()
                : Optional.of(new Row(at, protocol.toLowerCase(Locale.ROOT), from.get(), fromPort, to.get(), toPort));
    }

    private static Optional<Instant> time(String form, String text, @org.jspecify.annotations.Nullable ZoneId zone) {
        if (zone == null) {
            return Optional.empty();
        }
        try {
            DateTimeFormatter format = DateTimeFormatter.ofPattern(form, Locale.ROOT);
            return Optional.of(LocalDateTime.parse(text.replaceAll("\\s+", " "), format)
                    .atZone(zone)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
