package org.outguard.nft;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.ActionObservation;

/** What became of asking the kernel for our blocks. */
public sealed interface Listing {

    /**
     * These are there.
     *
     * @param blocks all of them; none where our table is not there
     */
    record Seen(ActionObservation.BlocksSeen blocks) implements Listing {}

    /**
     * It could not be asked, or did not answer as it should.
     *
     * @param reason why
     */
    record Failed(String reason) implements Listing {}

    /**
     * Reads what {@code nft -j list table} prints of our tables. What stands in several hooks is one block, whose
     * counters are added up. Elements that are not of our making are left out. Their times come in whole seconds,
     * rounded down, so a block may live up to a second longer than its {@code expires} says.
     */
    static Listing read(List<String> tables, Instant at) {
        Reading reading = new Reading(at);
        for (String json : tables) {
            List<?> objects;
            try {
                objects = NftJson.objects(json);
            } catch (IOException e) {
                return new Failed(String.valueOf(e.getMessage()));
            }
            for (Object object : objects) {
                if (object instanceof Map<?, ?> member) {
                    reading.take(member);
                }
            }
        }
        return new Seen(reading.result());
    }

    /** Which of our tables have a chain of that name, by what {@code nft -j list chains} prints; none where it is no JSON. */
    static Set<String> tablesWith(String chain, String json) {
        Set<String> tables = new HashSet<>();
        try {
            for (Object object : NftJson.objects(json)) {
                if (object instanceof Map<?, ?> member
                        && member.get("chain") instanceof Map<?, ?> found
                        && chain.equals(found.get("name"))) {
                    tables.add(found.get("family") + " " + found.get("table"));
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        tables.retainAll(Set.of(Ruleset.INET, Ruleset.NETDEV));
        return tables;
    }

    /** The elements of several sets on their way to blocks. */
    final class Reading {

        /* One shape of one group: what its two sets hold. */
        private record Place(SetGroup group, BlockSet shape, boolean rates) {}

        private record Key(BlockTarget target, boolean limits) {}

        private static final Map<String, Place> PLACES = places();

        private final Instant at;
        private final Map<Key, ActionObservation.BlockCounter> counters = new LinkedHashMap<>();
        private final Map<BlockTarget, Long> rates = new LinkedHashMap<>();
        private long keptIn;
        private boolean lockedDown;
        private @Nullable Instant lockdownEnds;

        Reading(Instant at) {
            this.at = at;
        }

        private static Map<String, Place> places() {
            Map<String, Place> places = new LinkedHashMap<>();
            for (SetGroup group : SetGroup.ALL) {
                for (BlockSet shape : group.shapes()) {
                    places.put(group.counting(shape), new Place(group, shape, false));
                    if (group.limits()) {
                        places.put(group.limiting(shape), new Place(group, shape, true));
                    }
                }
            }
            return places;
        }

        void take(Map<?, ?> member) {
            if (member.get("counter") instanceof Map<?, ?> counter
                    && Lockdown.COUNTER.equals(counter.get("name"))
                    && counter.get("packets") instanceof Number packets) {
                keptIn = packets.longValue();
            }
            if (!(member.get("set") instanceof Map<?, ?> set) || !(set.get("elem") instanceof List<?> elements)) {
                return;
            }
            Place place = set.get("name") instanceof String name ? PLACES.get(name) : null;
            for (Object element : elements) {
                if (Lockdown.SWITCH.equals(set.get("name"))) {
                    lockedDown = true;
                    lockdownEnds = map(element).get("expires") instanceof Number seconds
                            ? at.plusSeconds(seconds.longValue())
                            : null;
                } else if (place != null) {
                    element(place, map(element));
                }
            }
        }

        private static Map<?, ?> map(Object element) {
            return element instanceof Map<?, ?> outer && outer.get("elem") instanceof Map<?, ?> parts
                    ? parts
                    : Map.of();
        }

        private void element(Place place, Map<?, ?> parts) {
            Object value = parts.get("val");
            String comment = parts.get("comment") instanceof String text ? text : "";
            Optional<BlockTarget> target =
                    value == null ? Optional.empty() : place.shape().target(value, comment);
            if (target.isEmpty() || !(parts.get("expires") instanceof Number seconds)) {
                return;
            }
            if (place.rates()) {
                if (parts.get("limit") instanceof Map<?, ?> limit
                        && limit.get("rate") instanceof Number rate
                        && "second".equals(limit.get("per"))) {
                    rates.put(target.get(), rate.longValue());
                }
            } else if (parts.get("counter") instanceof Map<?, ?> counter
                    && counter.get("packets") instanceof Number packets
                    && counter.get("bytes") instanceof Number bytes) {
                count(
                        new Key(target.get(), place.group().limits()),
                        packets.longValue(),
                        bytes.longValue(),
                        at.plusSeconds(seconds.longValue()));
            }
        }

        private void count(Key key, long packets, long bytes, Instant expires) {
            ActionObservation.BlockCounter before = counters.get(key);
            counters.put(
                    key,
                    before == null
                            ? new ActionObservation.BlockCounter(key.target(), packets, bytes, expires)
                            : new ActionObservation.BlockCounter(
                                    key.target(),
                                    before.packets() + packets,
                                    before.bytes() + bytes,
                                    before.expires()));
        }

        ActionObservation.BlocksSeen result() {
            List<ActionObservation.BlockCounter> blocks = new ArrayList<>();
            counters.forEach((key, counter) -> {
                Long rate = rates.get(key.target());
                if (!key.limits()) {
                    blocks.add(counter);
                } else if (rate != null) {
                    blocks.add(new ActionObservation.BlockCounter(
                            counter.target(),
                            counter.packets(),
                            counter.bytes(),
                            counter.expires(),
                            OptionalLong.of(rate)));
                }
            });
            return new ActionObservation.BlocksSeen(
                    at,
                    blocks,
                    lockedDown
                            ? Optional.of(
                                    new ActionObservation.LockdownCounter(keptIn, Optional.ofNullable(lockdownEnds)))
                            : Optional.empty());
        }
    }
}
