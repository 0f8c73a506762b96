package org.outguard.capture;

import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;

/**
 * Counts the packets that leave by an interface with pcap4j's own loop and nothing else, as a measure for
 * {@code packaging/bench}. Says that it is ready, and on the first line from standard input what it got.
 */
final class Pcap4jLoop {

    private static final int SNAP_BYTES = 96;
    private static final int BUFFER_BYTES = 64 << 20;

    private long packets;

    private Pcap4jLoop() {}

    public static void main(String[] arguments) throws Exception {
        Pcap4jLoop loop = new Pcap4jLoop();
        try (PcapHandle handle = new PcapHandle.Builder(arguments[0])
                .snaplen(SNAP_BYTES)
                .promiscuousMode(PromiscuousMode.NONPROMISCUOUS)
                .timeoutMillis(100)
                .bufferSize(BUFFER_BYTES)
                .timestampPrecision(TimestampPrecision.NANO)
                .immediateMode(false)
                .direction(PcapDirection.OUT)
                .build()) {
            Thread thread = new Thread(() -> loop.run(handle), "capture");
            thread.setDaemon(true);
            thread.start();
            System.out.println("ready");
            int asked = System.in.read();
            System.out.println("packets " + loop.packets + " dropped "
                    + handle.getStats().getNumPacketsDropped() + (asked < 0 ? " (end of input)" : ""));
            // The loop waits for a packet inside libpcap, which must not be closed under it.
            Runtime.getRuntime().halt(0);
        }
    }

    private void run(PcapHandle handle) {
        try {
            handle.loop(-1, (byte[] packet) -> packets++);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
