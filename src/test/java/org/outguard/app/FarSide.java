package org.outguard.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Counts what arrives at the other end of the cable, in another network namespace and by other means than Outguard's:
 * named counters of nftables, one an address.
 */
public final class FarSide {

    private final List<String> inside;

    /** Begins to count packets to these addresses. */
    public FarSide(Path namespace, List<String> addresses) {
        inside = List.of("nsenter", "--net=" + namespace, "--", "nft");
        StringBuilder rules = new StringBuilder("table inet far {\n");
        addresses.forEach(
                address -> rules.append("  counter ").append(name(address)).append(" { }\n"));
        rules.append("  chain arriving {\n    type filter hook prerouting priority raw;\n");
        addresses.forEach(address -> rules.append("    ")
                .append(address.contains(":") ? "ip6" : "ip")
                .append(" daddr ")
                .append(address)
                .append(" counter name ")
                .append(name(address))
                .append('\n'));
        rules.append("  }\n}\n");
        Programs.output(rules.toString(), with("-f", "-"));
    }

    /** Packets that have arrived for this address. */
    public long packets(String address) {
        String counter = Programs.output("", with("list", "counter", "inet", "far", name(address)));
        Matcher packets = Pattern.compile("packets (\\d+) bytes").matcher(counter);
        if (!packets.find()) {
            throw new AssertionError(counter);
        }
        return Long.parseLong(packets.group(1));
    }

    /**
     * Waits until what goes to this address has stopped: no more than this arrives in a tenth of a second.
     *
     * @param inFlight packets that may be under way
     * @return from the call to the last packet beyond those
     */
    public Duration awaitSilence(String address, long inFlight) {
        long start = System.nanoTime();
        long[] last = {start, packets(address)};
        Patience.until("packets to " + address + " stop", Duration.ofSeconds(10), () -> {
            long now = packets(address);
            if (now - last[1] > inFlight) {
                last[0] = System.nanoTime();
                last[1] = now;
            }
            return System.nanoTime() - last[0] > 100_000_000;
        });
        return Duration.ofNanos(last[0] - start);
    }

    private List<String> with(String... arguments) {
        return Stream.concat(inside.stream(), Arrays.stream(arguments)).toList();
    }

    private static String name(String address) {
        return "to_" + address.replaceAll("[.:/]", "_");
    }
}
