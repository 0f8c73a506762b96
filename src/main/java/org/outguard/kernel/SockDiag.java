package org.outguard.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.socket.SocketFiles;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.kernel.socket.SocketTable;

/**
 * Sockets by sock_diag(7), and by the files of /proc/net where this kernel has no module that lists them. For one
 * thread at a time.
 */
public final class SockDiag implements SocketTable {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_PACKET = 17;
    private static final int IPPROTO_RAW = 255;

    private static final int EPERM = 1;
    private static final int EAGAIN = 11;

    /* ENOENT, EINVAL, EPROTONOSUPPORT, EOPNOTSUPP, EAFNOSUPPORT: a kernel without the module in question. */
    private static final Set<Integer> NOT_LISTED = Set.of(2, 22, 93, 95, 97);

    /* Layout of native/include/sock_diag_records.h. */
    private static final int HEADER_BYTES = 8;
    private static final int RECORD_BYTES = 64;
    private static final int FULL = 2;
    private static final int INTERRUPTED = 1;
    private static final int V6ONLY = 1;
    private static final int CAPTURES = 2;

    private static final int FIRST_RECORDS = 4_096;
    private static final int MAX_RECORDS = 1 << 20;
    private static final int TRIES = 3;

    private final SocketFiles files = new SocketFiles();
    private ByteBuffer buffer = room(FIRST_RECORDS);

    @Override
    public Listing list(Set<Protocol> protocols) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Listing(List.of(), List.of(problem.get()));
        }
        List<SocketRecord> sockets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            int family = v6 ? AF_INET6 : AF_INET;
            for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.UDPLITE)) {
                if (protocols.contains(protocol)
                        && !add(family, protocol.number(), protocol.word(), sockets, problems)) {
                    files.addInet(protocol.word(), SocketRecord.Kind.INET, v6, protocol.number(), sockets);
                }
            }
            if (!add(family, IPPROTO_RAW, "raw", sockets, problems)) {
                files.addInet("raw", SocketRecord.Kind.RAW, v6, IPPROTO_RAW, sockets);
            }
            Protocol icmp = v6 ? Protocol.ICMPV6 : Protocol.ICMP;
            files.addInet("icmp", SocketRecord.Kind.PING, v6, icmp.number(), sockets);
        }
        if (!add(AF_PACKET, 0, "packet", sockets, problems)) {
            files.addPacket(sockets);
        }
        return new Listing(sockets, problems);
    }

    /* Whether this kernel has a module that lists them; whether it worked is among the problems. */
    private boolean add(int family, int protocol, String word, List<SocketRecord> sockets, List<String> problems) {
        int error = ask(family, protocol);
        describe(error, word).ifPresent(problems::add);
        if (error != 0) {
            return !NOT_LISTED.contains(error);
        }
        if (full()) {
            problems.add("more than " + MAX_RECORDS + " " + word + " sockets: the rest was not looked at");
        }
        int count = buffer.getInt(0);
        for (int i = 0; i < count; i++) {
            sockets.add(record(HEADER_BYTES + i * RECORD_BYTES));
        }
        return true;
    }

    /* Fills the buffer, a larger one where need be, and again where the kernel's table changed meanwhile. */
    private int ask(int family, int protocol) {
        int error = 0;
        int flags = INTERRUPTED;
        for (int attempt = 0; attempt < TRIES && error == 0 && (flags & INTERRUPTED) != 0; attempt++) {
            error = dump(family, protocol, buffer);
            while (error == 0 && full() && buffer.capacity() < HEADER_BYTES + MAX_RECORDS * RECORD_BYTES) {
                buffer = room((buffer.capacity() - HEADER_BYTES) / RECORD_BYTES * 4);
                error = dump(family, protocol, buffer);
            }
            flags = buffer.getInt(4);
        }
        return error;
    }

    private boolean full() {
        return (buffer.getInt(4) & FULL) != 0;
    }

    private static Optional<String> describe(int error, String word) {
        if (error == 0 || NOT_LISTED.contains(error)) {
            return Optional.empty();
        }
        return switch (error) {
            case EPERM -> Optional.of("this process may not list " + word + " sockets (sock_diag)");
            case EAGAIN -> Optional.of("the kernel did not answer the question for " + word + " sockets (sock_diag)");
            default -> Optional.of("listing " + word + " sockets failed (sock_diag): error " + error);
        };
    }

    private SocketRecord record(int at) {
        boolean v6 = buffer.get(at + 1) == AF_INET6;
        SocketRecord.Kind kind = switch (buffer.get(at)) {
            case 1 -> SocketRecord.Kind.INET;
            case 2 -> SocketRecord.Kind.RAW;
            case 3 -> (buffer.get(at + 4) & CAPTURES) != 0 ? SocketRecord.Kind.CAPTURE : SocketRecord.Kind.PACKET;
            default -> throw new IllegalStateException("kind " + buffer.get(at));
        };
        int localPort = buffer.get(at) == 3 ? 0 : buffer.getShort(at + 8) & 0xffff;
        return new SocketRecord(
                kind,
                v6,
                buffer.get(at + 2) & 0xff,
                buffer.get(at + 3) & 0xff,
                new Endpoint(address(at + 32, v6), localPort),
                new Endpoint(address(at + 48, v6), buffer.getShort(at + 10) & 0xffff),
                buffer.getInt(at + 12),
                buffer.getInt(at + 24),
                buffer.getLong(at + 16),
                (buffer.get(at + 4) & V6ONLY) != 0);
    }

    private IpAddress address(int at, boolean v6) {
        byte[] bytes = new byte[v6 ? 16 : 4];
        buffer.get(at, bytes);
        return IpAddress.of(bytes);
    }

    private static ByteBuffer room(int records) {
        return ByteBuffer.allocateDirect(HEADER_BYTES + records * RECORD_BYTES).order(ByteOrder.nativeOrder());
    }

    private static native int dump(int family, int protocol, ByteBuffer buffer);
}
