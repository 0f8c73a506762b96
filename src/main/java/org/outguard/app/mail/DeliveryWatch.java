package org.outguard.app.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.kernel.socket.SocketTable;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.MailSystem;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.DeliveryProcessScanner;
import org.outguard.procfs.ProcessFacts;

/**
 * Looks some times a second which message each process of a mail system has in hand and over which connection, and
 * who hands mail in over loopback, and tells the guard. On a thread of its own, in the network namespace that is watched.
 */
public final class DeliveryWatch implements Runnable {

    private static final Duration EVERY = Duration.ofMillis(150);

    /* However long a look takes, at least as much time is left to others. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(50);

    /* RFC 5321, RFC 8314, RFC 6409. */
    private static final Set<Integer> MAIL_PORTS = Set.of(25, 465, 587);

    private final MailSystemsProvider mail;
    private final SocketTable sockets;
    private final LocalClients clients;
    private final Clock clock;
    private final Consumer<Observation> sink;

    /** What a message's file said; a later message with the same id is delivered by another process, or much later. */
    private final Cache<Held, QueuedMessage> read = Caffeine.newBuilder()
            .maximumSize(4_096)
            .expireAfterAccess(Duration.ofSeconds(2))
            .executor(Runnable::run)
            .build();

    private final ProcessFacts facts = ProcessWiring.facts();
    private final Cache<ProcessId, Owner> owners =
            Caffeine.newBuilder().maximumSize(1_024).executor(Runnable::run).build();

    private volatile boolean stopped;
    private long faults;

    private record Held(ProcessId process, QueueId id) {}

    public DeliveryWatch(
            MailSystemsProvider mail,
            SocketTable sockets,
            LocalClients clients,
            Clock clock,
            Consumer<Observation> sink) {
        this.mail = mail;
        this.clients = clients;
        this.sockets = sockets;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void run() {
        List<DeliveryFiles> systems =
                mail.awaited(() -> stopped).stream().map(MailSystem::deliveries).toList();
        Set<String> programs = new HashSet<>();
        systems.forEach(system -> programs.addAll(system.programs()));
        DeliveryProcessScanner scanner = new DeliveryProcessScanner(
                Path.of("/proc"),
                programs,
                file -> systems.stream().anyMatch(s -> s.id(file).isPresent()));
        try {
            while (!stopped && !systems.isEmpty()) {
                Instant begun = clock.instant();
                look(scanner, systems);
                Duration left = EVERY.minus(Duration.between(begun, clock.instant()));
                Thread.sleep(Math.max(LEAST_PAUSE.toMillis(), Math.min(left.toMillis(), EVERY.toMillis())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void stop() {
        stopped = true;
    }

    /* A fault must not end the looking. */
    @ReadsForeign
    void look(DeliveryProcessScanner scanner, List<DeliveryFiles> systems) {
        try {
            tell(scanner, systems);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /* What the file of one message makes its parser throw leaves the others. */
    @ReadsForeign
    Optional<Delivery> guarded(
            DeliveryProcessScanner.Holder holder, Map<Long, SocketRecord> connections, List<DeliveryFiles> systems) {
        try {
            return delivery(holder, connections, systems);
        } catch (RuntimeException e) {
            failed(e);
            return Optional.empty();
        }
    }

    private void failed(RuntimeException e) {
        faults++;
        sink.accept(new HostObservation.Degraded(
                "deliveries", "connections were not joined with messages " + faults + " times; last: " + e));
    }

    private void tell(DeliveryProcessScanner scanner, List<DeliveryFiles> systems) {
        Instant at = clock.instant();
        List<Delivery> deliveries = new ArrayList<>();
        Map<Long, SocketRecord> connections = connections();
        if (!connections.isEmpty()) {
            // Who has a message in hand costs a walk through /proc; nobody delivers where no connection is open. The
            // connections are those that are there once that is known.
            List<DeliveryProcessScanner.Holder> holders = scanner.look();
            Map<Long, SocketRecord> now = holders.isEmpty() ? connections : connections();
            holders.forEach(holder -> guarded(holder, now, systems).ifPresent(deliveries::add));
            connections = now;
        }
        sink.accept(new MailObservation.DeliveriesSeen(at, deliveries));
        sink.accept(new MailObservation.LocalClientsSampled(at, clients.among(connections.values())));
    }

    /** Sockets that are connected to a mail port, by inode. */
    private Map<Long, SocketRecord> connections() {
        Map<Long, SocketRecord> connections = new HashMap<>();
        for (SocketRecord socket : sockets.list(EnumSet.of(Protocol.TCP)).sockets()) {
            boolean mailPort = socket.kind() == SocketRecord.Kind.INET
                    && MAIL_PORTS.contains(socket.remote().port());
            if (mailPort && socket.inode() != 0) {
                connections.put(socket.inode(), socket);
            }
        }
        return connections;
    }

    /* Once for each process: it delivers many messages. */
    private Optional<Owner> owner(ProcessId process) {
        Optional<Owner> known = Optional.ofNullable(owners.getIfPresent(process))
                .or(() -> facts.read(process.pid()).filter(owner -> owner.id().equals(process)));
        known.ifPresent(owner -> owners.put(process, owner));
        return known;
    }

    /* A process with two connections at once may use either. */
    private Optional<Delivery> delivery(
            DeliveryProcessScanner.Holder holder, Map<Long, SocketRecord> connections, List<DeliveryFiles> systems) {
        List<SocketRecord> own = holder.sockets().stream()
                .filter(connections::containsKey)
                .map(connections::get)
                .toList();
        if (own.size() != 1) {
            return Optional.empty();
        }
        for (DeliveryFiles system : systems) {
            Optional<QueueId> id = system.id(holder.file());
            if (id.isPresent()) {
                Held held = new Held(holder.process(), id.get());
                Optional<QueuedMessage> message =
                        Optional.ofNullable(read.getIfPresent(held)).or(() -> system.read(holder.file(), id.get()));
                message.ifPresent(known -> read.put(held, known));
                Provenance root = message.map(QueuedMessage::root)
                        .orElseGet(() -> Provenance.unknown("its queue file was not read"));
                return Optional.of(new Delivery(
                        holder.process(),
                        owner(holder.process()),
                        own.get(0).local(),
                        own.get(0).remote(),
                        id.get(),
                        root));
            }
        }
        return Optional.empty();
    }
}
