package org.outguard.nft;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.Observation;

/** What became of asking the kernel for our blocks. */
public sealed interface Listing {

    /**
     * These are there.
     *
     * @param blocks all of them; none where our table is not there
     */
    record Seen(Observation.BlocksSeen blocks) implements Listing {}

    /**
     * It could not be asked, or did not answer as it should.
     *
     * @param reason why
     */
    record Failed(String reason) implements Listing {}

    /**
     * Reads what {@code nft -j list table} prints. Elements that are not of our making are left out. Their times come
     * in whole seconds, rounded down, so a block may live up to a second longer than its {@code expires} says.
     */
    static Listing read(String json, Instant at) {
        Object root;
        try {
            root = JSON.std.anyFrom(json);
        } catch (IOException e) {
            return new Failed("nft's list could not be read: " + e.getMessage());
        }
        if (!(root instanceof Map<?, ?> map) || !(map.get("nftables") instanceof List<?> objects)) {
            return new Failed("nft's list could not be read: it has no nftables");
        }
        List<Observation.BlockCounter> blocks = new ArrayList<>();
        for (Object object : objects) {
            if (object instanceof Map<?, ?> member && member.get("set") instanceof Map<?, ?> set) {
                blocksOf(set, at).forEach(blocks::add);
            }
        }
        return new Seen(new Observation.BlocksSeen(at, blocks));
    }

    private static Stream<Observation.BlockCounter> blocksOf(Map<?, ?> set, Instant at) {
        Optional<BlockSet> ours = BlockSet.ALL.stream()
                .filter(known -> known.name().equals(set.get("name")))
                .findFirst();
        if (ours.isEmpty() || !(set.get("elem") instanceof List<?> elements)) {
            return Stream.empty();
        }
        return elements.stream().flatMap(element -> block(ours.get(), element, at).stream());
    }

    private static Optional<Observation.BlockCounter> block(BlockSet set, Object element, Instant at) {
        if (!(element instanceof Map<?, ?> map)
                || !(map.get("elem") instanceof Map<?, ?> parts)
                || !(parts.get("expires") instanceof Number seconds)
                || !(parts.get("counter") instanceof Map<?, ?> counter)
                || !(counter.get("packets") instanceof Number packets)
                || !(counter.get("bytes") instanceof Number bytes)) {
            return Optional.empty();
        }
        Object value = parts.get("val");
        Optional<BlockTarget> target = value == null ? Optional.empty() : set.target(value);
        return target.map(found -> new Observation.BlockCounter(
                found, packets.longValue(), bytes.longValue(), at.plusSeconds(seconds.longValue())));
    }
}
