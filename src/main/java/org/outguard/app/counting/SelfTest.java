package org.outguard.app.counting;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Drain;

/**
 * Whether an eye that opened really counts: this program sends a datagram that does not leave the machine, and it must be
 * among the counts.
 *
 * <p>It goes to a multicast address of interface-local scope (RFC 4291, 2.7). Of such the kernel runs the programs of the
 * control group, as of any packet by that device, and then drops it before a capture or the device sees it
 * (net/ipv6/ip6_output.c). Packets by the loopback device would not do, since they are not counted.
 */
public final class SelfTest {

    /** So long a count is waited for on a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String NOWHERE = "ff11:0:0:0:0:0:6f75:7467";
    private static final int DISCARD = 9;
    static final Endpoint DESTINATION = new Endpoint(IpAddress.parse(NOWHERE).orElseThrow(), DISCARD);

    private static final long DRAIN_NANOS = 50_000_000L;

    /** It is sent anew with one drain in so many. */
    private static final int DRAINS_EACH = 10;

    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Sending sending;

    /** Sends the datagram. */
    public interface Sending {

        /** Whether it could be sent. */
        boolean send();
    }

    /**
     * A test that was not made.
     *
     * @param patience how long counts are waited for
     * @param nanoTime a clock that never goes back
     * @param sending sends what is to be counted
     */
    public SelfTest(Duration patience, LongSupplier nanoTime, Sending sending) {
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.sending = sending;
    }

    /**
     * Sends and looks; what else was counted meanwhile is dropped.
     *
     * @param drain what was counted since the last call
     * @param stopping ends it early
     * @return why the eye is of no use; empty where it counts, and where nothing can be sent, as it cannot be told then
     */
    Optional<String> problem(Supplier<Drain> drain, CountDownLatch stopping) throws InterruptedException {
        long end = nanoTime.getAsLong() + patience.toNanos();
        long others = 0;
        for (int drains = 0; nanoTime.getAsLong() - end < 0; drains++) {
            if (drains % DRAINS_EACH == 0 && !sending.send()) {
                return Optional.empty();
            }
            List<Count> counts = drain.get().counts();
            others += counts.size();
            boolean counted = counts.stream()
                    .anyMatch(count -> count.protocol() == Protocol.UDP && DESTINATION.equals(count.remote()));
            if (counted || stopping.await(DRAIN_NANOS, TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        }
        if (others > 0) {
            // A firewall in user space (NFQUEUE) may keep ours, without a word of it to whoever sends.
            return Optional.empty();
        }
        return Optional.of("eBPF opened, but did not count a packet that this program sent to nowhere within "
                + patience.toSeconds() + " s");
    }

    /** By the first device of this thread's network namespace that has IPv6; false where there is none. */
    public static boolean sendToNowhere() {
        return devices().stream().anyMatch(SelfTest::sendBy);
    }

    private static boolean sendBy(NetworkInterface device) {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            byte[] address = InetAddress.getByName(NOWHERE).getAddress();
            Inet6Address to = Inet6Address.getByAddress(null, address, device.getIndex());
            channel.send(ByteBuffer.wrap(new byte[1]), new InetSocketAddress(to, DISCARD));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // Another one may do: an address may be too new, or the device just gone.
            return false;
        }
    }

    private static List<NetworkInterface> devices() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(SelfTest::mayDo)
                    .sorted(Comparator.comparing(NetworkInterface::getIndex))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static boolean mayDo(NetworkInterface device) {
        try {
            return device.isUp()
                    && !device.isLoopback()
                    && device.inetAddresses().anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false;
        }
    }
}
