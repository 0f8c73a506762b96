package org.outguard.kernel;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.outguard.owner.ProcessId;

/**
 * Drops what single processes send, by a program in the kernel ({@code native/bpf/pid_drop.bpf.c}) that is attached while
 * this is open and goes with this process, however that ends. For one thread at a time.
 */
public final class PidDrop implements AutoCloseable {

    /** Most processes at once; the same number stands in native/include/pid_drop.h. */
    public static final int MOST = 64;

    private static final int ENOENT = 2;
    private static final int ENOSPC = 28;
    private static final int REASON_BYTES = 256;

    private long handle;

    private PidDrop(long handle) {
        this.handle = handle;
    }

    /** What came of an attempt to attach the program. */
    public sealed interface Opening {

        /**
         * It is attached, and drops nothing yet.
         *
         * @param drop to be closed by whoever asked
         */
        record Attached(PidDrop drop) implements Opening {}

        /**
         * It cannot be.
         *
         * @param reason why
         */
        record Failed(String reason) implements Opening {}
    }

    /** Loads and attaches the program. */
    public static Opening open() {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Opening.Failed(problem.get());
        }
        ByteBuffer words = ByteBuffer.allocateDirect(REASON_BYTES);
        long opened = openProgram(words);
        return opened == 0
                ? new Opening.Failed(KernelRecords.text(words, 0, REASON_BYTES))
                : new Opening.Attached(new PidDrop(opened));
    }

    /** Drops what a process sends, for that time from now; its count begins anew. Why it could not, or empty. */
    public Optional<String> begin(ProcessId process, Duration length) {
        int error = begin(handle, process.pid(), process.startTicks(), nanos(length));
        return switch (error) {
            case 0 -> Optional.empty();
            case ENOSPC -> Optional.of("no more than " + MOST + " processes can be dropped at once");
            default -> Optional.of("the kernel does not take it: error " + error);
        };
    }

    /* 292 years are as good as for ever. */
    private static long nanos(Duration length) {
        return length.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? length.toNanos() : Long.MAX_VALUE;
    }

    /** Lets a process send again; whether anything was dropped of it. */
    public boolean end(ProcessId process) {
        return end(handle, process.pid(), process.startTicks()) != ENOENT;
    }

    /** How many packets of a process were dropped; empty where it is not dropped. */
    public OptionalLong packets(ProcessId process) {
        long packets = packets(handle, process.pid(), process.startTicks());
        return packets < 0 ? OptionalLong.empty() : OptionalLong.of(packets);
    }

    /** Detaches the program: every process sends again. */
    @Override
    public void close() {
        if (handle != 0) {
            closeProgram(handle);
            handle = 0;
        }
    }

    private static native long openProgram(ByteBuffer words);

    private static native int begin(long handle, int pid, long startTicks, long nanos);

    private static native int end(long handle, int pid, long startTicks);

    private static native long packets(long handle, int pid, long startTicks);

    private static native void closeProgram(long handle);
}
