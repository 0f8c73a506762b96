package org.outguard.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.socket.SocketHolderIndex;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.kernel.socket.SocketRecord.Kind;
import org.outguard.kernel.socket.SocketTable;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A machine made up: its sockets, who holds them, and how often that was looked at. */
final class Sockets implements SocketTable, SocketHolderIndex, ProcessReader {

    static final int OWN_PID = 1_000;
    private static final Endpoint NONE = endpoint("0.0.0.0", 0);
    private static final Endpoint NONE_V6 = endpoint("::", 0);

    final List<String> problems = new ArrayList<>();
    int looks;
    int reads;

    private final List<SocketRecord> sockets = new ArrayList<>();
    private final Map<Long, List<ProcessId>> holders = new HashMap<>();
    private final Map<Integer, Long> startTicks = new HashMap<>();
    private long nextInode = 5_000;

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }

    static FlowKey udp(String local, int localPort, String remote, int remotePort) {
        return new FlowKey(Protocol.UDP, endpoint(local, localPort), endpoint(remote, remotePort));
    }

    static FlowKey flow(Protocol protocol, String local, int localPort, String remote, int remotePort) {
        return new FlowKey(protocol, endpoint(local, localPort), endpoint(remote, remotePort));
    }

    Sockets inet(Protocol protocol, int state, Endpoint local, Endpoint remote, int... pids) {
        boolean v6 = local.address().v6();
        return add(Kind.INET, v6, protocol.number(), state, local, remote, false, pids);
    }

    Sockets bound(String local, int port, int... pids) {
        return inet(Protocol.UDP, 7, endpoint(local, port), local.contains(":") ? NONE_V6 : NONE, pids);
    }

    Sockets boundV6Only(int port, int... pids) {
        return add(Kind.INET, true, Protocol.UDP.number(), 7, endpoint("::", port), NONE_V6, true, pids);
    }

    Sockets connected(String local, int port, String remote, int remotePort, int... pids) {
        return inet(Protocol.UDP, SocketRecord.ESTABLISHED, endpoint(local, port), endpoint(remote, remotePort), pids);
    }

    Sockets raw(int protocol, int... pids) {
        return add(Kind.RAW, false, protocol, 7, NONE, NONE, false, pids);
    }

    Sockets ping(int... pids) {
        return add(Kind.PING, false, Protocol.ICMP.number(), 7, endpoint("0.0.0.0", 77), NONE, false, pids);
    }

    Sockets packet(int... pids) {
        return add(Kind.PACKET, false, 0, 3, NONE, NONE, false, pids);
    }

    Sockets capture(int... pids) {
        return add(Kind.CAPTURE, false, 0, 3, NONE, NONE, false, pids);
    }

    /** A socket that no file holds any more. */
    Sockets closed(Protocol protocol, int state, Endpoint local, Endpoint remote) {
        sockets.add(new SocketRecord(
                Kind.INET, false, protocol.number(), state, local, remote, 0, 0, /* inode= */ 0, false));
        return this;
    }

    private Sockets add(
            Kind kind,
            boolean v6,
            int protocol,
            int state,
            Endpoint local,
            Endpoint remote,
            boolean v6Only,
            int... pids) {
        long inode = nextInode++;
        sockets.add(new SocketRecord(kind, v6, protocol, state, local, remote, 0, 33, inode, v6Only));
        List<ProcessId> ids = new ArrayList<>();
        for (int pid : pids) {
            ids.add(new ProcessId(pid, startTicks.computeIfAbsent(pid, p -> p * 10L)));
        }
        holders.put(inode, ids);
        return this;
    }

    void end(int pid) {
        startTicks.remove(pid);
    }

    /** Another process gets the number. */
    void replace(int pid) {
        startTicks.put(pid, 999_999L);
    }

    void closeAll() {
        sockets.clear();
    }

    @Override
    public Listing list(Set<Protocol> protocols) {
        looks++;
        return new Listing(sockets, problems);
    }

    @Override
    public Map<Long, List<ProcessId>> holdersOf(Set<Long> inodes) {
        Map<Long, List<ProcessId>> found = new HashMap<>(holders);
        found.keySet().retainAll(inodes);
        return found;
    }

    @Override
    public Optional<Owner> read(int pid) {
        reads++;
        return Optional.ofNullable(startTicks.get(pid)).map(start -> owner(pid, start));
    }

    private static Owner owner(int pid, long start) {
        return new Owner(
                new ProcessId(pid, start),
                new Owner.Program("p" + pid, "/usr/bin/p", false, Optional.empty(), "/", List.of("p"), ""),
                new Owner.Credentials(33, "www-data", OptionalInt.empty()),
                new Owner.Placement("/", "", "", 1),
                List.of());
    }
}
