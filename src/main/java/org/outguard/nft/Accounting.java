package org.outguard.nft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/** What the accounting sets counted since they were read before. */
public sealed interface Accounting {

    /** Whom packets are charged to. */
    sealed interface Who {

        /**
         * The user who opened the socket: 0 for one that root opened and handed on.
         *
         * @param uid user id
         */
        record User(long uid) implements Who {}

        /**
         * The control group that the socket was made in, down to the second level.
         *
         * @param path in the hierarchy of version 2, with a slash in front; where the group is gone, its number
         */
        record Cgroup(String path) implements Who {}
    }

    /**
     * What went to one remote.
     *
     * @param who whom it is charged to; each packet is charged to its user and, apart from that, to its group
     * @param protocol UDP, TCP, ICMP or ICMPv6
     * @param remote with port 0 for ICMP
     * @param packets as they pass the output hook: a large send that is segmented later counts once
     * @param bytes length of those packets, IP header included
     */
    record Flow(Who who, Protocol protocol, Endpoint remote, long packets, long bytes) {}

    /**
     * All that one sent, whatever the protocol; also that for which there was no room among the flows.
     *
     * @param who whom it is charged to
     * @param packets see {@link Flow}
     * @param bytes see {@link Flow}
     */
    record Total(Who who, long packets, long bytes) {}

    /**
     * The counts.
     *
     * @param flows one for each that grew; beyond {@value NftAccounting#MOST_ELEMENTS} of a kind the rest is in the totals
     *     alone
     * @param totals one for each user and group that grew
     * @param packets everything that passed the output hook, also what has no socket, such as the kernel's own answers
     * @param bytes length of that
     */
    record Seen(List<Flow> flows, List<Total> totals, long packets, long bytes) implements Accounting {
        public Seen {
            flows = List.copyOf(flows);
            totals = List.copyOf(totals);
        }
    }

    /**
     * They could not be read.
     *
     * @param reason why, in words
     */
    record Failed(String reason) implements Accounting {}

    /** The names in what {@code nft -j list tables} prints; none where it cannot be read. */
    static List<String> tables(String json) {
        List<String> names = new ArrayList<>();
        try {
            for (Object object : NftJson.objects(json)) {
                if (object instanceof Map<?, ?> map && map.get("table") instanceof Map<?, ?> table) {
                    names.add(String.valueOf(table.get("name")));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return names;
    }

    /** Turns what nft prints, whose counters only grow, into what came since the time before. */
    final class Reader {

        private static final String GROUP = "groups";

        private record Key(Who who, Protocol protocol, Optional<Endpoint> remote) {}

        private record Counter(long packets, long bytes) {
            static final Counter NONE = new Counter(0, 0);

            /* An element that expired and was made again begins at 0. */
            Counter since(Counter before) {
                return packets < before.packets ? this : new Counter(packets - before.packets, bytes - before.bytes);
            }
        }

        private final String cgroupPrefix;
        private Map<Key, Counter> before = Map.of();
        private Counter allBefore = Counter.NONE;

        /** @param cgroupPrefix see {@link Hooks#cgroups} */
        Reader(String cgroupPrefix) {
            this.cgroupPrefix = cgroupPrefix;
        }

        /** The counters begin anew. */
        void startAgain() {
            before = Map.of();
            allBefore = Counter.NONE;
        }

        /** Reads the output of {@code nft -j -n list table}. */
        Accounting read(String json) {
            List<?> objects;
            try {
                objects = NftJson.objects(json);
            } catch (IOException e) {
                return new Failed(String.valueOf(e.getMessage()));
            }
            Map<Key, Counter> counters = new HashMap<>();
            Counter all = Counter.NONE;
            for (Object object : objects) {
                if (member(object, "set") instanceof Map<?, ?> set && set.get("elem") instanceof List<?> elements) {
                    String name = String.valueOf(set.get("name"));
                    elements.forEach(element -> take(name, member(element, "elem"), counters));
                } else if (member(object, "counter") instanceof Map<?, ?> counter) {
                    all = counter(counter).orElse(all);
                }
            }
            return difference(counters, all);
        }

        private static Object member(Object object, String name) {
            Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
            return value == null ? "" : value;
        }

        private static Optional<Counter> counter(Object counter) {
            return member(counter, "packets") instanceof Number packets
                            && member(counter, "bytes") instanceof Number bytes
                    ? Optional.of(new Counter(packets.longValue(), bytes.longValue()))
                    : Optional.empty();
        }

        private void take(String set, Object element, Map<Key, Counter> into) {
            Optional<Counter> counter = counter(member(element, "counter"));
            Object value = member(element, "val");
            List<?> parts = member(value, "concat") instanceof List<?> several ? several : List.of(value);
            Optional<Who> who = who(set.startsWith(GROUP), parts.get(0));
            if (counter.isEmpty() || who.isEmpty()) {
                return;
            }
            Optional<Key> key = switch (parts.size()) {
                case 1 -> Optional.of(new Key(who.get(), Protocol.OTHER, Optional.empty()));
                case 4 ->
                    number(parts.get(3)).stream()
                            .boxed()
                            .findFirst()
                            .flatMap(port -> remote(who.get(), parts, port.intValue()));
                case 3 -> remote(who.get(), parts, 0);
                default -> Optional.empty();
            };
            key.ifPresent(known -> into.put(known, counter.get()));
        }

        private static Optional<Key> remote(Who who, List<?> parts, int port) {
            OptionalLong protocol = number(parts.get(2));
            return IpAddress.parse(String.valueOf(parts.get(1)))
                    .filter(address -> protocol.isPresent())
                    .map(address -> new Key(
                            who, Protocol.of((int) protocol.getAsLong()), Optional.of(new Endpoint(address, port))));
        }

        private static OptionalLong number(Object value) {
            return value instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
        }

        /* nft names a group by its path below /sys/fs/cgroup. */
        private Optional<Who> who(boolean group, Object value) {
            if (group) {
                String path = String.valueOf(value);
                boolean known = value instanceof String && path.startsWith(cgroupPrefix);
                return Optional.of(new Who.Cgroup(known ? "/" + path.substring(cgroupPrefix.length()) : path));
            }
            return value instanceof Number uid ? Optional.of(new Who.User(uid.longValue())) : Optional.empty();
        }

        private Accounting difference(Map<Key, Counter> counters, Counter all) {
            List<Flow> flows = new ArrayList<>();
            List<Total> totals = new ArrayList<>();
            counters.forEach((key, counter) -> {
                Counter grown = counter.since(before.getOrDefault(key, Counter.NONE));
                if (grown.packets() == 0) {
                    return;
                }
                key.remote()
                        .ifPresentOrElse(
                                remote -> flows.add(
                                        new Flow(key.who(), key.protocol(), remote, grown.packets(), grown.bytes())),
                                () -> totals.add(new Total(key.who(), grown.packets(), grown.bytes())));
            });
            Counter grown = all.since(allBefore);
            before = counters;
            allBefore = all;
            return new Seen(flows, totals, grown.packets(), grown.bytes());
        }
    }
}
