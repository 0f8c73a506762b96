package org.outguard.capture;

import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.live.LiveDevice;
import org.outguard.capture.live.Watched;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowTable;
import org.outguard.guard.port.ReadsForeign;

/** The loop in Java: libpcap calls back for each packet. */
public final class JavaLoop implements WireLoop {

    private final String source;
    private final EvidenceRing evidence;
    private final FlowTable table;
    private final FrameDecoder decoder = new FrameDecoder();
    private long packets;
    private long malformed;
    private int evidenceLeft = MOST_EVIDENCE_A_DRAIN;

    public JavaLoop(String source, EvidenceRing evidence, int slots) {
        this.source = source;
        this.evidence = evidence;
        this.table = new FlowTable(slots);
    }

    @Override
    public int dispatch(LiveDevice device, int most) {
        return device.dispatch(
                most, data -> count(data, data.length, device.originalLength(), device.linkType(), device.atNanos()));
    }

    /** Counts one frame; see {@link FrameDecoder#decode}. */
    @ReadsForeign
    public void count(byte[] data, int captured, int original, int linkType, long at) {
        packets++;
        try {
            decode(data, captured, original, linkType, at);
        } catch (RuntimeException e) {
            malformed++;
        }
    }

    private void decode(byte[] data, int captured, int original, int linkType, long at) {
        switch (decoder.decode(data, captured, original, linkType, at)) {
            case MALFORMED -> malformed++;
            case NOT_IP, INBOUND -> {}
            case PACKET -> {
                if (!Watched.wants(decoder)) {
                    return;
                }
                long inFlow = decoder.count(table, at);
                if (inFlow > 0 && inFlow <= EvidenceRing.PACKETS_OF_A_FLOW && evidenceLeft > 0) {
                    evidenceLeft--;
                    evidence.add(source, linkType, at, original, data, captured, decoder);
                }
            }
        }
    }

    @Override
    public FlowBatch drain() {
        evidenceLeft = MOST_EVIDENCE_A_DRAIN;
        return table.drain();
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long malformed() {
        return malformed;
    }
}
