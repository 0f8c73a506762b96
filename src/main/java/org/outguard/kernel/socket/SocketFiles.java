package org.outguard.kernel.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.kernel.socket.SocketRecord.Kind;

/**
 * Sockets by /proc/net/{tcp,udp,udplite,raw,icmp,packet} (proc(5)): for what sock_diag does not list, which is ICMP
 * sockets always, and raw sockets where the kernel is built without raw_diag. The folder is that of thread-self, since
 * /proc/net is that of the first thread, which may be in another network namespace.
 */
public final class SocketFiles {

    private static final Path HERE = Path.of("/proc/thread-self/net");
    private static final int MAX_LINES = 1 << 20;

    private final Path net;

    public SocketFiles() {
        this(HERE);
    }

    public SocketFiles(Path net) {
        this.net = net;
    }

    /**
     * Adds what one file lists; a file that is not there (a kernel without IPv6) lists nothing.
     *
     * @param name of the file for IPv4: that for IPv6 has a 6 behind it
     * @param protocol IP protocol of its sockets; of raw sockets their port says it
     */
    public void addInet(String name, Kind kind, boolean v6, int protocol, List<SocketRecord> to) {
        add(v6 ? name + "6" : name, line -> inet(line, kind, v6, protocol), to);
    }

    /** Adds the packet sockets. */
    public void addPacket(List<SocketRecord> to) {
        add("packet", SocketFiles::packet, to);
    }

    private interface Parser {
        Optional<SocketRecord> parse(String[] fields);
    }

    private void add(String name, Parser parser, List<SocketRecord> to) {
        try (BufferedReader lines = Files.newBufferedReader(net.resolve(name), StandardCharsets.ISO_8859_1)) {
            lines.readLine();
            String line = lines.readLine();
            for (int i = 0; line != null && i < MAX_LINES; i++) {
                parse(line, parser).ifPresent(to::add);
                line = lines.readLine();
            }
        } catch (IOException e) {
            // What was read until then counts.
        }
    }

    private static Optional<SocketRecord> parse(String line, Parser parser) {
        try {
            return parser.parse(line.trim().split("\\s+"));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /* sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode … */
    private static Optional<SocketRecord> inet(String[] fields, Kind kind, boolean v6, int protocol) {
        Endpoint local = endpoint(fields[1], v6);
        Endpoint remote = endpoint(fields[2], v6);
        boolean raw = kind == Kind.RAW;
        return Optional.of(new SocketRecord(
                kind,
                v6,
                raw ? local.port() & 0xff : protocol,
                Integer.parseInt(fields[3], 16),
                raw ? new Endpoint(local.address(), 0) : local,
                raw ? new Endpoint(remote.address(), 0) : remote,
                0,
                Integer.parseUnsignedInt(fields[7]),
                Long.parseUnsignedLong(fields[9]),
                false));
    }

    /* sk RefCnt Type Proto Iface R Rmem User Inode */
    private static Optional<SocketRecord> packet(String[] fields) {
        Endpoint none = new Endpoint(IpAddress.ANY_V4, 0);
        return Optional.of(new SocketRecord(
                Kind.PACKET,
                false,
                0,
                Integer.parseInt(fields[2]),
                none,
                none,
                Integer.parseInt(fields[4]),
                Integer.parseUnsignedInt(fields[7]),
                Long.parseUnsignedLong(fields[8]),
                false));
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
