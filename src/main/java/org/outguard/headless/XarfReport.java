package org.outguard.headless;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.outguard.text.SafeText;

/**
 * Floods as XARF reports, one for each offender (xarf-spec, schemas/v4/types/connection-ddos.json). XARF asks for what a
 * source did to one destination, so that is the busiest one; all others are in the evidence.
 */
public final class XarfReport {

    private static final String VERSION = "4.2.0";
    private static final Map<String, String> VECTORS =
            Map.of("UDP_FLOOD", "udp_flood", "ICMP_FLOOD", "icmp_flood", "TCP_SYN_FLOOD", "syn_flood");
    private static final int MAX_DESCRIPTION = 1_000;
    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .enable(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .build();

    private XarfReport() {}

    /**
     * Who reports.
     *
     * @param source address that the packets came from
     * @param organisation name of who runs the machine
     * @param contact its mail address
     */
    public record Reporter(String source, String organisation, String contact) {

        String domain() {
            return contact.substring(contact.indexOf('@') + 1);
        }
    }

    /** One object where one offender flooded, else a list of them; what is no flood is not in it. */
    public static String write(Incident incident, Reporter reporter, Supplier<UUID> ids) {
        List<Map<String, Object>> reports = incident.offenders().stream()
                .filter(offender -> VECTORS.containsKey(offender.text("kind")))
                .map(offender -> report(incident, offender, reporter, ids.get()))
                .toList();
        try {
            return ASCII.asString(reports.size() == 1 ? reports.get(0) : reports) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    private static Map<String, Object> report(Incident incident, PastOffender offender, Reporter reporter, UUID id) {
        Map<String, Object> contact = new LinkedHashMap<>();
        contact.put("org", SafeText.clean(reporter.organisation()));
        contact.put("contact", SafeText.clean(reporter.contact()));
        contact.put("domain", SafeText.clean(reporter.domain()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("xarf_version", VERSION);
        fields.put("report_id", id.toString());
        fields.put("timestamp", offender.firstSeen().toString());
        fields.put("reporter", contact);
        fields.put("sender", contact);
        fields.put("source_identifier", SafeText.clean(reporter.source()));
        fields.put("category", "connection");
        fields.put("type", "ddos");
        fields.put("evidence_source", "traffic_monitoring");
        fields.put("protocol", offender.text("protocol").startsWith("icmp") ? "icmp" : offender.text("protocol"));
        fields.put("attack_vector", VECTORS.get(offender.text("kind")));
        fields.put("first_seen", offender.firstSeen().toString());
        fields.put("last_seen", offender.lastSeen().toString());
        Optional<PastOffender.Remote> busiest = offender.remotes().stream().findFirst();
        busiest.ifPresent(remote -> fields.put("destination_ip", remote.address()));
        busiest.filter(remote -> remote.port() > 0).ifPresent(remote -> fields.put("destination_port", remote.port()));
        atLeastOne(fields, "peak_pps", Math.round(offender.peakPacketsPerSecond()));
        atLeastOne(fields, "peak_bps", Math.round(offender.peakBitsPerSecond()));
        atLeastOne(
                fields,
                "duration_seconds",
                Duration.between(offender.firstSeen(), offender.lastSeen()).toSeconds());
        fields.put(
                "mitigation_applied",
                incident.deeds().stream().anyMatch(deed -> deed.result().startsWith("done")));
        fields.put("description", description(offender));
        List<Map<String, Object>> evidence = new ArrayList<>();
        evidence.add(evidence("What Outguard recorded of it on the source, with all destinations", offender.fields()));
        incident.traces().stream()
                .filter(trace -> trace.asked().equals("offender " + offender.text("id")))
                .forEach(trace -> evidence.add(
                        evidence("How it came onto the source, and what was found there", trace.fields())));
        fields.put("evidence", evidence);
        return fields;
    }

    private static void atLeastOne(Map<String, Object> fields, String name, long value) {
        if (value >= 1) {
            fields.put(name, value);
        }
    }

    private static String description(PastOffender offender) {
        String owner = offender.owner("command").isEmpty()
                ? "a process that could not be named"
                : "process " + offender.owner("pid") + " " + offender.owner("command") + " of user "
                        + offender.owner("user");
        String text = SafeText.clean("Identified on the source: " + owner + ". " + offender.text("reason"));
        return text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
    }

    private static Map<String, Object> evidence(String what, Map<String, ?> recorded) {
        try {
            byte[] bytes = ASCII.asString(recorded).getBytes(StandardCharsets.US_ASCII);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("content_type", "application/json");
            item.put("description", what);
            item.put("payload", Base64.getEncoder().encodeToString(bytes));
            item.put("hash", "sha256:" + HexFormat.of().formatHex(digest));
            item.put("size", bytes.length);
            return item;
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("in memory, and every Java platform has SHA-256", e);
        }
    }
}
