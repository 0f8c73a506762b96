package org.outguard.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The devices by which packets leave, from the routes in /proc/thread-self/net, which shows the network namespace of the
 * calling thread.
 */
public final class RoutedDevices {

    private static final Path NET = Path.of("/proc/thread-self/net");
    private static final String LOOPBACK = "lo";
    private static final int V6_DEVICE = 9;

    private RoutedDevices() {}

    /** Devices with a route, but loopback; none where the routes cannot be read. */
    public static List<String> find() {
        return find(NET);
    }

    static List<String> find(Path net) {
        Set<String> devices = new LinkedHashSet<>();
        for (String line : lines(net.resolve("route"))) {
            // net/ipv4/fib_trie.c, fib_route_seq_show; the first line has the names of the columns.
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length >= 8 && fields[1].matches("[0-9A-F]{8}")) {
                devices.add(fields[0]);
            }
        }
        for (String line : lines(net.resolve("ipv6_route"))) {
            // net/ipv6/route.c, rt6_info_route. Every device has routes for link-local and multicast.
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > V6_DEVICE && !fields[0].startsWith("fe80") && !fields[0].startsWith("ff")) {
                devices.add(fields[V6_DEVICE]);
            }
        }
        devices.remove(LOOPBACK);
        // A route that rejects has no device.
        devices.remove("*");
        return new ArrayList<>(devices);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
