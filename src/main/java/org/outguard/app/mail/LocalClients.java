package org.outguard.app.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.LocalSession;
import org.outguard.guard.observation.MailObservation;
import org.outguard.kernel.ProcessReader;
import org.outguard.kernel.socket.SocketHolderIndex;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Whose the connections to this machine's own mail ports are. One that processes of several users hold is nobody's. */
public final class LocalClients {

    /* Who holds a new socket costs a walk through /proc: of the time it may take this part at most. */
    private static final long PAUSE_PER_COST = 10;

    private final SocketHolderIndex holders;
    private final ProcessReader processes;
    private final LongSupplier nanoTime;
    private final Cache<Long, Optional<MailOrigin.LocalUser>> known = Caffeine.newBuilder()
            .maximumSize(8_192)
            .expireAfterAccess(Duration.ofSeconds(10))
            .executor(Runnable::run)
            .build();
    private long nextNanos;

    public LocalClients(SocketHolderIndex holders, ProcessReader processes, LongSupplier nanoTime) {
        this.holders = holders;
        this.processes = processes;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** Those of these connections that stay within this machine and have one user. */
    List<MailObservation.LocalClient> among(Collection<SocketRecord> connections) {
        List<SocketRecord> local =
                connections.stream().filter(LocalClients::staysHere).toList();
        Set<Long> fresh = new HashSet<>();
        local.forEach(socket -> fresh.add(socket.inode()));
        fresh.removeAll(known.getAllPresent(fresh).keySet());
        long begun = nanoTime.getAsLong();
        if (!fresh.isEmpty() && begun - nextNanos >= 0) {
            Map<Long, List<ProcessId>> held = holders.holdersOf(fresh);
            held.forEach((inode, ids) -> known.put(inode, user(ids)));
            nextNanos = begun + (nanoTime.getAsLong() - begun) * PAUSE_PER_COST;
        }
        List<MailObservation.LocalClient> clients = new ArrayList<>();
        for (SocketRecord socket : local) {
            Optional<MailOrigin.LocalUser> user = known.getIfPresent(socket.inode());
            if (user != null && user.isPresent()) {
                clients.add(new MailObservation.LocalClient(socket.local(), socket.inode(), user.get()));
            }
        }
        return clients;
    }

    /* To an address of its own a machine connects from that one, unless a program asks for another. */
    private static boolean staysHere(SocketRecord socket) {
        IpAddress remote = socket.remote().address();
        IpAddress local = socket.local().address();
        return remote.equals(local) || remote.loopback() && local.loopback();
    }

    private Optional<MailOrigin.LocalUser> user(List<ProcessId> ids) {
        List<Owner> owners = new ArrayList<>();
        for (ProcessId id : ids) {
            processes.read(id.pid()).filter(owner -> owner.id().equals(id)).ifPresent(owners::add);
        }
        boolean one = owners.size() == ids.size()
                && owners.stream().map(Owner::uid).distinct().count() == 1
                && owners.stream().noneMatch(LocalSession::isRelay);
        return one ? Optional.of(LocalSession.userOf(owners.get(0))) : Optional.empty();
    }
}
