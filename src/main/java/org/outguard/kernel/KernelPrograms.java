package org.outguard.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The native side of the kernel eye: {@code native/eye/eye.h}. For one thread at a time. */
final class KernelPrograms {

    private KernelPrograms() {}

    /**
     * Loads and attaches the programs.
     *
     * @param age as on which kernels to load and attach them, of {@code enum eye_age}
     * @param btf path of a file with the kernel's types, UTF-8; null for none
     * @param words takes the limits, a line each, or the reason; UTF-8 with a zero behind it
     * @return a handle, 0 where it cannot be
     */
    static native long open(int age, byte @Nullable [] btf, ByteBuffer words);

    /** Fills a direct buffer with what was counted since the last call; 0 or an errno. */
    static native int drain(long handle, ByteBuffer to);

    /** Fills a direct buffer with what was told of processes; the number of records. */
    static native int facts(long handle, ByteBuffer to);

    /** Fills a direct buffer with what was told of mail sessions; the number of records. */
    static native int sessions(long handle, ByteBuffer to);

    /** Fills a direct buffer with where a process comes from; false where that is not known. */
    static native boolean lineage(long handle, int pid, long startNanos, ByteBuffer to);

    static native void close(long handle);

    /** Sizes and offsets by the C compiler, in the order of {@link KernelLayout#ALL}. */
    static native int[] layout();
}
