package org.outguard.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;

/**
 * What one packet costs from frame to count, in C and in Java, without a device. Run by {@code packaging/bench --jmh},
 * with {@code -prof gc}.
 *
 * <p>Frames are 29-byte datagrams, as in the flood that the program was made for, and flows differ by their destination.
 * Each frame is written anew before it is counted, which is part of what is measured. Of the table as it is shipped
 * (65,536 slots) more flows than half of that are merged, which is its bound; the large one shows what a million flows
 * cost that are all kept.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 12, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC"})
@State(Scope.Thread)
public class DecodeAndAggregateBench {

    private static final int BATCH = 4096;
    private static final byte[] FRAME =
            Frames.ethernet(0x0800, Frames.ipv4("192.0.2.1", "198.51.100.7", Frames.UDP, Frames.udp(4000, 80, 1)));
    /** Of the destination in the frame: 14 bytes of link header, then offset 16 of the IP header. */
    private static final int REMOTE = 14 + 16;

    private static final int RECORD = 16 + (FRAME.length + 7) / 8 * 8;
    /** So far apart that one packet's slot tells nothing of the next one's. */
    private static final int STEP = 7_368_787;

    /** How many flows the packets belong to. */
    @Param({"1", "1000", "1000000", "10000000"})
    public int flows;

    /** Slots of the table. */
    @Param({"65536", "2097152"})
    public int slots;

    private final byte[] frame = FRAME.clone();
    private final ByteBuffer frameNumbers = ByteBuffer.wrap(frame);
    private final ByteBuffer records = ByteBuffer.allocateDirect(BATCH * RECORD).order(ByteOrder.nativeOrder());
    private JavaLoop javaLoop;
    private NativeLoop nativeLoop;
    private int flow;

    /** Only the loop in question is made, so that the memory that is shown is its own. */
    @Setup
    public void everyFlowIsKnown(org.openjdk.jmh.infra.BenchmarkParams parameters) {
        if (parameters.getBenchmark().endsWith("inJava")) {
            javaLoop = new JavaLoop("bench", new EvidenceRing(), slots);
        } else {
            nativeLoop = new NativeLoop("bench", new EvidenceRing(), slots);
            for (int i = 0; i < BATCH; i++) {
                records.putLong(1).putInt(FRAME.length).putInt(FRAME.length).put(FRAME);
                records.position((i + 1) * RECORD);
            }
        }
        for (long packet = 0; packet < flows; packet += BATCH) {
            if (javaLoop != null) {
                inJava();
            } else {
                inC();
            }
        }
    }

    @TearDown(Level.Trial)
    public void showMemory() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
                System.out.println(line.replaceAll("\\s+", " "));
            }
        }
    }

    private int nextRemote() {
        flow += STEP;
        while (flow >= flows) {
            flow = flows == 1 ? 0 : flow % flows;
        }
        return 0x0a00_0000 + flow;
    }

    /** {@link FrameDecoder} and {@link org.outguard.flow.FlowTable}. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long inJava() {
        for (int i = 0; i < BATCH; i++) {
            frameNumbers.putInt(REMOTE, nextRemote());
            javaLoop.count(frame, frame.length, frame.length, LinkTypes.ETHERNET, 1);
        }
        return javaLoop.packets();
    }

    /** native/wire, called once for a batch, as libpcap does. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int inC() {
        for (int i = 0; i < BATCH; i++) {
            records.putInt(i * RECORD + 16 + REMOTE, Integer.reverseBytes(nextRemote()));
        }
        return nativeLoop.count(records, BATCH * RECORD, LinkTypes.ETHERNET);
    }
}
