package org.outguard.procfs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A TCP or UDP socket of a process, by the tables of its network namespace (/proc/PID/net, proc(5)).
 *
 * @param protocol {@code "tcp"} or {@code "udp"}
 * @param local its own address, 4 or 16 bytes in network order
 * @param localPort its own port
 * @param remote the other end, all zero where it is not connected
 * @param remotePort port of the other end, 0 where it is not connected
 * @param state as in include/net/tcp_states.h: 1 established, 10 listening
 * @param inode number of the socket, as in /proc/PID/fd
 */
public record OpenSocket(
        String protocol, byte[] local, int localPort, byte[] remote, int remotePort, int state, long inode) {

    private static final int LISTENING = 10;
    private static final int MAX_BYTES = 8 << 20;
    private static final List<String> TABLES = List.of("tcp", "tcp6", "udp", "udp6");

    /** Those of these inodes that a process has. */
    public static List<OpenSocket> of(Path process, Set<Long> inodes) {
        List<OpenSocket> found = new ArrayList<>();
        if (!inodes.isEmpty()) {
            for (String table : TABLES) {
                ProcFile.text(process.resolve("net").resolve(table), MAX_BYTES)
                        .orElse("")
                        .lines()
                        .map(line -> parse(table, line))
                        .flatMap(Optional::stream)
                        .filter(socket -> inodes.contains(socket.inode))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /**
     * One line of such a table; empty for its head, and for what is none.
     *
     * @param table its name, such as {@code "udp6"}
     */
    public static Optional<OpenSocket> parse(String table, String line) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length < 10 || fields[0].equals("sl")) {
            return Optional.empty();
        }
        try {
            String[] local = fields[1].split(":");
            String[] remote = fields[2].split(":");
            return Optional.of(new OpenSocket(
                    table.startsWith("tcp") ? "tcp" : "udp",
                    address(local[0]),
                    Integer.parseInt(local[1], 16),
                    address(remote[0]),
                    Integer.parseInt(remote[1], 16),
                    Integer.parseInt(fields[3], 16),
                    Long.parseLong(fields[9])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /* The kernel prints each 32 bits of an address as one number in its own byte order. */
    private static byte[] address(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != 4 && bytes.length != 16) {
            throw new IllegalArgumentException("no address: " + hex);
        }
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int word = 0; word < bytes.length; word += 4) {
                swap(bytes, word, word + 3);
                swap(bytes, word + 1, word + 2);
            }
        }
        return bytes;
    }

    private static void swap(byte[] bytes, int a, int b) {
        byte keep = bytes[a];
        bytes[a] = bytes[b];
        bytes[b] = keep;
    }

    boolean listens() {
        return protocol.equals("tcp") && state == LISTENING;
    }

    /** Whether it takes from one other end alone. */
    public boolean connected() {
        return remotePort != 0;
    }

    int protocolNumber() {
        return protocol.equals("tcp") ? 6 : 17;
    }

    /** {@code "192.0.2.1:80"}, {@code "[2001:db8::1]:80"}. */
    static String endpoint(byte[] address, int port) {
        try {
            String text = InetAddress.getByAddress(address).getHostAddress();
            return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }

    /** {@code "udp 192.0.2.2:40000 -> 203.0.113.80:80"}. */
    @Override
    public String toString() {
        return protocol + " " + endpoint(local, localPort) + (listens() ? " listening" : "")
                + (connected() ? " -> " + endpoint(remote, remotePort) : "");
    }
}
