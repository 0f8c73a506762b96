package org.outguard.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/**
 * Sockets by sock_diag(7). What this kernel does not list (a module that is not there) is left out without a word:
 * then it can hardly have such sockets either. For one thread at a time.
 */
public final class SockDiag implements SocketTable {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_PACKET = 17;
    private static final int IPPROTO_RAW = 255;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;
    private static final int EINVAL = 22;
    private static final int EPROTONOSUPPORT = 93;
    private static final int EOPNOTSUPP = 95;
    private static final int EAFNOSUPPORT = 97;

    /* Layout of native/include/sock_diag_records.h. */
    private static final int HEADER_BYTES = 8;
    private static final int RECORD_BYTES = 64;
    private static final int FULL = 2;
    private static final int INTERRUPTED = 1;
    private static final int V6ONLY = 1;

    private static final int FIRST_RECORDS = 4_096;
    private static final int MAX_RECORDS = 1 << 20;
    private static final int TRIES = 3;

    private ByteBuffer buffer = room(FIRST_RECORDS);

    @Override
    public Listing list(Set<Protocol> protocols) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Listing(List.of(), List.of(problem.get()));
        }
        List<SocketRecord> sockets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int family : new int[] {AF_INET, AF_INET6}) {
            EnumSet.of(Protocol.TCP, Protocol.UDP, Protocol.UDPLITE).stream()
                    .filter(protocols::contains)
                    .forEach(protocol -> add(family, protocol.number(), protocol.word(), sockets, problems));
            add(family, IPPROTO_RAW, "raw", sockets, problems);
        }
        add(AF_PACKET, 0, "packet", sockets, problems);
        sockets.addAll(PingSockets.list());
        return new Listing(sockets, problems);
    }

    private void add(int family, int protocol, String word, List<SocketRecord> sockets, List<String> problems) {
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
        describe(error, word).ifPresent(problems::add);
        if (error != 0) {
            return;
        }
        if (full()) {
            problems.add("more than " + MAX_RECORDS + " " + word + " sockets: the rest was not looked at");
        }
        int count = buffer.getInt(0);
        for (int i = 0; i < count; i++) {
            sockets.add(record(HEADER_BYTES + i * RECORD_BYTES));
        }
    }

    private boolean full() {
        return (buffer.getInt(4) & FULL) != 0;
    }

    private static Optional<String> describe(int error, String word) {
        return switch (error) {
            case 0, ENOENT, EINVAL, EPROTONOSUPPORT, EOPNOTSUPP, EAFNOSUPPORT -> Optional.empty();
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
            case 3 -> SocketRecord.Kind.PACKET;
            default -> throw new IllegalStateException("kind " + buffer.get(at));
        };
        int localPort = kind == SocketRecord.Kind.PACKET ? 0 : buffer.getShort(at + 8) & 0xffff;
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
