package org.outguard.guard.traffic;

import java.util.HashSet;
import java.util.Set;
import org.outguard.flow.FlowCount;

/** Corrects what the capture counted before the kernel's counts came, as it turned out. */
public final class Corrections {

    private final Ledger ledger;
    private final Correlator correlator;
    private final Set<TalkerState> corrected = new HashSet<>();

    Corrections(Ledger ledger, Correlator correlator) {
        this.ledger = ledger;
        this.correlator = correlator;
    }

    /**
     * Charges so much more or less of a flow than the wire eye counted, as it turned out.
     *
     * @param sign 1 or -1
     */
    public void correct(FlowCount count, int sign) {
        FlowState flow = ledger.flows.get(count.key());
        TalkerState talker = flow == null ? correlator.unowned(count.key(), ledger.users) : flow.talker();
        long packetCount = sign * count.packets();
        long byteCount = sign * count.bytes();
        long connectCount = sign * count.connects();
        long first = count.firstSeenNanos();
        long last = count.lastSeenNanos();
        if (flow != null) {
            flow.add(first, last, packetCount, byteCount, connectCount);
        }
        ledger.charge(talker, first, last, packetCount, byteCount, connectCount);
        ledger.addRemote(talker, count.key().remote(), first, last, packetCount, byteCount);
        ledger.changes.add(talker, count.key().protocol(), count.key().remote(), packetCount, byteCount, connectCount);
        corrected.add(talker);
    }

    /** Drops talkers of which corrections left nothing, once none is to come. */
    public void forgetEmptied() {
        corrected.stream()
                .map(TalkerState::current)
                .filter(talker -> talker.packets <= 0)
                .forEach(ledger.emptied::add);
        corrected.clear();
    }
}
