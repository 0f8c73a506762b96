package org.outguard.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.outguard.flow.Endpoint;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.LocalSession;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Drain;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Tells the guard what the kernel eye counted. One thread calls {@link #doWork}, some times a second.
 *
 * <p>The kernel eye sees every interface of every namespace. Of the watched namespace only what leaves by a watched
 * interface is handed on; what is sent in another one is marked as such, since it may be forwarded through this one.
 */
public final class KernelFeed {

    /* A program of the kernel may be held up so long between what it saw and what it says. */
    private static final long PREEMPTED_NANOS = 50_000_000L;

    private final KernelEye eye;
    private final Watched watched;
    private final Consumer<Observation> sink;
    private long lostSessions;

    /** What is watched; asked once a call of {@link KernelFeed#doWork}. */
    public interface Watched {

        /** Inode number of the watched network namespace. */
        long netns();

        /** Whether a device of that namespace is watched, by its index. */
        boolean device(int ifindex);
    }

    /**
     * A feed that has told nothing yet.
     *
     * @param eye to be drained here and nowhere else
     * @param watched which interfaces
     * @param sink takes what was counted
     */
    public KernelFeed(KernelEye eye, Watched watched, Consumer<Observation> sink) {
        this.eye = eye;
        this.watched = watched;
        this.sink = sink;
    }

    /**
     * Hands on what was counted since the last call.
     *
     * @return how many counts that was
     */
    public int doWork() {
        Drain drain = eye.drain();
        List<AttributedCount> counts = new ArrayList<>(drain.counts().size());
        for (Count count : drain.counts()) {
            boolean here = count.netns() == watched.netns();
            if (!here || count.ifindex() == 0 || watched.device(count.ifindex())) {
                counts.add(guarded(count, !here));
            }
        }
        sink.accept(new TrafficObservation.OwnedFlows(counts, drain.unownedPackets(), drain.unownedBytes()));
        tellSessions(drain);
        sink.accept(new HostObservation.Degraded(
                "kernel eye facts",
                drain.lostFacts() == 0
                        ? ""
                        : "what " + drain.lostFacts() + " processes were is not known: they came faster than they"
                                + " could be told of"));
        return drain.counts().size();
    }

    private void tellSessions(Drain drain) {
        List<LocalSession> told = new ArrayList<>();
        for (MailSession session : eye.sessions()) {
            told.add(new LocalSession(
                    session.word(),
                    session.client(),
                    session.server(),
                    owner(session.user()),
                    session.serverPid(),
                    session.connected(),
                    session.begunNanos(),
                    session.atNanos()));
        }
        boolean complete = drain.lostSessions() == lostSessions;
        lostSessions = drain.lostSessions();
        sink.accept(new MailObservation.SmtpSessionEvents(told, complete, drain.begunNanos() - PREEMPTED_NANOS));
    }

    /* What a process says of itself is its own doing; its packets count whatever is made of that. */
    @ReadsForeign
    AttributedCount guarded(Count count, boolean otherNamespace) {
        // A sender around the queue is seen without device or destination, so it cannot be matched with a sighting.
        boolean elsewhere = otherNamespace && count.kind() != Kind.BYPASS;
        try {
            return owned(count, elsewhere, attribution(count, elsewhere));
        } catch (RuntimeException e) {
            return owned(count, elsewhere, new Attribution.Unknown("its process cannot be read: " + e));
        }
    }

    private static AttributedCount owned(Count count, boolean elsewhere, Attribution attribution) {
        return new AttributedCount(
                attribution,
                count.protocol(),
                Optional.ofNullable(count.remote()),
                elsewhere,
                count.packets(),
                count.bytes(),
                count.connects(),
                count.firstNanos(),
                count.lastNanos(),
                Optional.ofNullable(count.local()).map(Endpoint::port).orElse(0));
    }

    private Attribution attribution(Count count, boolean elsewhere) {
        Sender sender = count.sender();
        if (sender == null) {
            return new Attribution.Unknown(whyNobody(count.kind()), count.kind() == Kind.KERNEL);
        }
        Owner owner = owner(sender);
        Sender other = count.contested();
        if (other != null) {
            return new Attribution.Contested(
                    List.of(owner, owner(other)),
                    "a connection that both used within two seconds; which of them wrote this cannot be told");
        }
        return new Attribution.Exact(owner, how(count.kind(), elsewhere));
    }

    private static String whyNobody(Kind kind) {
        return switch (kind) {
            case KERNEL -> "sent by the kernel itself: an answer, a reset, a tunnel, or a socket that is gone";
            case QUEUED -> "given back from a queue (NFQUEUE) by a program of user space; who sent it was not noted";
            case IP, PACKET_SOCKET, BYPASS, OTHER ->
                "sent from an interrupt or by a kernel thread, by a socket that no process was seen to use";
        };
    }

    /* Where it was sent is said too: from there it leaves by the watched interfaces only where it is forwarded. */
    static String how(Kind kind, boolean elsewhere) {
        return how(kind) + (elsewhere ? "; sent in another network namespace than the watched one" : "");
    }

    private static String how(Kind kind) {
        return switch (kind) {
            case IP, KERNEL, QUEUED -> "counted in the kernel as it was sent (cgroup_skb)";
            case PACKET_SOCKET -> "AF_PACKET socket, counted at the device (tc)";
            case BYPASS ->
                "AF_PACKET socket that goes around the queue; the kernel tells its sender and bytes, not where to";
            case OTHER -> "counted in the kernel as it was sent; more destinations than can be told apart";
        };
    }

    private Owner owner(Sender sender) {
        Optional<Owner> known = eye.owner(sender);
        return known.orElseGet(() -> nameless(sender));
    }

    /* The kernel's word is certain also where nothing else is known of the process. */
    private static Owner nameless(Sender sender) {
        return new Owner(
                sender.id(),
                new Owner.Program("?", "", false, Optional.empty(), "", List.of(), ""),
                new Owner.Credentials(sender.uid(), Integer.toUnsignedString(sender.uid()), OptionalInt.empty()),
                new Owner.Placement("", "", "", 0),
                List.of());
    }
}
