package org.outguard.headless;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.headless.ndjson.Fields;

/**
 * What one owner sent with one protocol in a time, put together from single destinations: the form of an offender, for whoever
 * asks about something that was none.
 */
public final class QuietTraffic {

    private final Map<String, Object> fields;
    private final List<Map<String, Object>> remotes = new ArrayList<>();
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
    private long packets;
    private long bytes;
    private long unlisted;

    /**
     * Nothing yet.
     *
     * @param id names it in answers
     * @param facts of the owner, by {@link RecordLines#owner}
     * @param verdict the worst on the owner then
     */
    public QuietTraffic(String id, String facts, String protocol, String verdict) {
        fields = new LinkedHashMap<>(Fields.read(facts).orElseGet(Map::of));
        fields.put("type", "traffic");
        fields.put("id", id);
        fields.put("protocol", protocol);
        fields.put("verdict", verdict);
    }

    /**
     * Adds a destination.
     *
     * @param address empty for such as were not told apart
     */
    public void add(String address, int port, long packetCount, long byteCount, Instant from, Instant until) {
        Map<String, Object> remote = new LinkedHashMap<>();
        remote.put("address", address);
        remote.put("port", port);
        remote.put("packets", packetCount);
        remote.put("bytes", byteCount);
        remotes.add(remote);
        unlisted += address.isEmpty() ? 1 : 0;
        packets += packetCount;
        bytes += byteCount;
        first = from.isBefore(first) ? from : first;
        last = until.isAfter(last) ? until : last;
    }

    /** As an offender. */
    public PastOffender done() {
        fields.put("remotes", remotes);
        fields.put("remoteCount", remotes.size() + unlisted);
        fields.put("packets", packets);
        fields.put("bytes", bytes);
        fields.put("firstSeen", first.toString());
        fields.put("lastSeen", last.toString());
        return new PastOffender(fields, first, last, 0, 0, RateCurve.NONE);
    }
}
