package org.outguard.guard.reconcile;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether what other network namespaces send to a destination passes the watched wire, or goes to the same destination by
 * another one. Begins when such a count waits, and is over when none does.
 *
 * <p>The eyes are not in step: a batch of the wire eye takes up to 150 ms and a drain of the kernel eye 200 ms, a tick 250
 * ms. So the wire's counts of one tick are held against what the kernel eye has told a tick later, and where somebody
 * sends there, from a tick later on.
 */
final class Passage {

    /** What must be seen on the wire beyond what is accounted for, of what one namespace sent; the eyes are not in step. */
    private static final int PART_OF_ONE = 4;

    /** The look in which a count waited last, and what waits in it. */
    private long look = -1;

    private final long accountedAtBegin;
    private long wireAtBegin = -1;
    private long wireBefore;
    private boolean sightedBefore;
    private long waiting;
    private final Set<Long> namespaces = new HashSet<>();

    /**
     * One that begins.
     *
     * @param accounted what processes are known to have sent there by way of the wire, in bytes or connects
     * @param wire what was seen there on the wire, in the same
     * @param sighted whether anything was
     */
    Passage(long accounted, long wire, boolean sighted) {
        this.accountedAtBegin = accounted;
        this.wireBefore = wire;
        this.sightedBefore = sighted;
    }

    /** Whether counts have waited without a break until this look. */
    boolean isOf(long thisLook) {
        return look < 0 || thisLook - look <= 1;
    }

    /** A count of another namespace waits. */
    void waits(long thisLook, long amount, long namespace) {
        if (look != thisLook) {
            look = thisLook;
            waiting = 0;
            namespaces.clear();
        }
        waiting += amount;
        namespaces.add(namespace);
    }

    Set<Long> namespaces() {
        return namespaces;
    }

    /**
     * Whether the wire shows what waits; once a tick in which the kernel eye told what it has.
     *
     * @param accounted see {@link Passage}
     * @param wire see {@link Passage}
     * @param sighted see {@link Passage}
     */
    boolean isSeen(long accounted, long wire, boolean sighted) {
        boolean seen = accounted == 0 && sightedBefore;
        sightedBefore = sighted;
        if (seen) {
            return true;
        }
        if (wireAtBegin < 0) {
            wireAtBegin = wire;
        } else {
            long beyond = wireBefore - wireAtBegin - (accounted - accountedAtBegin);
            // Of several, more than half must be there, so that all of them are.
            seen = namespaces.size() == 1 ? beyond > waiting / PART_OF_ONE : beyond > waiting / 5 * 3;
        }
        wireBefore = wire;
        return seen;
    }
}
