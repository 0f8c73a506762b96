package org.outguard.kernel;

import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.Uplink;

/**
 * Reads where the routes of the calling thread's network namespace lead: from /proc/thread-self/net/route and ipv6_route, the
 * main table. Rules for other tables (ip-rule(8)) are not followed.
 */
public final class Routes {

    private static final Path NET = Path.of("/proc/thread-self/net");

    /* linux/route.h */
    private static final int RTF_UP = 0x1;
    private static final int RTF_REJECT = 0x200;
    private static final int MOST = 10_000;

    private Routes() {}

    /** The way to the rest of the world; empty where there is no default route, or its device cannot be asked. */
    public static Optional<Uplink> uplink() {
        return DefaultRoute.find().flatMap(device -> {
            try {
                return Optional.of(new Uplink(addresses(device), routed(NET), gateways()));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    private static Set<IpAddress> addresses(String device) throws SocketException {
        Set<IpAddress> addresses = new HashSet<>();
        NetworkInterface found = NetworkInterface.getByName(device);
        if (found != null) {
            for (InterfaceAddress one : found.getInterfaceAddresses()) {
                if (!one.getAddress().isLinkLocalAddress()) {
                    addresses.add(IpAddress.of(one.getAddress()));
                }
            }
        }
        return addresses;
    }

    /** Next hops of the default routes. */
    public static Set<IpAddress> gateways() {
        return gateways(NET);
    }

    static Set<IpAddress> gateways(Path net) {
        Set<IpAddress> found = new HashSet<>();
        try {
            lines(net.resolve("route")).forEach(fields -> {
                if (v4(fields).anyMatch(network -> network.prefix() == 0)) {
                    found.add(IpAddress.v4(Integer.reverseBytes(Integer.parseUnsignedInt(fields[2], 16))));
                }
            });
            lines(net.resolve("ipv6_route")).forEach(fields -> {
                if (v6(fields).anyMatch(network -> network.prefix() == 0)) {
                    found.add(v6(fields[4]));
                }
            });
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // What was read until then counts.
        }
        found.removeIf(IpAddress::unspecified);
        return found;
    }

    static List<BlockTarget.Remote> routed(Path net) throws IOException {
        return Stream.concat(
                        lines(net.resolve("route")).flatMap(Routes::v4),
                        lines(net.resolve("ipv6_route")).flatMap(Routes::v6))
                .filter(network -> network.prefix() > 0)
                .limit(MOST)
                .toList();
    }

    private static Stream<String[]> lines(Path file) throws IOException {
        // Without IPv6 there is no such file.
        return Files.exists(file)
                ? Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                        .map(line -> line.strip().split("\\s+", -1))
                : Stream.empty();
    }

    /* net/ipv4/fib_trie.c, fib_route_seq_show: Iface Destination Gateway Flags RefCnt Use Metric Mask, numbers as they lie in
     * memory. */
    private static Stream<BlockTarget.Remote> v4(String[] fields) {
        if (fields.length < 8 || !fields[1].matches("[0-9A-F]{8}") || !leads(fields[0], fields[3])) {
            return Stream.empty();
        }
        int address = Integer.reverseBytes(Integer.parseUnsignedInt(fields[1], 16));
        int mask = Integer.reverseBytes(Integer.parseUnsignedInt(fields[7], 16));
        return Stream.of(new BlockTarget.Remote(IpAddress.v4(address), Integer.bitCount(mask)));
    }

    /* net/ipv6/route.c, rt6_info_route: destination, its length, source, its length, gateway, metric, two counts, flags,
     * device. */
    private static Stream<BlockTarget.Remote> v6(String[] fields) {
        if (fields.length < 10 || !fields[0].matches("[0-9a-f]{32}") || !leads(fields[9], fields[8])) {
            return Stream.empty();
        }
        return Stream.of(new BlockTarget.Remote(v6(fields[0]), Integer.parseInt(fields[1], 16)));
    }

    private static IpAddress v6(String digits) {
        return IpAddress.v6(
                Long.parseUnsignedLong(digits.substring(0, 16), 16),
                Long.parseUnsignedLong(digits.substring(16, 32), 16));
    }

    private static boolean leads(String device, String flags) {
        return !device.equals("lo") && (Long.parseLong(flags, 16) & (RTF_UP | RTF_REJECT)) == RTF_UP;
    }
}
