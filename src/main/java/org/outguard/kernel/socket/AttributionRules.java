package org.outguard.kernel.socket;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.kernel.socket.SocketMatch.Rule;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Names the owner of a flow from the sockets that may have sent it and from who holds them. */
public final class AttributionRules {

    private static final int NAMED = 4;
    private static final Comparator<ProcessId> BY_NUMBER =
            Comparator.comparingInt(ProcessId::pid).thenComparingLong(ProcessId::startTicks);

    private final Map<Long, List<ProcessId>> holders;
    private final Function<ProcessId, Optional<Owner>> processes;
    private final int ownPid;

    /**
     * @param holders who holds each socket
     * @param processes a process by its id, empty where it has ended
     * @param ownPid this process, whose capture is a packet socket that sends nothing
     */
    public AttributionRules(
            Map<Long, List<ProcessId>> holders, Function<ProcessId, Optional<Owner>> processes, int ownPid) {
        this.holders = holders;
        this.processes = processes;
        this.ownPid = ownPid;
    }

    public Attribution attribute(FlowKey flow, SocketMatch match) {
        String socket = flow.protocol().word().toUpperCase(Locale.ROOT) + " socket";
        return switch (match.rule()) {
            case CONNECTED -> surely(match, "connected " + socket + ", sock_diag");
            case BOUND -> surely(match, socket + " bound to this source address and port, sock_diag");
            case WILDCARD -> surely(match, "only " + socket + " with this source port, sock_diag");
            case ELSEWHERE -> likely(match, socket + " with this source port, but connected elsewhere, sock_diag");
            case LISTENER -> likely(match, "listens on the source port; no process holds the connection, sock_diag");
            case SAME_REMOTE ->
                likely(match, "many source ports; it holds a " + socket + " connected to this remote, sock_diag");
            case ICMP -> guess(flow, match, "", "ICMP sockets");
            case FORGED ->
                guess(
                        flow,
                        match,
                        flow.protocol().hasPorts() ? "no socket has this source; " : "",
                        "raw or packet sockets");
            case CLOSED -> new Attribution.Unknown("its socket is closed already and no process holds it");
        };
    }

    /** One process: exact, also where it holds all the sockets in question. Several: the lowest number. */
    private Attribution surely(SocketMatch match, String how) {
        List<ProcessId> candidates = holdersOf(match);
        Optional<Owner> owner = firstAlive(candidates);
        if (owner.isEmpty()) {
            return nobody(candidates);
        }
        int sockets = match.sockets().size();
        if (candidates.size() == 1) {
            String all =
                    sockets == 1 ? how : "all " + sockets + " sockets with this source port are its own, sock_diag";
            String doubt = doubt(match, candidates);
            return doubt.isEmpty()
                    ? new Attribution.Exact(owner.get(), all)
                    : new Attribution.Probable(owner.get(), all + doubt);
        }
        String shared = sockets == 1
                ? "socket shared by " + candidates.size() + " processes, sock_diag"
                : "one of " + sockets + " sockets with this source port (SO_REUSEPORT), held by " + candidates.size()
                        + " processes, sock_diag";
        return new Attribution.Probable(owner.get(), shared + doubt(match, candidates));
    }

    private Attribution likely(SocketMatch match, String how) {
        List<ProcessId> candidates = holdersOf(match);
        Optional<Owner> owner = firstAlive(candidates);
        if (owner.isEmpty()) {
            return nobody(candidates);
        }
        String others = candidates.size() == 1 ? "" : "; so do " + (candidates.size() - 1) + " others";
        return new Attribution.Probable(owner.get(), how + others + doubt(match, candidates));
    }

    /*
     * Whoever may write headers can write somebody else's port into them, and the socket table does not tell who did. It
     * need not be malice: a DHCP client holds a packet socket all the time.
     */
    private String doubt(SocketMatch match, List<ProcessId> named) {
        List<Owner> others = new ArrayList<>();
        for (ProcessId id : holdersOf(match.forgers())) {
            if (id.pid() != ownPid && !named.contains(id)) {
                processes.apply(id).ifPresent(others::add);
            }
        }
        if (others.isEmpty()) {
            return "";
        }
        return "; contested: " + (others.size() == 1 ? "" : others.size() + " others, ") + names(others)
                + ", may have forged the source by a raw or packet socket";
    }

    private static String names(List<Owner> owners) {
        return owners.stream()
                .limit(NAMED)
                .map(owner -> owner.pid() + " " + owner.command())
                .collect(Collectors.joining(", ", "", owners.size() > NAMED ? ", …" : ""));
    }

    /** Sockets that show no source: only where a single process has any of them can it be named. */
    private Attribution guess(FlowKey flow, SocketMatch match, String before, String sockets) {
        List<Owner> candidates = new ArrayList<>();
        for (ProcessId id : holdersOf(match)) {
            if (id.pid() != ownPid) {
                processes.apply(id).ifPresent(candidates::add);
            }
        }
        if (candidates.size() == 1) {
            Owner owner = candidates.get(0);
            return new Attribution.Probable(owner, before + "only " + owner.pid() + " holds " + sockets);
        }
        if (candidates.isEmpty()) {
            boolean icmp = flow.protocol() == Protocol.ICMP || flow.protocol() == Protocol.ICMPV6;
            return new Attribution.Unknown(
                    match.rule() == Rule.FORGED && !before.isEmpty()
                            ? "no socket with this source port; it may have been closed before the look-up"
                            : "no process holds a socket that could have sent it; it may be the kernel's answer",
                    icmp);
        }
        return new Attribution.Unknown(
                before + candidates.size() + " processes hold " + sockets + ": " + names(candidates));
    }

    private static Attribution nobody(List<ProcessId> candidates) {
        return new Attribution.Unknown(
                candidates.isEmpty()
                        ? "a socket with this source port is there, but no process holds it"
                        : "the process that held its socket has ended");
    }

    private List<ProcessId> holdersOf(SocketMatch match) {
        return holdersOf(match.sockets());
    }

    private List<ProcessId> holdersOf(List<SocketRecord> sockets) {
        TreeSet<ProcessId> found = new TreeSet<>(BY_NUMBER);
        for (SocketRecord socket : sockets) {
            if (socket.inode() != 0) {
                found.addAll(holders.getOrDefault(socket.inode(), List.of()));
            }
        }
        return List.copyOf(found);
    }

    private Optional<Owner> firstAlive(List<ProcessId> candidates) {
        for (ProcessId id : candidates) {
            Optional<Owner> owner = processes.apply(id);
            if (owner.isPresent()) {
                return owner;
            }
        }
        return Optional.empty();
    }
}
