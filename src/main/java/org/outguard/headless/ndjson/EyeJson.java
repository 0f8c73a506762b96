package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.SourceCounts.Sight;
import org.outguard.guard.snapshot.SourceCounts.Sum;
import org.outguard.guard.snapshot.SourceCounts.Wire;

/** What both eyes counted, as the field {@code eyes} of the NDJSON output: written, and read back. */
public final class EyeJson {

    private EyeJson() {}

    static void write(JsonGenerator json, SourceCounts eyes) throws IOException {
        json.writeObjectFieldStart("eyes");
        if (eyes.kernel().isPresent()) {
            json.writeObjectFieldStart("kernel");
            sum(json, "packets", "bytes", eyes.kernel().get());
            json.writeEndObject();
        } else {
            json.writeNullField("kernel");
        }
        if (eyes.wire().isPresent()) {
            wire(json, eyes.wire().get());
        } else {
            json.writeNullField("wire");
        }
        json.writeObjectFieldStart("unaccounted");
        sum(json, "packets", "bytes", eyes.unaccounted());
        json.writeEndObject();
        json.writeObjectFieldStart("before");
        sum(json, "packets", "bytes", eyes.before());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void wire(JsonGenerator json, Wire wire) throws IOException {
        json.writeObjectFieldStart("wire");
        sum(json, "packets", "bytes", wire.seen());
        sum(json, "kernelPackets", "kernelBytes", wire.kernel());
        json.writeNumberField("otherPackets", wire.others());
        json.writeNumberField("nobodysPackets", wire.nobodys());
        json.writeStringField("sight", wire.sight().name());
        json.writeNumberField("destinations", wire.destinations());
        json.writeNumberField("leftOut", wire.leftOut());
        json.writeEndObject();
    }

    private static void sum(JsonGenerator json, String packets, String bytes, Sum sum) throws IOException {
        json.writeNumberField(packets, sum.packets());
        json.writeNumberField(bytes, sum.bytes());
    }

    /** Reads the field; empty where it is not there, as in older logs, or is none. */
    public static Optional<SourceCounts> read(Map<String, Object> fields) {
        if (!(fields.get("eyes") instanceof Map<?, ?> eyes)) {
            return Optional.empty();
        }
        Optional<Sum> kernel = eyes.get("kernel") instanceof Map<?, ?> map
                ? Optional.of(sum(map, "packets", "bytes"))
                : Optional.empty();
        Optional<Wire> wire = eyes.get("wire") instanceof Map<?, ?> map ? wire(map) : Optional.empty();
        Sum unaccounted = eyes.get("unaccounted") instanceof Map<?, ?> map ? sum(map, "packets", "bytes") : Sum.NONE;
        Sum before = eyes.get("before") instanceof Map<?, ?> map ? sum(map, "packets", "bytes") : Sum.NONE;
        return Optional.of(new SourceCounts(kernel, wire, unaccounted, before));
    }

    private static Optional<Wire> wire(Map<?, ?> map) {
        for (Sight sight : Sight.values()) {
            if (sight.name().equals(map.get("sight"))) {
                return Optional.of(new Wire(
                        sum(map, "packets", "bytes"),
                        sum(map, "kernelPackets", "kernelBytes"),
                        number(map, "otherPackets"),
                        number(map, "nobodysPackets"),
                        sight,
                        (int) number(map, "destinations"),
                        (int) number(map, "leftOut")));
            }
        }
        return Optional.empty();
    }

    private static Sum sum(Map<?, ?> map, String packets, String bytes) {
        return new Sum(number(map, packets), number(map, bytes));
    }

    private static long number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
