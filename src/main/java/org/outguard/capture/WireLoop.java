package org.outguard.capture;

import org.outguard.capture.live.LiveDevice;
import org.outguard.flow.FlowBatch;

/**
 * Takes packets off an open device and counts what is watched, keeping the first ones of each flow as evidence. In C
 * where the native library is there, which costs a tenth; else in Java. Both count the same. One thread uses it.
 */
public sealed interface WireLoop permits JavaLoop, NativeLoop {

    /** Packets kept as evidence between two drains. */
    int MOST_EVIDENCE_A_DRAIN = 1024;

    /** Slots of the table of flows. */
    int TABLE_SLOTS = 65_536;

    /**
     * A loop for one interface.
     *
     * @param source the interface's name
     * @param evidence takes the first packets of each flow
     */
    static WireLoop of(String source, EvidenceRing evidence) {
        return NativeLoop.PROBLEM.isEmpty()
                ? new NativeLoop(source, evidence, TABLE_SLOTS)
                : new JavaLoop(source, evidence, TABLE_SLOTS);
    }

    /**
     * Counts packets that are there, without waiting.
     *
     * @return how many, or -1 where the device fails, see {@link LiveDevice#problem}
     */
    int dispatch(LiveDevice device, int most);

    /** Hands over all that was counted since the last drain. */
    FlowBatch drain();

    /** Packets taken from devices since the beginning, whatever became of them. */
    long packets();

    /** Those of them that could not be read. */
    long malformed();
}
