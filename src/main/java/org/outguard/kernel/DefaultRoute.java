package org.outguard.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the interface by which packets leave for the rest of the world, from /proc/thread-self/net, which shows the network
 * namespace of the calling thread; /proc/net shows that of the first thread.
 */
public final class DefaultRoute {

    private static final Path NET = Path.of("/proc/thread-self/net");
    /* linux/route.h; "ip route add unreachable default" makes one that is up and rejects, with the device "*". */
    private static final int RTF_UP = 0x1;
    private static final int RTF_REJECT = 0x200;
    private static final String LOOPBACK = "lo";

    private DefaultRoute() {}

    /** The interface of the IPv4 default route with the lowest metric, else of the IPv6 one; empty without either. */
    public static Optional<String> find() {
        return find(NET);
    }

    static Optional<String> find(Path net) {
        return best(lines(net.resolve("route")), DefaultRoute::v4)
                .or(() -> best(lines(net.resolve("ipv6_route")), DefaultRoute::v6));
    }

    private record Route(String device, long metric) {}

    private interface Format {
        Optional<Route> read(String[] fields);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> best(List<String> lines, Format format) {
        Optional<Route> best = Optional.empty();
        for (String line : lines) {
            Optional<Route> route = format.read(line.strip().split("\\s+", -1));
            if (route.isPresent() && (best.isEmpty() || route.get().metric < best.get().metric)) {
                best = route;
            }
        }
        return best.map(Route::device);
    }

    /* net/ipv4/fib_trie.c, fib_route_seq_show: Iface Destination Gateway Flags RefCnt Use Metric Mask. */
    private static Optional<Route> v4(String[] fields) {
        if (fields.length < 8 || !fields[1].equals("00000000") || !fields[7].equals("00000000")) {
            return Optional.empty();
        }
        return route(fields[0], fields[3], fields[6], 10);
    }

    /* net/ipv6/route.c, rt6_info_route: destination, its length, source, its length, gateway, metric, two counts, flags,
     * device. */
    private static Optional<Route> v6(String[] fields) {
        if (fields.length < 10 || !fields[0].equals("0".repeat(32)) || !fields[1].equals("00")) {
            return Optional.empty();
        }
        return route(fields[9], fields[8], fields[5], 16);
    }

    private static Optional<Route> route(String device, String flags, String metric, int metricBase) {
        try {
            boolean up = (Long.parseLong(flags, 16) & (RTF_UP | RTF_REJECT)) == RTF_UP;
            return up && !device.equals(LOOPBACK)
                    ? Optional.of(new Route(device, Long.parseLong(metric, metricBase)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
