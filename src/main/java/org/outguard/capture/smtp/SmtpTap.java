package org.outguard.capture.smtp;

import java.util.List;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.SmtpReport;

/**
 * Picks out of decoded packets those of connections to mail servers of others, and has their SMTP read. Ports 25 and 587 alone:
 * port 465 is never in the clear (RFC 8314).
 */
public final class SmtpTap {

    /** Which way a packet went, as far as the capture says it. */
    public enum Way {
        SENT,
        RECEIVED,
        UNKNOWN
    }

    private final SmtpSessions sessions = new SmtpSessions();
    private final SmtpSegment segment = new SmtpSegment();

    /**
     * Takes a packet in; one that is no SMTP is passed over at the cost of a few comparisons.
     *
     * @param packet as decoded from {@code frame}
     */
    public void take(FrameDecoder packet, byte[] frame, int captured, long at, Way way) {
        if (packet.transportAt == FrameDecoder.NOWHERE || packet.protocol != Protocol.TCP.number()) {
            return;
        }
        boolean toServer = way != Way.RECEIVED && readable(packet.remotePort);
        boolean fromServer = !toServer && way != Way.SENT && readable(packet.sourcePort);
        if ((toServer || fromServer) && segment.read(packet, frame, captured, at, toServer)) {
            sessions.take(segment);
        }
    }

    /** Whether a flow is a connection whose SMTP is read. */
    public static boolean reads(FlowKey flow) {
        return flow.protocol() == Protocol.TCP && readable(flow.remote().port());
    }

    /** Whether packets to there are of such a connection. */
    public static boolean reads(Destination packets) {
        return packets.protocol() == Protocol.TCP && readable(packets.remote().port());
    }

    private static boolean readable(int port) {
        return port == 25 || port == 587;
    }

    /** Whether what was heard should be taken before more is. */
    public boolean isFull() {
        return sessions.isFull();
    }

    /** What was heard since the last call, as far as one report has room for it. */
    public List<SmtpReport> drain() {
        return sessions.drain();
    }

    /** Connections whose last words found no room in a report, since the beginning. */
    public long unreported() {
        return sessions.unreported();
    }
}
