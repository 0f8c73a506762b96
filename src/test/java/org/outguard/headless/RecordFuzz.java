package org.outguard.headless;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.outguard.Hostile;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;

/** NDJSON that watch has written, and the reports that are made of it. */
public final class RecordFuzz implements FuzzTarget {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final FuzzFile file = new FuzzFile("watch.ndjson");

    @Override
    public String name() {
        return "ndjson";
    }

    @Override
    public List<byte[]> seeds() throws Exception {
        String offender =
                "{\"type\":\"offender\",\"at\":\"2026-11-24T02:59:00Z\",\"id\":\"o-1\",\"verdict\":\"OFFENDING\","
                        + "\"kind\":\"UDP_FLOOD\",\"reason\":\"x\",\"packets\":1000,\"bytes\":57000,\"packetsPerSecond\":170000,"
                        + "\"peakPacketsPerSecond\":170000,\"since\":\"2026-11-24T02:58:00Z\",\"owner\":{\"pid\":4711,\"startTime\":99,"
                        + "\"command\":\"x7\",\"exe\":\"/dev/shm/x7\",\"exeDeleted\":true,\"commandLine\":[\"./x7\",\"80\"],\"uid\":33,"
                        + "\"user\":\"www-data\",\"parents\":[\"php-fpm\"]},\"remotes\":[{\"address\":\"203.0.113.80\",\"port\":80,"
                        + "\"protocol\":\"udp\",\"packets\":1000}],\"eyes\":{\"kernel\":{\"packets\":1000,\"bytes\":57000},"
                        + "\"wire\":{\"packets\":1000,\"bytes\":57000,\"sight\":\"ALL\"}}}";
        String message =
                "{\"type\":\"message\",\"at\":\"2026-11-24T02:59:00Z\",\"queueId\":\"4C1D22A07F2\",\"messageId\":"
                        + "\"a@example.org\",\"submitter\":{\"kind\":\"user\",\"uid\":33,\"name\":\"www-data\"},\"sender\":\"a\","
                        + "\"recipients\":[\"b@example.net\"],\"status\":\"sent\",\"sent\":1}";
        List<byte[]> seeds = new ArrayList<>();
        for (String lines : List.of(
                offender,
                message,
                offender + "\n" + offender.replace("170000", "9"),
                offender + "\n{\"type\":\"moved\",\"id\":\"o-1\",\"into\":\"o-2\"}")) {
            seeds.add((lines + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "null",
                "[]",
                "{}",
                "[[[[",
                "true",
                "\"owner\":",
                "\"remotes\":",
                "\"\\ud800\"",
                "\"packets\":",
                "1e400");
    }

    @Override
    public void feed(byte[] input) throws Exception {
        List<PastMessage> messages = new ArrayList<>();
        History past = History.read(List.of(file.holding(input)), offender -> true, messages::add);
        messages.forEach(PastMessage::submitter);
        Incident incident = new Incident("mail", NOW, NOW.minusSeconds(86_400), past.offenders(), List.of());
        String shown = Hostile.unsafe(IncidentReport.markdown(incident));
        if (!shown.isEmpty()) {
            throw new IllegalStateException("it is not safe to print: " + shown);
        }
        IncidentReport.html(incident);
        if (!past.offenders().isEmpty()) {
            XarfReport.write(
                    incident,
                    new XarfReport.Reporter("192.0.2.10", "Example", "abuse@example.org"),
                    () -> new UUID(1, 2));
        }
    }
}
