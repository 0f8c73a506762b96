package org.outguard.kernel;

import java.util.Optional;
import org.outguard.owner.ProcessId;

/**
 * A process that is held by a descriptor (pidfd_open(2), from Linux 5.3): what is sent by it reaches this process or
 * nobody, whoever has the number by then. For one thread at a time.
 */
public final class PidFd implements AutoCloseable {

    private static final int EPERM = 1;
    private static final int ESRCH = 3;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    /* The same number stands in native/jni/PidFd.c. */
    private static final int ANOTHER = -100_000;

    private final int descriptor;
    private boolean closed;

    private PidFd(int descriptor) {
        this.descriptor = descriptor;
    }

    /** What came of an attempt to hold a process. */
    public sealed interface Opening {

        /**
         * It is held.
         *
         * @param process to be closed by whoever asked
         */
        record Held(PidFd process) implements Opening {}

        /** It has ended. */
        record Gone() implements Opening {}

        /** It has ended, and another process has its number. */
        record Another() implements Opening {}

        /**
         * It cannot be held.
         *
         * @param reason why
         */
        record Failed(String reason) implements Opening {}
    }

    /** Holds the process with this number if it started at that time. */
    public static Opening open(ProcessId id) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Opening.Failed(problem.get());
        }
        if (!id.isHere()) {
            return new Opening.Failed(ProcessId.NOT_HERE);
        }
        int result = openProcess(id.pid(), id.startTicks());
        if (result >= 0) {
            return new Opening.Held(new PidFd(result));
        }
        return switch (-result) {
            case -ANOTHER -> new Opening.Another();
            case ESRCH -> new Opening.Gone();
            case ENOSYS -> new Opening.Failed("this kernel has no pidfd_open(2); Linux 5.3 has");
            case EINVAL -> new Opening.Failed(id.pid() + " is a thread, not a process");
            default -> new Opening.Failed("process " + id.pid() + " cannot be held: error " + -result);
        };
    }

    /**
     * Sends a signal by its number.
     *
     * @return why it could not be sent; empty where it was
     */
    public Optional<String> send(int signal) {
        int error = closed ? ESRCH : sendSignal(descriptor, signal);
        return switch (error) {
            case 0 -> Optional.empty();
            case ESRCH -> Optional.of("it has ended");
            case EPERM -> Optional.of("not allowed: it needs root, or CAP_KILL");
            default -> Optional.of("error " + error);
        };
    }

    /** Waits so long for its end; whether it has ended. */
    public boolean awaitEnd(int millis) {
        return closed || awaitEnd(descriptor, millis) == 1;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeDescriptor(descriptor);
        }
    }

    private static native int openProcess(int pid, long startTicks);

    private static native int sendSignal(int descriptor, int signal);

    private static native int awaitEnd(int descriptor, int millis);

    private static native void closeDescriptor(int descriptor);
}
