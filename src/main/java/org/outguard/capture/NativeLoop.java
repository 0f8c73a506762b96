package org.outguard.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.capture.live.LiveDevice;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowTable;

/**
 * The loop in C (native/jni/NativeLoop.c and native/wire): libpcap's packets become counts without a step through Java.
 *
 * <p>All of its memory is one direct buffer with the layout of native/include/wire_state.h, so there is nothing to free
 * and a drain reads the counts where they are.
 */
public final class NativeLoop implements WireLoop {

    /* Offsets of wire_state.h; a test holds them against the compiler's. */
    static final int PACKETS = 0;
    static final int MALFORMED = 32;
    static final int OTHER_PACKETS = 48;
    static final int OTHER_BYTES = 56;
    static final int USED = 64;
    static final int SAMPLES = 68;
    static final int FLOWS_AT = 88;
    static final int SAMPLES_AT = 104;
    static final int SELDOM_AT = 120;

    static final int FLOW_BYTES = 64;
    static final int SOURCE_HIGH = 0;
    static final int SOURCE_LOW = 8;
    static final int REMOTE_HIGH = 16;
    static final int REMOTE_LOW = 24;
    static final int REST = 32;
    static final int FLOW_PACKETS = 40;
    static final int BYTES = 48;
    static final int LAST_NANOS = 56;

    static final int SELDOM_BYTES = 16;
    static final int FIRST_NANOS = 0;
    static final int CONNECTS = 8;

    static final int SAMPLE_BYTES = 168;
    static final int SAMPLE_AT_NANOS = 0;
    static final int SAMPLE_REMOTE_HIGH = 8;
    static final int SAMPLE_REMOTE_LOW = 16;
    static final int SAMPLE_CAPTURED = 24;
    static final int SAMPLE_ORIGINAL = 28;
    static final int SAMPLE_REMOTE_PORT = 32;
    static final int SAMPLE_V6 = 34;
    static final int SAMPLE_DATA = 40;

    /* A flow is one line of the processor's cache where the table begins with one. */
    private static final int CACHE_LINE_BYTES = 64;

    /** Why there is no native library; empty where there is. */
    public static final Optional<String> PROBLEM = load();

    private final String source;
    private final EvidenceRing evidence;
    private final ByteBuffer state;
    private final int flowsAt;
    private final int seldomAt;
    private final int samplesAt;
    private final byte[] sample = new byte[EvidenceRing.PACKET_BYTES];
    /* Of the frames last counted: evidence is handed on in the drain. */
    private int linkType;

    public NativeLoop(String source, EvidenceRing evidence, int slots) {
        this.source = source;
        this.evidence = evidence;
        long bytes = bytes(slots);
        if (bytes == 0 || bytes > Integer.MAX_VALUE - 2 * CACHE_LINE_BYTES) {
            throw new IllegalArgumentException("no table has " + slots + " slots");
        }
        state = ByteBuffer.allocateDirect((int) bytes + 2 * CACHE_LINE_BYTES)
                .alignedSlice(CACHE_LINE_BYTES)
                .order(ByteOrder.nativeOrder());
        int error = begin(state, slots);
        if (error != 0) {
            throw new IllegalStateException("begin: error " + error);
        }
        flowsAt = (int) state.getLong(FLOWS_AT);
        seldomAt = (int) state.getLong(SELDOM_AT);
        samplesAt = (int) state.getLong(SAMPLES_AT);
    }

    /* The library that org.outguard.kernel.NativeLibrary loads as well: the second time does nothing. */
    private static Optional<String> load() {
        Path library = Path.of(System.getProperty("outguard.native", "/usr/lib/outguard"))
                .toAbsolutePath()
                .resolve("liboutguard.so");
        try {
            System.load(library.toString());
            return Optional.empty();
        } catch (UnsatisfiedLinkError e) {
            return Optional.of("the native library " + library + " cannot be loaded: " + e.getMessage());
        }
    }

    @Override
    public int dispatch(LiveDevice device, int most) {
        linkType = device.linkType();
        int packets = dispatch(state, device.dispatchFunction(), device.pointer(), most, linkType);
        if (packets < 0) {
            device.failed();
        }
        return packets;
    }

    /**
     * Counts frames that lie in a buffer.
     *
     * @param frames a direct buffer in the byte order of the machine; for each frame its time (8 bytes), captured and
     *     original length (4 each) and its bytes, padded to a multiple of 8
     * @param length how many bytes of it are used
     * @param linkTypeOfAll one that {@link LinkTypes#known}
     * @return how many frames, -1 where the buffer is not made so
     */
    int count(ByteBuffer frames, int length, int linkTypeOfAll) {
        linkType = linkTypeOfAll;
        return count(state, frames, length, linkTypeOfAll);
    }

    @Override
    public FlowBatch drain() {
        int used = state.getInt(USED);
        long otherPackets = state.getLong(OTHER_PACKETS);
        if (used == 0 && otherPackets == 0) {
            return FlowBatch.EMPTY;
        }
        List<FlowCount> flows = new ArrayList<>(used);
        for (int i = 0; i < used; i++) {
            flows.add(flow(flowsAt + i * FLOW_BYTES, seldomAt + i * SELDOM_BYTES));
        }
        FlowBatch batch = new FlowBatch(flows, otherPackets, state.getLong(OTHER_BYTES));
        for (int i = 0; i < state.getInt(SAMPLES); i++) {
            keep(samplesAt + i * SAMPLE_BYTES);
        }
        clear(state);
        return batch;
    }

    private FlowCount flow(int at, int seldom) {
        return FlowTable.count(
                state.getLong(at + SOURCE_HIGH),
                state.getLong(at + SOURCE_LOW),
                state.getLong(at + REMOTE_HIGH),
                state.getLong(at + REMOTE_LOW),
                state.getLong(at + REST),
                state.getLong(at + FLOW_PACKETS),
                state.getLong(at + BYTES),
                state.getLong(seldom + CONNECTS),
                state.getLong(seldom + FIRST_NANOS),
                state.getLong(at + LAST_NANOS));
    }

    private void keep(int at) {
        int captured = state.getInt(at + SAMPLE_CAPTURED);
        state.get(at + SAMPLE_DATA, sample, 0, captured);
        evidence.add(
                source,
                linkType,
                state.getLong(at + SAMPLE_AT_NANOS),
                state.getInt(at + SAMPLE_ORIGINAL),
                sample,
                captured,
                state.get(at + SAMPLE_V6) != 0,
                state.getLong(at + SAMPLE_REMOTE_HIGH),
                state.getLong(at + SAMPLE_REMOTE_LOW),
                state.getShort(at + SAMPLE_REMOTE_PORT) & 0xffff);
    }

    @Override
    public long packets() {
        return state.getLong(PACKETS);
    }

    @Override
    public long malformed() {
        return state.getLong(MALFORMED);
    }

    /** Offsets as the C compiler has them, in the order of NativeLoop.c. */
    static native int[] layout();

    private static native long bytes(int slots);

    private static native int begin(ByteBuffer state, int slots);

    private static native int dispatch(ByteBuffer state, long function, long pcap, int most, int linkType);

    private static native int count(ByteBuffer state, ByteBuffer frames, int length, int linkType);

    private static native void clear(ByteBuffer state);
}
