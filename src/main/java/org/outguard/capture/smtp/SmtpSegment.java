package org.outguard.capture.smtp;

import org.outguard.capture.decode.FrameDecoder;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/** One TCP segment of a connection to a mail server, as numbers: the same object for one after the other. */
final class SmtpSegment {

    /** Whether it goes to the mail server, and so was sent by this machine. */
    boolean toServer;

    boolean syn;

    /** Whether its sender says nothing more, which is counted as one byte behind its data (RFC 9293, 3.4). */
    boolean fin;

    boolean v6;
    /** Own end of the connection. */
    long localHigh;

    long localLow;
    int localPort;
    /** The mail server. */
    long remoteHigh;

    long remoteLow;
    int remotePort;
    /** Number of its first byte, RFC 9293, 3.4. */
    int seq;
    /** Number of the first byte that the sender has not received. */
    int ack;

    long atNanos;
    byte[] data = {};
    /** Where its payload begins in {@link #data}. */
    int at;
    /** How much of that was captured. */
    int captured;
    /** How much there was, not less. */
    int length;

    FlowKey key() {
        return new FlowKey(
                Protocol.TCP,
                new Endpoint(address(v6, localHigh, localLow), localPort),
                new Endpoint(address(v6, remoteHigh, remoteLow), remotePort));
    }

    private static IpAddress address(boolean six, long high, long low) {
        return six ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    /** Bits that differ from connection to connection. */
    long hash() {
        long hash = (localHigh * 31 + localLow) * 0x9e3779b97f4a7c15L + localPort;
        hash = (hash ^ hash >>> 32) * 0xbf58476d1ce4e5b9L + (remoteHigh * 31 + remoteLow);
        hash = (hash ^ hash >>> 29) * 0x94d049bb133111ebL + remotePort;
        return hash ^ hash >>> 32;
    }

    /** Takes from a decoded TCP packet what is in its TCP header; false where that is not whole. */
    boolean read(FrameDecoder packet, byte[] frame, int frameCaptured, long time, boolean goesToServer) {
        int header = packet.transportAt;
        int readable = Math.min(Math.min(frameCaptured, frame.length), packet.datagramEnd);
        if (readable < header + 20) {
            return false;
        }
        toServer = goesToServer;
        v6 = packet.v6;
        localHigh = toServer ? packet.sourceHigh : packet.remoteHigh;
        localLow = toServer ? packet.sourceLow : packet.remoteLow;
        localPort = toServer ? packet.sourcePort : packet.remotePort;
        remoteHigh = toServer ? packet.remoteHigh : packet.sourceHigh;
        remoteLow = toServer ? packet.remoteLow : packet.sourceLow;
        remotePort = toServer ? packet.remotePort : packet.sourcePort;
        seq = int32(frame, header + 4);
        ack = int32(frame, header + 8);
        syn = (frame[header + 13] & 2) != 0;
        fin = (frame[header + 13] & 1) != 0;
        at = header + ((frame[header + 12] & 0xf0) >> 2);
        length = Math.max(0, packet.datagramEnd - at);
        captured = Math.max(0, readable - at);
        data = frame;
        atNanos = time;
        return at >= header + 20;
    }

    private static int int32(byte[] from, int at) {
        return (from[at] & 0xff) << 24 | (from[at + 1] & 0xff) << 16 | (from[at + 2] & 0xff) << 8 | from[at + 3] & 0xff;
    }
}
