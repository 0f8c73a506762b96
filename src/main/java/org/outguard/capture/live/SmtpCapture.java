package org.outguard.capture.live;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.capture.decode.PacketDecoder;
import org.outguard.capture.smtp.SmtpTap;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.port.ReadsForeign;

/**
 * Listens to the SMTP of a watched interface by a socket of its own, beside the one that counts, and only while mail leaves: it
 * is opened when the first mail is counted, and taken off the device when none has been for a minute, while the other one
 * {@linkplain CaptureDutyCycle rests}, and when a second has brought more packets than are read. So what is heard is best effort, and what
 * it costs is bounded. One thread uses it.
 */
final class SmtpCapture implements AutoCloseable {

    /** Packets read within a second: about a thousand messages. */
    static final int MOST_A_SECOND = 4_000;

    private static final int MOST_AT_ONCE = 1_000;

    /** Bytes read within a second: segments that are cut later are as large as a datagram may be. */
    private static final int MOST_BYTES_A_SECOND = 16 << 20;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MAIL_NANOS = 60 * SECOND_NANOS;

    private final boolean loopback;
    private final OccasionalSocket socket;
    private final Consumer<Observation> sink;
    private final SmtpTap tap = new SmtpTap();
    private final FrameDecoder decoder = new FrameDecoder(true);
    private boolean mail;
    private long mailNanos;
    private long secondNanos = Long.MIN_VALUE / 2;
    private int left = MOST_A_SECOND;
    private int leftBytes = MOST_BYTES_A_SECOND;
    private long unreadBefore;

    /** Packets at which a parser failed. */
    private long unreadable;

    /**
     * One that does not listen yet.
     *
     * @param index of the interface, {@link Interfaces#NONE} for all of them
     */
    SmtpCapture(String name, boolean loopback, int index, Consumer<Observation> sink) {
        this.loopback = loopback;
        this.socket = new OccasionalSocket(
                name,
                loopback,
                index,
                LiveDevice.Use.SMTP,
                reason -> sink.accept(new HostObservation.Degraded(name + ": smtp", "SMTP is not heard: " + reason)));
        this.sink = sink;
    }

    /**
     * Reads what is there and tells what was heard.
     *
     * @param mailLeaves whether mail was counted since the last turn
     * @param rests whether nothing may listen on the interface
     */
    void turn(boolean mailLeaves, boolean rests, long nowNanos) {
        if (mailLeaves) {
            mail = true;
            mailNanos = nowNanos;
        } else if (mail && nowNanos - mailNanos > MAIL_NANOS) {
            mail = false;
        }
        if (nowNanos - secondNanos >= SECOND_NANOS) {
            secondNanos = nowNanos;
            left = MOST_A_SECOND;
            leftBytes = MOST_BYTES_A_SECOND;
        }
        socket.listen(mail && !rests && left > 0 && leftBytes > 0);
        read();
        tell();
    }

    private void read() {
        int most = leftBytes <= 0 ? 0 : Math.min(left, MOST_AT_ONCE);
        if (most > 0) {
            // Where the device fails, the one that counts finds out, and what follows.
            socket.device().ifPresent(device -> left -= Math.max(0, device.dispatch(most, data -> take(device, data))));
        }
    }

    private void take(LiveDevice device, byte[] frame) {
        leftBytes -= frame.length;
        take(frame, frame.length, device.originalLength(), device.linkType(), device.atNanos());
    }

    /** Hears one frame; see {@link FrameDecoder#decode}. */
    @ReadsForeign
    void take(byte[] frame, int captured, int original, int linkType, long at) {
        try {
            PacketDecoder.Reading reading = decoder.decode(frame, captured, original, linkType, at);
            // The filter has let through one direction of each kind alone, but for frames that say it themselves.
            SmtpTap.Way way = LinkTypes.hasDirection(linkType) && !loopback
                    ? reading == PacketDecoder.Reading.INBOUND ? SmtpTap.Way.RECEIVED : SmtpTap.Way.SENT
                    : SmtpTap.Way.UNKNOWN;
            tap.take(decoder, frame, captured, at, way);
        } catch (RuntimeException e) {
            unreadable++;
        }
    }

    private void tell() {
        long unread = tap.unreported() + unreadable;
        Optional<LiveDevice> device = socket.device();
        device.ifPresent(LiveDevice::readStatistics);
        unread += device.map(LiveDevice::dropped).orElse(0L);
        List<SmtpReport> reports = tap.drain();
        if (!reports.isEmpty() || unread > unreadBefore) {
            sink.accept(new TrafficObservation.SmtpParsed(reports, Math.max(0, unread - unreadBefore)));
        }
        unreadBefore = unread;
    }

    /** Reads and tells the last. */
    @Override
    public void close() {
        if (socket.device().isPresent()) {
            read();
            tell();
        }
        socket.close();
    }
}
