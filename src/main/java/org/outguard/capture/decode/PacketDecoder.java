package org.outguard.capture.decode;

import org.outguard.flow.FlowTable;
import org.outguard.flow.Protocol;

/**
 * Reads an IP packet and the ports of what it carries into its own fields; {@link FrameDecoder} finds it behind the link
 * header. No object and no allocation per packet.
 */
public abstract sealed class PacketDecoder permits FrameDecoder {

    /** What a frame turned out to be. */
    public enum Reading {
        /** An IP packet; the fields hold it. */
        PACKET,
        /** ARP, LLC, MPLS and the like. */
        NOT_IP,
        /** Too short or inconsistent. */
        MALFORMED,
        /** The link header says that it was received, not sent. */
        INBOUND
    }

    private static final int FRAGMENTS_REMEMBERED = 4096;
    private static final int MOST_EXTENSION_HEADERS = 64;

    /* Extension headers of IPv6 (RFC 8200, RFC 4302, RFC 6275). */
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int MOBILITY = 135;

    private static final int TCP = 6;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    /** The number of a {@link Protocol}. */
    public int protocol;
    /** Whether the headers could be followed up to the transport protocol. */
    public boolean transportKnown;

    public boolean v6;
    public long sourceHigh;
    public long sourceLow;
    public long remoteHigh;
    public long remoteLow;
    /** 0 where there is none or it is not known. */
    public int sourcePort;

    public int remotePort;
    /** Length of the IP datagram, or what of it was on the wire. */
    public long bytes;
    /** Whether it says that it is longer than its frame. */
    public boolean overlong;
    /** 1 for TCP with SYN and without ACK. */
    public int connects;
    /** Where the transport protocol's header begins; {@link #NOWHERE} where there is none. */
    public int transportAt;
    /** Where the datagram ends, which may be beyond what was captured. */
    public int datagramEnd;

    public static final int NOWHERE = -1;

    private final FragmentTable fragments = new FragmentTable(FRAGMENTS_REMEMBERED);
    /** The frame, and how much of it there is. */
    byte[] data = {};

    int captured;
    private int original;
    private long atNanos;

    PacketDecoder() {}

    /** Begins with another frame. */
    final void use(byte[] frame, int capturedLength, int originalLength, long at) {
        data = frame;
        captured = Math.max(0, Math.min(capturedLength, frame.length));
        original = Math.max(captured, originalLength);
        atNanos = at;
        transportAt = NOWHERE;
    }

    /**
     * Counts the packet that was read.
     *
     * @return see {@link FlowTable#add}
     */
    public final long count(FlowTable table, long at) {
        return table.add(
                protocol,
                v6,
                sourceHigh,
                sourceLow,
                sourcePort,
                remoteHigh,
                remoteLow,
                remotePort,
                bytes,
                connects,
                at);
    }

    final Reading ip(int at) {
        if (captured <= at) {
            return Reading.MALFORMED;
        }
        return switch (u8(at) >>> 4) {
            case 4 -> ipv4(at);
            case 6 -> ipv6(at);
            default -> Reading.MALFORMED;
        };
    }

    /* RFC 791, 3.1. */
    final Reading ipv4(int at) {
        if (captured < at + 20 || u8(at) >>> 4 != 4) {
            return Reading.MALFORMED;
        }
        int headerLength = (u8(at) & 15) * 4;
        int onWire = original - at;
        int total = u16(at + 2);
        if (total == 0) {
            // Segmentation offload with more than 65,535 bytes (BIG TCP) leaves the length to the device.
            total = onWire;
        }
        if (headerLength < 20 || total < headerLength || onWire < headerLength) {
            return Reading.MALFORMED;
        }
        begin(false, Math.min(total, onWire));
        overlong = total > onWire;
        total = Math.min(total, onWire);
        sourceLow = u32(at + 12);
        remoteLow = u32(at + 16);
        int ipProtocol = u8(at + 9);
        int offset = u16(at + 6) & 0x1fff;
        boolean more = (u16(at + 6) & 0x2000) != 0;
        int end = at + total;
        if (offset != 0) {
            laterFragment(ipProtocol, u16(at + 4));
        } else {
            transport(ipProtocol, at + headerLength, end);
            if (more) {
                remember(ipProtocol, u16(at + 4));
            }
        }
        return Reading.PACKET;
    }

    /* RFC 8200, 3. */
    final Reading ipv6(int at) {
        if (captured < at + 40 || u8(at) >>> 4 != 6) {
            return Reading.MALFORMED;
        }
        int next = u8(at + 6);
        int onWire = original - at;
        // A jumbogram (RFC 2675), as BIG TCP makes them, has payload length 0 and its length in a hop-by-hop option.
        int total = u16(at + 4) == 0 && next == HOP_BY_HOP ? onWire : 40 + u16(at + 4);
        begin(true, Math.min(total, onWire));
        overlong = total > onWire;
        total = Math.min(total, onWire);
        sourceHigh = u64(at + 8);
        sourceLow = u64(at + 16);
        remoteHigh = u64(at + 24);
        remoteLow = u64(at + 32);
        if (mapped(sourceHigh, sourceLow) && mapped(remoteHigh, remoteLow)) {
            v6 = false;
            sourceHigh = 0;
            sourceLow &= 0xffff_ffffL;
            remoteHigh = 0;
            remoteLow &= 0xffff_ffffL;
        }
        extensions(next, at + 40, at + total);
        return Reading.PACKET;
    }

    private static boolean mapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffffL;
    }

    private void extensions(int next, int at, int end) {
        boolean fragment = false;
        int id = 0;
        for (int headers = 0; headers < MOST_EXTENSION_HEADERS; headers++) {
            if (!extension(next)) {
                transport(next, at, end);
                if (fragment) {
                    remember(next, id);
                }
                return;
            }
            if (Math.min(captured, end) < at + 8) {
                return;
            }
            if (next == FRAGMENT) {
                int offset = u16(at + 2) >>> 3;
                id = (int) u32(at + 4);
                if (offset != 0) {
                    laterFragment(u8(at), id);
                    return;
                }
                fragment = (u16(at + 2) & 1) != 0;
            }
            int length = extensionLength(next, u8(at + 1));
            next = u8(at);
            at += length;
        }
    }

    private static boolean extension(int next) {
        return switch (next) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, MOBILITY -> true;
            default -> false;
        };
    }

    /* In bytes; the field counts in units that differ, and does not count the first ones. */
    private static int extensionLength(int header, int field) {
        return switch (header) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (field + 2) * 4;
            default -> (field + 1) * 8;
        };
    }

    private void begin(boolean version6, int total) {
        v6 = version6;
        bytes = total;
        protocol = Protocol.OTHER.number();
        transportKnown = false;
        sourceHigh = 0;
        remoteHigh = 0;
        sourcePort = 0;
        remotePort = 0;
        connects = 0;
    }

    private void transport(int ipProtocol, int at, int end) {
        Protocol known = Protocol.of(ipProtocol);
        protocol = known.number();
        transportKnown = true;
        transportAt = at;
        datagramEnd = end;
        int readable = Math.min(captured, end);
        if (known.hasPorts() && readable >= at + 4) {
            sourcePort = u16(at);
            remotePort = u16(at + 2);
            if (ipProtocol == TCP && readable >= at + 14) {
                connects = (u8(at + 13) & (SYN | ACK)) == SYN ? 1 : 0;
            }
        }
    }

    private void remember(int ipProtocol, int id) {
        if (Protocol.of(ipProtocol).hasPorts()) {
            fragments.put(
                    sourceHigh, sourceLow, remoteHigh, remoteLow, id, ipProtocol, sourcePort, remotePort, atNanos);
        }
    }

    private void laterFragment(int ipProtocol, int id) {
        Protocol known = Protocol.of(ipProtocol);
        protocol = known.number();
        transportKnown = true;
        if (known.hasPorts()) {
            long ports = fragments.find(sourceHigh, sourceLow, remoteHigh, remoteLow, id, ipProtocol, atNanos);
            if (ports != FragmentTable.UNKNOWN) {
                sourcePort = (int) (ports >>> 16);
                remotePort = (int) (ports & 0xffff);
            }
        }
    }

    final int u8(int at) {
        return data[at] & 0xff;
    }

    final int u16(int at) {
        return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    }

    private long u32(int at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    private long u64(int at) {
        return u32(at) << 32 | u32(at + 4);
    }
}
