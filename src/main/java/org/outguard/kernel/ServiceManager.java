package org.outguard.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells systemd that the service has begun and is alive, see sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.
 * Does nothing where nobody asked for it. One thread.
 */
public final class ServiceManager {

    private static final long MOST_OFTEN_NANOS = 1_000_000_000L;

    private final Optional<byte[]> socket;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long toldNanos;

    /**
     * One that has told nothing yet.
     *
     * @param environment of this process
     * @param nanoTime a clock that never goes back
     */
    public ServiceManager(Map<String, String> environment, LongSupplier nanoTime) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        // A path, or with an at sign a name of the abstract kind (unix(7)); anything else is for other families.
        boolean known = name.startsWith("/") || name.startsWith("@");
        this.socket = known && NativeLibrary.problem().isEmpty()
                ? Optional.of(name.getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
        this.nanoTime = nanoTime;
    }

    /** To be called by what must not stop, as often as it likes; the first call says that the service has begun. */
    public void alive() {
        if (socket.isEmpty() || begun && nanoTime.getAsLong() - toldNanos < MOST_OFTEN_NANOS) {
            return;
        }
        String words = begun ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1";
        toldNanos = nanoTime.getAsLong();
        // Where it could not be sent it is tried again with the next call that is due.
        begun |= send(socket.get(), words.getBytes(StandardCharsets.US_ASCII)) == 0;
    }

    /* The error's number, 0 where it was sent. */
    private static native int send(byte[] socket, byte[] words);
}
