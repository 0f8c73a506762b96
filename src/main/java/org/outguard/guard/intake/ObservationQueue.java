package org.outguard.guard.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;

/**
 * What waits for the guard's next tick, bounded by weight: a unit is a flow, a count or a line. When there is no room, counts
 * are merged with others of their source that wait, first by flow or sender, then by destination, then in one sum; they stay
 * exact. Everything else waits with whoever brings it, which a log or a queue can.
 */
public final class ObservationQueue {

    /** Units that may wait, and one batch more: some 15 MB. */
    static final int MOST = 65_536;

    private final List<Observation> waiting = new ArrayList<>();
    private final Map<String, FlowMerger> flows = new LinkedHashMap<>();
    private OwnedMerger owned = new OwnedMerger();
    private int weight;

    /**
     * Everything that waited, in order.
     *
     * @param observations what was seen
     * @param merged whether some of the counts are less detailed than they were told
     */
    public record Taken(List<Observation> observations, boolean merged) {}

    /**
     * Puts something in, or merges it with what waits.
     *
     * @throws InterruptedException if a thread is interrupted that waits for room
     */
    public synchronized void put(Observation observation) throws InterruptedException {
        if (observation instanceof TrafficObservation.Flows more && isBehind(flows.containsKey(more.source()))) {
            flows.computeIfAbsent(more.source(), source -> new FlowMerger()).add(more.batch());
            return;
        }
        if (observation instanceof TrafficObservation.OwnedFlows more && isBehind(!owned.isEmpty())) {
            owned.add(more);
            return;
        }
        while (weight >= MOST) {
            wait();
        }
        waiting.add(observation);
        weight += weight(observation);
    }

    /* What was told later must not be taken in before what was merged. */
    private boolean isBehind(boolean merging) {
        return merging || weight >= MOST;
    }

    /** Takes everything out. */
    public synchronized Taken take() {
        List<Observation> all = new ArrayList<>(waiting);
        boolean merged = !flows.isEmpty() || !owned.isEmpty();
        flows.forEach((source, batch) -> all.add(new TrafficObservation.Flows(source, batch.drain())));
        if (!owned.isEmpty()) {
            all.add(owned.drain());
            owned = new OwnedMerger();
        }
        flows.clear();
        waiting.clear();
        weight = 0;
        notifyAll();
        return new Taken(all, merged);
    }

    /* A message has some kilobytes of text, a count some hundred bytes. */
    private static int weight(Observation observation) {
        int units = 0;
        if (observation instanceof TrafficObservation.Flows one) {
            units = one.batch().flows().size();
        } else if (observation instanceof TrafficObservation.RequestsCounted one) {
            units = one.batch().flows().size();
        } else if (observation instanceof TrafficObservation.OwnedFlows one) {
            units = one.counts().size();
        } else if (observation instanceof TrafficObservation.UserCountersRead one) {
            units = one.counts().size();
        } else if (observation instanceof MailObservation.MailLogged one) {
            units = 4 * one.messages().size();
        } else if (observation instanceof MailObservation.QueueSeen one) {
            units = 4 * one.seen().size() + one.gone().size();
        } else if (observation instanceof MailObservation.LoginsSeen one) {
            units = one.logins().size();
        } else if (observation instanceof MailObservation.DeliveriesSeen one) {
            units = 4 * one.deliveries().size();
        } else if (observation instanceof TrafficObservation.SmtpParsed one) {
            units = 4 * one.reports().size();
        } else if (observation instanceof MailObservation.LocalClientsSampled one) {
            units = one.clients().size();
        } else if (observation instanceof MailObservation.SmtpSessionEvents one) {
            units = one.sessions().size();
        }
        return 1 + units;
    }
}
