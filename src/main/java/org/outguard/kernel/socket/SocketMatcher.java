package org.outguard.kernel.socket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.socket.SocketMatch.Rule;

/** Finds the sockets of one listing that may have sent a flow. */
public final class SocketMatcher {

    private static final int IPPROTO_RAW = 255;

    private record Port(int protocol, int number) {}

    private record Remote(int protocol, Endpoint endpoint) {}

    private final Map<Port, List<SocketRecord>> byPort = new HashMap<>();
    private final Map<Remote, List<SocketRecord>> byRemote = new HashMap<>();
    private final List<SocketRecord> icmp = new ArrayList<>();
    private final List<SocketRecord> raw = new ArrayList<>();
    private final List<SocketRecord> packet = new ArrayList<>();
    private final List<SocketRecord> captures = new ArrayList<>();

    public SocketMatcher(List<SocketRecord> sockets) {
        sockets.forEach(this::index);
    }

    private void index(SocketRecord socket) {
        switch (socket.kind()) {
            case INET -> {
                Port port = new Port(socket.protocol(), socket.local().port());
                byPort.computeIfAbsent(port, p -> new ArrayList<>(1)).add(socket);
                if (socket.connected()) {
                    Remote remote = new Remote(socket.protocol(), socket.remote());
                    byRemote.computeIfAbsent(remote, r -> new ArrayList<>(1)).add(socket);
                }
            }
            case RAW -> raw.add(socket);
            case PING -> icmp.add(socket);
            case PACKET -> packet.add(socket);
            case CAPTURE -> captures.add(socket);
        }
    }

    /** All raw and packet sockets. */
    public List<SocketRecord> allForgers() {
        List<SocketRecord> all = new ArrayList<>(raw);
        all.addAll(packet);
        all.addAll(captures);
        return all;
    }

    public SocketMatch match(FlowKey flow) {
        Protocol protocol = flow.protocol();
        if (protocol == Protocol.ICMP || protocol == Protocol.ICMPV6) {
            List<SocketRecord> sockets = new ArrayList<>();
            add(sockets, icmp, s -> s.protocol() == protocol.number() && mayReach(s, flow.remote()));
            add(sockets, raw, s -> s.protocol() == protocol.number() && mayReach(s, flow.remote()));
            return sockets.isEmpty() ? forged(flow) : new SocketMatch(Rule.ICMP, sockets, List.of());
        }
        if (!protocol.hasPorts()) {
            return forged(flow);
        }
        if (flow.local().port() == 0 && flow.local().address().unspecified()) {
            List<SocketRecord> sockets = byRemote.getOrDefault(new Remote(protocol.number(), flow.remote()), List.of());
            return sockets.isEmpty() ? forged(flow) : named(Rule.SAME_REMOTE, sockets, flow);
        }
        return byPort(
                flow,
                byPort.getOrDefault(new Port(protocol.number(), flow.local().port()), List.of()));
    }

    private SocketMatch byPort(FlowKey flow, List<SocketRecord> samePort) {
        IpAddress source = flow.local().address();
        boolean tcp = flow.protocol() == Protocol.TCP;
        Predicate<SocketRecord> sameSource = s -> s.local().address().equals(source);
        Predicate<SocketRecord> connected =
                s -> sameSource.test(s) && s.remote().equals(flow.remote());
        Predicate<SocketRecord> held = s -> s.inode() != 0;
        Predicate<SocketRecord> free = s -> !s.connected() && held.test(s);
        Predicate<SocketRecord> wildcard = s -> s.local().address().unspecified() && serves(s, source);

        List<SocketRecord> found = only(samePort, connected.and(held));
        if (!found.isEmpty()) {
            return named(Rule.CONNECTED, found, flow);
        }
        found = only(samePort, free.and(sameSource));
        if (!found.isEmpty()) {
            return named(tcp ? Rule.LISTENER : Rule.BOUND, found, flow);
        }
        found = only(samePort, free.and(wildcard));
        if (!found.isEmpty()) {
            return named(tcp ? Rule.LISTENER : Rule.WILDCARD, found, flow);
        }
        found = only(samePort, connected);
        if (!found.isEmpty()) {
            return new SocketMatch(Rule.CLOSED, found, List.of());
        }
        found = tcp ? List.of() : only(samePort, held.and(sameSource));
        return found.isEmpty() ? forged(flow) : named(Rule.ELSEWHERE, found, flow);
    }

    private SocketMatch named(Rule rule, List<SocketRecord> sockets, FlowKey flow) {
        // That a capture does not send as well cannot be ruled out, but nobody is named for it.
        List<SocketRecord> doubtful = forgers(flow);
        doubtful.addAll(captures);
        return new SocketMatch(rule, sockets, doubtful);
    }

    private SocketMatch forged(FlowKey flow) {
        return new SocketMatch(Rule.FORGED, forgers(flow), List.of());
    }

    /** Raw sockets of the protocol or with a header of their own (raw(7)), and packet sockets. */
    private List<SocketRecord> forgers(FlowKey flow) {
        List<SocketRecord> sockets = new ArrayList<>();
        boolean other = flow.protocol() == Protocol.OTHER;
        add(
                sockets,
                raw,
                s -> (s.protocol() == IPPROTO_RAW
                                || other
                                || s.protocol() == flow.protocol().number())
                        && mayReach(s, flow.remote()));
        sockets.addAll(packet);
        return sockets;
    }

    private static boolean mayReach(SocketRecord socket, Endpoint remote) {
        return !socket.connected() || socket.remote().address().equals(remote.address());
    }

    private static boolean serves(SocketRecord socket, IpAddress source) {
        return source.v6() ? socket.v6() : !socket.v6() || !socket.v6Only();
    }

    private static List<SocketRecord> only(List<SocketRecord> sockets, Predicate<SocketRecord> which) {
        List<SocketRecord> found = new ArrayList<>(1);
        add(found, sockets, which);
        return found;
    }

    private static void add(List<SocketRecord> to, List<SocketRecord> from, Predicate<SocketRecord> which) {
        for (SocketRecord socket : from) {
            if (which.test(socket)) {
                to.add(socket);
            }
        }
    }
}
