package org.outguard.capture.live;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.outguard.flow.FlowKey;
import org.pcap4j.core.PcapHandle;

/**
 * Has the kernel count the datagrams of one flow instead of handing them to the capture. A second socket shares the device with
 * the one that captures (PACKET_FANOUT of packet(7)): each packet goes to one of them, by a program that is exchanged in one
 * step, so none is counted twice or not at all. Nobody reads the second socket; what the kernel had no room for in it
 * (PACKET_STATISTICS) is the count.
 *
 * <p>A socket that shares its device cannot be taken off it, see {@link LiveDevice#attach}. The capture thread uses it.
 */
final class FlowCounter implements AutoCloseable {

    /* linux/if_packet.h */
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_FANOUT_DATA = 22;
    private static final int FANOUT_CBPF = 6;
    private static final int FANOUT_UNIQUE_ID = 0x2000;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
    private static final int SO_RCVBUF = 8;
    private static final int STATISTICS_BYTES = 8;

    private final int capture;
    private final int counting;
    private final Memory statistics = new Memory(STATISTICS_BYTES);
    private final Memory size = new Memory(Integer.BYTES);

    private FlowCounter(int capture, int counting) {
        this.capture = capture;
        this.counting = counting;
    }

    /**
     * Lets the capture share its device, and counts nothing yet. Packets that leave during that may be missed.
     *
     * @param index of the device
     * @return empty where this kernel does not do it (before Linux 4.12)
     */
    static Optional<FlowCounter> beside(PcapHandle handle, int index) {
        int capture = CaptureSocket.fd(handle);
        int counting = call("socket", AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (counting < 0) {
            return Optional.empty();
        }
        FlowCounter counter = new FlowCounter(capture, counting);
        if (counter.share(index)) {
            return Optional.of(counter);
        }
        counter.close();
        return Optional.empty();
    }

    /* Until it is one of the group, the second socket hears everything, and must not count it. */
    private boolean share(int index) {
        int group = group();
        return group >= 0
                && set(counting, CaptureSocket.SOL_SOCKET, SO_RCVBUF, number(1))
                && CaptureSocket.attach(counting, FlowProgram.NOTHING)
                && CaptureSocket.bind(counting, index, true)
                && set(counting, SOL_PACKET, PACKET_FANOUT, number(FANOUT_CBPF << 16 | group))
                && CaptureSocket.attach(counting, FlowProgram.EVERYTHING)
                && read() == 0;
    }

    /* Its number; less than 0 where there is none. */
    private int group() {
        if (!set(capture, SOL_PACKET, PACKET_FANOUT, number((FANOUT_CBPF | FANOUT_UNIQUE_ID) << 16))) {
            return -1;
        }
        Memory answer = number(0);
        size.setInt(0, Integer.BYTES);
        int got = call("getsockopt", capture, SOL_PACKET, PACKET_FANOUT, answer, size);
        return got == 0 ? answer.getInt(0) & 0xffff : -1;
    }

    private static int call(String function, Object... arguments) {
        return NativeLibrary.getInstance("c").getFunction(function).invokeInt(arguments);
    }

    private static Memory number(int value) {
        Memory memory = new Memory(Integer.BYTES);
        memory.setInt(0, value);
        return memory;
    }

    private boolean set(int socket, int level, int option, Memory value) {
        return call("setsockopt", socket, level, option, value, (int) value.size()) == 0;
    }

    /**
     * Counts this flow from here on, instead of the one before.
     *
     * @param key that {@link FlowProgram#tells}
     * @param bytes length of each datagram, IP header included
     * @return whether the kernel does it; if not, it counts what it did before
     */
    boolean count(FlowKey key, int bytes) {
        return put(FlowProgram.of(key, bytes));
    }

    /** Leaves everything to the capture again. */
    boolean countNothing() {
        return put(FlowProgram.NOTHING);
    }

    /* The call returns once no packet is under way by the program before (net/packet/af_packet.c). */
    private boolean put(FlowProgram program) {
        Memory instructions = program.instructions();
        return set(capture, SOL_PACKET, PACKET_FANOUT_DATA, CaptureSocket.program(program.count(), instructions));
    }

    /** Packets counted since the last call. */
    long read() {
        size.setInt(0, STATISTICS_BYTES);
        int got = call("getsockopt", counting, SOL_PACKET, PACKET_STATISTICS, statistics, size);
        return got == 0 ? Integer.toUnsignedLong(statistics.getInt(0)) : 0;
    }

    @Override
    public void close() {
        call("close", counting);
    }
}
