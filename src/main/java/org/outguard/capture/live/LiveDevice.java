package org.outguard.capture.live;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.Set;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.capture.smtp.SmtpFilter;
import org.outguard.flow.Destination;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.RawPacketListener;
import org.pcap4j.packet.namednumber.DataLinkType;

/** An open interface, by pcap4j. One thread uses it from the opening to the closing. */
public final class LiveDevice implements AutoCloseable {

    /** What became of the opening. */
    sealed interface Opening {
        record Opened(LiveDevice device) implements Opening {}

        /** Not now, but perhaps later. */
        record NotThere(String reason) implements Opening {}

        /** Not without somebody doing something about it. */
        record Refused(String reason) implements Opening {}
    }

    static final String ANY = "any";

    /** What it is opened for. */
    sealed interface Use {

        /** To read the words of mail servers and of those who speak to them. */
        Use SMTP = new Smtp();

        /**
         * To count what leaves.
         *
         * @param ringBytes {@link #LARGE_RING_BYTES} or {@link #SMALL_RING_BYTES}
         */
        record Counting(int ringBytes) implements Use {}

        /** To count what asks the services of this machine. */
        Use REQUESTS = new Requests();

        /** See {@link #SMTP}. */
        record Smtp() implements Use {}

        /** See {@link #REQUESTS}. */
        record Requests() implements Use {}
    }

    /** Headers up to the transport's with some tags and extension headers, and what evidence needs. */
    private static final int SNAP_BYTES = EvidenceRing.PACKET_BYTES;
    /** As many commands or replies as can come together: a segment that the device cuts later is as large as a datagram. */
    private static final int SMTP_SNAP_BYTES = (1 << 16) + 256;

    private static final int SMTP_RING_BYTES = 2 << 20;
    /** About 0.3 s of small packets at a million a second. All of it is resident as long as the device is open. */
    static final int LARGE_RING_BYTES = 64 << 20;

    /** About 0.15 s at 170,000 a second: where somebody else counts, a loss here loses no count. */
    static final int SMALL_RING_BYTES = 4 << 20;

    /** How long the kernel keeps a block of TPACKET_V3 that is not full. */
    private static final int BLOCK_MILLIS = 100;

    /* pcap/pcap.h */
    private static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    private static final int PCAP_ERROR_PERM_DENIED = -8;
    private static final int PCAP_ERROR_IFACE_NOT_UP = -9;
    private static final int PCAP_ERROR_PROMISC_PERM_DENIED = -11;

    /** struct pcap_stat of pcap/pcap.h: received, dropped, dropped by the interface; four bytes each. */
    private static final int PCAP_STAT_BYTES = 12;

    private final PcapHandle handle;
    private final boolean any;
    private final boolean loopback;
    private final int linkType;
    private final Pointer pointer;
    private final long dispatchFunction;
    /* By JNA itself, ten times a second: pcap4j makes a structure by reflection for each question. */
    private final Function statisticsFunction;
    private final Memory statistics = new Memory(PCAP_STAT_BYTES);
    private long receivedBefore;
    private long received;
    private long dropped;
    private String problem = "";

    private LiveDevice(PcapHandle handle, boolean any, boolean loopback) {
        this.handle = handle;
        this.any = any;
        this.loopback = loopback;
        this.linkType = handle.getDlt().value();
        this.pointer = CaptureSocket.pointer(handle);
        this.statisticsFunction = CaptureSocket.libpcap().getFunction("pcap_stats");
        this.dispatchFunction = Pointer.nativeValue(CaptureSocket.libpcap().getFunction("pcap_dispatch"));
    }

    static Opening open(String name, boolean loopback, Use use) {
        PcapHandle handle = null;
        try {
            handle = new PcapHandle.Builder(name)
                    .snaplen(use instanceof Use.Smtp ? SMTP_SNAP_BYTES : SNAP_BYTES)
                    .promiscuousMode(PromiscuousMode.NONPROMISCUOUS)
                    .timeoutMillis(BLOCK_MILLIS)
                    .bufferSize(use instanceof Use.Counting counting ? counting.ringBytes() : SMTP_RING_BYTES)
                    .timestampPrecision(TimestampPrecision.NANO)
                    // Immediate mode would take TPACKET_V2, which wakes us for each packet.
                    .immediateMode(false)
                    .direction(direction(use, loopback))
                    .build();
            if (name.equals(ANY)) {
                handle.setDlt(new DataLinkType(LinkTypes.LINUX_SLL2, "LINUX_SLL2"));
            }
            int linkType = handle.getDlt().value();
            if (!LinkTypes.live(linkType)) {
                handle.close();
                return new Opening.Refused("its link type " + linkType + " is not known");
            }
            filter(handle, use, linkType, name.equals(ANY), loopback);
            // In blocking mode libpcap waits without end for the first packet: the kernel does not wake it for a
            // block that has none.
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            LiveDevice device = new LiveDevice(handle, name.equals(ANY), loopback);
            device.readStatistics();
            // What came before the filter was in force.
            device.receivedBefore = device.received;
            return new Opening.Opened(device);
        } catch (PcapNativeException e) {
            if (handle != null) {
                handle.close();
            }
            return notOpened(e);
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PcapDirection direction(Use use, boolean loopback) {
        if (loopback || use instanceof Use.Requests) {
            return PcapDirection.IN;
        }
        return use instanceof Use.Counting ? PcapDirection.OUT : PcapDirection.INOUT;
    }

    /*
     * libpcap runs the filter itself on the first block that it reads, which may hold packets from before the kernel
     * had it, and there a question about direction or interface is answered by "no match", unless the link header has
     * the answer, as the cooked ones have. So for others libpcap gets the filter without the direction, which it
     * checks by other means, and the kernel's socket then gets the complete one, lest it hand over what comes in.
     */
    private static void filter(PcapHandle handle, Use use, int linkType, boolean any, boolean loopback)
            throws PcapNativeException, NotOpenException {
        String whole;
        String packets;
        if (use instanceof Use.Counting) {
            whole = whole(linkType, any, loopback, Set.of());
            packets = Watched.packets(linkType);
        } else if (use instanceof Use.Requests) {
            whole = RequestFilter.whole(linkType, any);
            packets = RequestFilter.packets(linkType);
        } else {
            whole = SmtpFilter.whole(linkType, any, loopback);
            packets = SmtpFilter.packets(linkType);
        }
        if (LinkTypes.hasDirection(linkType)) {
            handle.setFilter(whole, BpfCompileMode.OPTIMIZE);
        } else {
            handle.setFilter(packets, BpfCompileMode.OPTIMIZE);
            CaptureSocket.attach(handle, whole);
        }
    }

    private static String whole(int linkType, boolean any, boolean loopback, Set<Destination> leftOut) {
        return any ? Watched.leavingTheMachine(linkType, leftOut) : Watched.leaving(linkType, loopback, leftOut);
    }

    /**
     * Lets the kernel leave these out from here on, and nothing else that is watched. Of a cooked device, whose filter
     * only libpcap can make, a packet that leaves during the change may go uncounted.
     *
     * @return why that does not work, empty where it does; then the filter is as before
     */
    String leaveOut(Set<Destination> leftOut) {
        try {
            if (LinkTypes.hasDirection(linkType)) {
                handle.setFilter(whole(linkType, any, loopback, leftOut), BpfCompileMode.OPTIMIZE);
            } else {
                CaptureSocket.attach(handle, whole(linkType, any, loopback, leftOut));
            }
            return "";
        } catch (PcapNativeException e) {
            return e.getMessage() == null ? "libpcap gives no reason" : e.getMessage();
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Takes the socket off its device, so that packets pass it by without cost, or puts it back. The ring and what is in it
     * stay.
     *
     * @param index of the device that is open
     * @return whether that worked
     */
    boolean attach(int index, boolean on) {
        return CaptureSocket.bind(handle, index, on);
    }

    /**
     * Lets the kernel count single flows for this capture, which then cannot {@link #attach} any more; to be asked for before the
     * first packet matters.
     *
     * @param index of the device that is open
     * @return empty where that is not possible
     */
    Optional<FlowCounter> flowCounter(int index) {
        return any || loopback || linkType != LinkTypes.ETHERNET ? Optional.empty() : FlowCounter.beside(handle, index);
    }

    private static Opening notOpened(PcapNativeException e) {
        String said = e.getMessage() == null ? "no reason given" : e.getMessage();
        Integer code = e.getReturnCode();
        return switch (code == null ? 0 : code) {
            case PCAP_ERROR_NO_SUCH_DEVICE -> new Opening.NotThere("there is no such interface");
            case PCAP_ERROR_IFACE_NOT_UP -> new Opening.NotThere("the interface is down");
            case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED ->
                new Opening.Refused("capturing needs CAP_NET_RAW, which this process does not have (run it as root)");
            default -> new Opening.Refused("libpcap: " + said);
        };
    }

    public int linkType() {
        return linkType;
    }

    /**
     * Hands over packets that are there, without waiting.
     *
     * @return how many, or -1 where the device fails, see {@link #problem}
     */
    public int dispatch(int most, RawPacketListener listener) {
        try {
            return handle.dispatch(most, listener);
        } catch (PcapNativeException e) {
            problem = e.getMessage() == null ? "the interface failed" : e.getMessage();
            return -1;
        } catch (InterruptedException e) {
            // Only breakLoop() does that, and nobody here calls it.
            throw new IllegalStateException(e);
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Address of libpcap's handle, for native code that takes the packets itself. */
    public long pointer() {
        return Pointer.nativeValue(pointer);
    }

    /** Address of pcap_dispatch(3PCAP) in the libpcap that has the device open. */
    public long dispatchFunction() {
        return dispatchFunction;
    }

    /** Keeps what libpcap says of a failure of native code, as {@link #problem}. */
    public void failed() {
        try {
            String said = handle.getError();
            problem = said.isEmpty() ? "the interface failed" : said;
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    String problem() {
        return problem;
    }

    /** Capture time of the packet under way, nanoseconds since the epoch. */
    public long atNanos() {
        var time = handle.getTimestamp();
        return Math.floorDiv(time.getTime(), 1000L) * 1_000_000_000L + time.getNanos();
    }

    /** Length on the wire of the packet under way. */
    public int originalLength() {
        return handle.getOriginalLength();
    }

    /** Asks the kernel for {@link #received} and {@link #dropped}; keeps the old ones where it does not answer. */
    void readStatistics() {
        // libpcap adds up: the kernel sets its own counters to 0 at each reading.
        if (statisticsFunction.invokeInt(new Object[] {pointer, statistics}) != 0) {
            failed();
            return;
        }
        // They have 32 bits, which a flood fills in an hour.
        received += Integer.toUnsignedLong(statistics.getInt(0) - (int) received);
        dropped += Integer.toUnsignedLong(statistics.getInt(Integer.BYTES) - (int) dropped);
    }

    /** Packets that passed the kernel's filter, the dropped included. */
    long received() {
        return received - receivedBefore;
    }

    /** Packets for which the ring had no room. */
    long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        handle.close();
    }
}
