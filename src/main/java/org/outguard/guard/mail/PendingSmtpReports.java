package org.outguard.guard.mail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Attribution;

/**
 * What was heard of SMTP, until it is known whose it is. It is charged to no guess: what nobody can be named for within
 * some seconds is forgotten.
 */
public final class PendingSmtpReports {

    private static final int MAX_WAITING = 4_096;
    private static final int MAX_OWNERS = 4_096;

    private static final long WAIT_NANOS = 10 * Nanos.PER_SECOND;

    /** So long after the last packet that was not read it is said that there were some. */
    private static final long SAY_NANOS = 60 * Nanos.PER_SECOND;

    private final Deque<SmtpReport> waiting = new ArrayDeque<>();
    private final Set<FlowKey> unasked = new LinkedHashSet<>();

    /** Answers of the look-up by connection; the oldest go. */
    private final Map<FlowKey, Attribution> owners = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FlowKey, Attribution> eldest) {
            return size() > MAX_OWNERS;
        }
    };

    private long unread;
    private long unreadNanos = Long.MIN_VALUE / 2;

    public void heard(TrafficObservation.SmtpParsed heard, long nowNanos) {
        for (SmtpReport report : heard.reports()) {
            if (waiting.size() >= MAX_WAITING) {
                break;
            }
            waiting.addLast(report);
            if (!owners.containsKey(report.flow()) && unasked.size() < MAX_OWNERS) {
                unasked.add(report.flow());
            }
        }
        if (heard.unread() > 0) {
            unread += heard.unread();
            unreadNanos = nowNanos;
        }
    }

    /** Whether something waits for its sender to be known. */
    public boolean waits() {
        return !waiting.isEmpty();
    }

    /** Takes in who has a connection. */
    public void found(FlowKey flow, Attribution attribution) {
        if (attribution.knownOwner().isPresent() && flow.remote().port() != 0) {
            owners.computeIfPresent(flow, (key, before) -> attribution);
        }
    }

    /** Connections that were heard and not asked for, each once. */
    public List<FlowKey> toAsk() {
        List<FlowKey> ask = List.copyOf(unasked);
        ask.forEach(flow -> owners.put(flow, Correlator.NOT_YET));
        unasked.clear();
        return ask;
    }

    /**
     * Charges what is known by now.
     *
     * @param settleNanos owners and looks that tell of a moment have arrived so long after it
     * @param knowledge who can tell now; it is asked for where there is something to settle
     */
    public void settle(long nowNanos, long settleNanos, Supplier<Whose> knowledge) {
        if (waiting.isEmpty()) {
            return;
        }
        Whose whose = knowledge.get();
        Iterator<SmtpReport> each = waiting.iterator();
        while (each.hasNext()) {
            SmtpReport report = each.next();
            long age = nowNanos - report.lastNanos();
            if (age < settleNanos) {
                continue;
            }
            boolean last = age >= WAIT_NANOS;
            Attribution asked = owners.getOrDefault(report.flow(), Correlator.NOT_YET);
            Optional<TalkerState> talker = whose.talker(report, asked, last);
            talker.ifPresent(found -> found.heard(report));
            if (last || talker.isPresent()) {
                each.remove();
            }
        }
    }

    /** Knows whose a connection is. */
    public interface Whose {

        /**
         * The talker that a report is to be charged to; empty where that is not known, or not yet.
         *
         * @param asked what the look-up said
         * @param last whether it is not asked again
         */
        Optional<TalkerState> talker(SmtpReport report, Attribution asked, boolean last);
    }

    /** What limits it, in words; empty where nothing does. */
    public String words(long nowNanos) {
        return nowNanos - unreadNanos > SAY_NANOS
                ? ""
                : unread + " packets with SMTP were not read so far: more came than are read";
    }
}
