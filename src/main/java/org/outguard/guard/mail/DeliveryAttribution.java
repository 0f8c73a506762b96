package org.outguard.guard.mail;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.ProcessId;

/**
 * Which message a mail system's process had in hand while it sent. What was counted for the process waits here for some
 * looks at it, and is then the submitter's whose message it was. Where looks leave it open whose it was, it stays the mail
 * system's: nobody is charged with a guess.
 */
public final class DeliveryAttribution {

    private static final int MAX_SPANS = 8_192;
    private static final int MAX_CHARGES = 16_384;
    private static final int MAX_RECENT = 1_024;

    /** Between two looks at the processes there is less than this, as long as the machine is not busy beyond measure. */
    private static final long LOOK_NANOS = 300_000_000L;

    /** Looks that tell of a moment have arrived by then. */
    public static final long SETTLE_NANOS = 750_000_000L;

    /** So long the queue's and the log's word is waited for. */
    private static final long ORIGIN_NANOS = 10 * Nanos.PER_SECOND;

    /** What a process does for one remote. */
    private record Lane(ProcessId process, Endpoint remote) {}

    /** One message in the hand of one process. */
    private static final class Span {
        Delivery delivery;
        final long firstNanos;
        long lastNanos;

        /** Connections that were new with it and of which the first packet is not charged yet. */
        int connects;

        boolean told;

        Span(Delivery delivery, long atNanos) {
            this.delivery = delivery;
            this.firstNanos = atNanos;
            this.lastNanos = atNanos;
        }

        boolean near(long atNanos) {
            return atNanos >= firstNanos - LOOK_NANOS && atNanos <= lastNanos + LOOK_NANOS;
        }

        boolean within(long atNanos) {
            return atNanos >= firstNanos && atNanos <= lastNanos;
        }
    }

    /**
     * Traffic that was charged to the mail system.
     *
     * @param lanes of each process that may have sent it
     * @param talker where it stands
     * @param firstNanos when the first of it was sent
     * @param atNanos when the last of it was sent
     */
    private record Charge(
            List<Lane> lanes,
            TalkerState talker,
            long firstNanos,
            long atNanos,
            long packets,
            long bytes,
            long connects) {}

    /**
     * Traffic that turned out to be of a submitter's mail.
     *
     * @param from the talker that it is taken from
     * @param delivery what it was
     */
    public record Transfer(
            TalkerState from,
            Delivery delivery,
            long firstNanos,
            long atNanos,
            long packets,
            long bytes,
            long connects) {}

    /** Knows who is behind a message by other evidence than its queue file. */
    public interface Origins {
        Optional<Provenance> rootOf(QueueId id, Instant since);
    }

    private final OwnAddresses own;
    private final Map<Lane, Deque<Span>> spans = new LinkedHashMap<>();
    private final Deque<Charge> charges = new ArrayDeque<>();

    /** Connections by the process that has them: each is new once. */
    private final Map<Lane, Set<Endpoint>> open = new HashMap<>();

    private final List<Delivery> news = new ArrayList<>();
    private final Deque<Delivery> recent = new ArrayDeque<>();
    private int spanCount;
    private long told;
    private Snapshot.Deliveries picture = Snapshot.Deliveries.NONE;

    /** @param own what of a message's origin is no more than this machine itself; learns what mail leaves from */
    public DeliveryAttribution(OwnAddresses own) {
        this.own = own;
    }

    /* That it came from this machine is not the last word on it. */
    private boolean isKnown(Span span) {
        MailOrigin origin = span.delivery.root().origin();
        return !(origin instanceof MailOrigin.Unknown || own.isNoMore(origin));
    }

    /** Takes in one look at the processes. */
    public void seen(MailObservation.DeliveriesSeen look) {
        long at = Nanos.of(look.at());
        Map<Lane, Set<Endpoint>> now = new HashMap<>();
        for (Delivery delivery : look.deliveries()) {
            own.add(delivery.local().address());
            Lane lane = new Lane(delivery.process(), delivery.remote());
            Deque<Span> known = spans.computeIfAbsent(lane, l -> new ArrayDeque<>());
            Span last = known.peekLast();
            if (last == null || !last.delivery.id().equals(delivery.id())) {
                if (spanCount >= MAX_SPANS) {
                    continue;
                }
                if (last != null && !isKnown(last) && last.delivery.local().equals(delivery.local())) {
                    // What is on the connection so far was for somebody whom nobody knows.
                    news.add(last.delivery);
                }
                last = new Span(delivery, at);
                known.addLast(last);
                spanCount++;
            }
            last.lastNanos = at;
            boolean before = open.getOrDefault(lane, Set.of()).contains(delivery.local());
            if (now.computeIfAbsent(lane, l -> new HashSet<>()).add(delivery.local()) && !before) {
                last.connects++;
            }
            if (isKnown(last)) {
                news.add(delivery.with(last.delivery.root()));
            }
        }
        open.clear();
        open.putAll(now);
    }

    /**
     * Takes note of what was charged to a mail system.
     *
     * @param processes who may have sent it: several where a connection went from one process to another
     */
    public void counted(List<ProcessId> processes, Endpoint remote, TalkerState talker, AttributedCount count) {
        if (charges.size() < MAX_CHARGES) {
            charges.addLast(new Charge(
                    processes.stream().map(process -> new Lane(process, remote)).toList(),
                    talker,
                    count.firstNanos(),
                    count.lastNanos(),
                    count.packets(),
                    count.bytes(),
                    count.connects()));
        }
    }

    /**
     * Deliveries of known submitters that were seen since the last call: whose a connection is. One of an unknown submitter
     * is among them once the next message is on its connection.
     */
    public List<Delivery> news() {
        List<Delivery> taken = List.copyOf(news);
        news.clear();
        return taken;
    }

    /** What the looks of late saw, by connection. */
    Looks looks() {
        Map<FlowKey, List<Span>> connections = new HashMap<>();
        spans.values()
                .forEach(lane -> lane.forEach(span -> connections
                        .computeIfAbsent(
                                new FlowKey(Protocol.TCP, span.delivery.local(), span.delivery.remote()),
                                key -> new ArrayList<>(1))
                        .add(span)));
        return (connection, atNanos) -> {
            List<Span> near = connections.getOrDefault(connection, List.of()).stream()
                    .filter(span -> span.near(atNanos))
                    .toList();
            return new Carried(
                    near.stream().allMatch(this::isKnown),
                    near.stream().map(span -> span.delivery.root().origin()).toList());
        };
    }

    /** What connections carry. */
    interface Looks {
        Carried by(FlowKey connection, long atNanos);
    }

    /**
     * Messages that a connection carried at about a moment.
     *
     * @param known whether all of them have a known submitter
     * @param roots whose they are; empty where no look has seen the connection
     */
    record Carried(boolean known, List<MailOrigin> roots) {

        /** The only one whose they are. */
        Optional<MailOrigin> ofOne() {
            boolean one =
                    known && roots.stream().map(MailOrigin::key).distinct().count() == 1;
            return one ? Optional.of(roots.get(0)) : Optional.empty();
        }
    }

    /** What is to be charged to submitters, as far as it is certain by now. */
    public List<Transfer> settle(long nowNanos, Origins origins) {
        spans.values()
                .forEach(lane -> lane.forEach(span -> {
                    learn(span, origins);
                    if (isKnown(span)) {
                        tell(span);
                    }
                }));
        List<Transfer> transfers = new ArrayList<>();
        Iterator<Charge> each = charges.iterator();
        while (each.hasNext()) {
            Charge charge = each.next();
            long age = nowNanos - charge.atNanos;
            List<Span> near = age < SETTLE_NANOS ? List.of() : near(charge);
            boolean known = near.stream().allMatch(this::isKnown);
            boolean waits = age < SETTLE_NANOS || !known && age < ORIGIN_NANOS;
            if (!waits) {
                each.remove();
                if (known && areOfOne(near)) {
                    transfers.add(transfer(charge, near));
                }
            }
        }
        forget(nowNanos);
        return transfers;
    }

    private void learn(Span span, Origins origins) {
        if (!isKnown(span)) {
            Instant since = Nanos.instant(span.firstNanos - 5 * Nanos.PER_SECOND);
            origins.rootOf(span.delivery.id(), since).ifPresent(root -> span.delivery = span.delivery.with(root));
        }
    }

    /* In the hand of one process it is that message's, whatever came right before or after. */
    private List<Span> near(Charge charge) {
        List<Span> near = new ArrayList<>();
        for (Lane lane : charge.lanes) {
            List<Span> own = new ArrayList<>();
            for (Span span : spans.getOrDefault(lane, new ArrayDeque<>())) {
                if (span.within(charge.atNanos)) {
                    own.clear();
                    own.add(span);
                    break;
                }
                if (span.near(charge.atNanos)) {
                    own.add(span);
                }
            }
            near.addAll(own);
        }
        return near;
    }

    private static boolean areOfOne(List<Span> spans) {
        return spans.stream()
                        .map(span -> span.delivery.root().origin().key())
                        .distinct()
                        .count()
                == 1;
    }

    /*
     * A connection that was too short to be seen may have come before the one that was: of connections no more are charged
     * than were seen, and where there were more, the packets of all of them stay where they are.
     */
    private static Transfer transfer(Charge charge, List<Span> near) {
        long left = charge.connects;
        for (Span span : near) {
            int taken = (int) Math.min(span.connects, left);
            span.connects -= taken;
            left -= taken;
        }
        Delivery delivery = near.get(near.size() - 1).delivery;
        long connects = charge.connects - left;
        return left == 0
                ? new Transfer(
                        charge.talker,
                        delivery,
                        charge.firstNanos,
                        charge.atNanos,
                        charge.packets,
                        charge.bytes,
                        connects)
                : new Transfer(charge.talker, delivery, charge.firstNanos, charge.atNanos, 0, 0, connects);
    }

    private void forget(long nowNanos) {
        Iterator<Deque<Span>> lanes = spans.values().iterator();
        while (lanes.hasNext()) {
            Deque<Span> lane = lanes.next();
            while (!lane.isEmpty() && isOver(lane.peekFirst(), nowNanos)) {
                tell(lane.removeFirst());
                spanCount--;
            }
            if (lane.isEmpty()) {
                lanes.remove();
            }
        }
    }

    private boolean isOver(Span span, long nowNanos) {
        long idle = nowNanos - span.lastNanos;
        return idle > ORIGIN_NANOS || isKnown(span) && idle > 2 * SETTLE_NANOS;
    }

    private void tell(Span span) {
        if (span.told) {
            return;
        }
        span.told = true;
        told++;
        recent.addLast(span.delivery);
        if (recent.size() > MAX_RECENT) {
            recent.removeFirst();
        }
    }

    /** Those whose submitter is known, or will not be. */
    public Snapshot.Deliveries picture() {
        if (picture.count() != told) {
            picture = new Snapshot.Deliveries(told, List.copyOf(recent));
        }
        return picture;
    }
}
