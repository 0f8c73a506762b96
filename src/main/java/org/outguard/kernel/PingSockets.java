package org.outguard.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/**
 * SOCK_DGRAM sockets of ICMP, which sock_diag does not list: /proc/net/icmp and icmp6 do (net/ipv4/ping.c). They are
 * read below thread-self, since /proc/net is that of the first thread, which may be in another network namespace.
 */
final class PingSockets {

    private static final Path HERE = Path.of("/proc/thread-self/net");
    private static final int MAX_SOCKETS = 65_536;

    private PingSockets() {}

    static List<SocketRecord> list() {
        return list(HERE);
    }

    static List<SocketRecord> list(Path net) {
        List<SocketRecord> sockets = new ArrayList<>();
        read(net.resolve("icmp"), false, sockets);
        read(net.resolve("icmp6"), true, sockets);
        return sockets;
    }

    private static void read(Path file, boolean v6, List<SocketRecord> sockets) {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine();
                    line != null && sockets.size() < MAX_SOCKETS;
                    line = lines.readLine()) {
                parse(line, v6).ifPresent(sockets::add);
            }
        } catch (IOException e) {
            // A kernel without IPv6 has no such file, and nothing to list.
        }
    }

    /* sl local_address remote_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode … */
    private static Optional<SocketRecord> parse(String line, boolean v6) {
        String[] fields = line.trim().split(" +");
        if (fields.length < 10 || !fields[0].endsWith(":")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SocketRecord(
                    SocketRecord.Kind.PING,
                    v6,
                    (v6 ? Protocol.ICMPV6 : Protocol.ICMP).number(),
                    Integer.parseInt(fields[3], 16),
                    endpoint(fields[1], v6),
                    endpoint(fields[2], v6),
                    0,
                    Integer.parseUnsignedInt(fields[7]),
                    Long.parseUnsignedLong(fields[9]),
                    v6));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /* Each 32-bit word of the address is printed as a number of this machine. */
    private static Endpoint endpoint(String text, boolean v6) {
        byte[] bytes = HexFormat.of().parseHex(text.substring(0, v6 ? 32 : 8));
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int word = 0; word < bytes.length; word += 4) {
                swap(bytes, word, word + 3);
                swap(bytes, word + 1, word + 2);
            }
        }
        return new Endpoint(IpAddress.of(bytes), Integer.parseInt(text.substring(bytes.length * 2 + 1), 16));
    }

    private static void swap(byte[] bytes, int one, int other) {
        byte kept = bytes[one];
        bytes[one] = bytes[other];
        bytes[other] = kept;
    }
}
