package org.outguard.capture.file;

import java.io.IOException;

/**
 * One packet after another out of a capture file, into fields that are used again for each.
 *
 * <p>Sizes in the file are not believed: no more than {@value #DATA_BYTES} bytes of a packet are kept, the rest is
 * skipped, so memory does not depend on what a file says.
 */
public abstract sealed class CaptureFormat permits PcapFormat, PcapngFormat {

    /** Link header, tags, and IPv6 extension headers of any sane packet. */
    /* An IP datagram as large as may be, with its link header: what the kernel segments later is captured whole. */
    static final int DATA_BYTES = (1 << 16) + 256;

    /** Which way a packet went, where the file says it. */
    enum Direction {
        UNKNOWN,
        INBOUND,
        OUTBOUND
    }

    public final byte[] data = new byte[DATA_BYTES];
    /** How many bytes of {@link #data} are the packet's. */
    public int captured;
    /** Length on the wire. */
    public int original;
    /** Nanoseconds since the epoch. */
    public long atNanos;

    Direction direction = Direction.UNKNOWN;
    /** LINKTYPE_ value; not always a known one. */
    public int linkType;

    final CaptureInput in;
    boolean littleEndian;

    private String problem = "";
    private final byte[] word = new byte[4];

    CaptureFormat(CaptureInput in) {
        this.in = in;
    }

    /** Reads the next packet; false at the end of the file and where it cannot be read on, see {@link #problem}. */
    public abstract boolean next() throws IOException;

    /** Why reading stopped before the end of the file; empty where it did not. */
    final String problem() {
        return problem;
    }

    final boolean damaged(long at, String why) {
        problem = "damaged at byte " + at + ", " + why;
        return false;
    }

    /** The file ends within something that began at {@code start}. */
    final boolean truncated(String what, long start) {
        problem = "truncated at byte " + in.offset() + ", in the " + what + " that begins at byte " + start;
        return false;
    }

    /** Takes {@code length} bytes of packet, of which {@link #DATA_BYTES} are kept; false where the file ends first. */
    final boolean readData(int length) throws IOException {
        captured = Math.min(length, DATA_BYTES);
        return in.read(data, 0, captured) == captured && in.skip(length - captured) == length - captured;
    }

    final int int32(byte[] from, int at) {
        int value = (from[at] & 0xff) << 24
                | (from[at + 1] & 0xff) << 16
                | (from[at + 2] & 0xff) << 8
                | from[at + 3] & 0xff;
        return littleEndian ? Integer.reverseBytes(value) : value;
    }

    final long unsigned32(byte[] from, int at) {
        return int32(from, at) & 0xffff_ffffL;
    }

    final int unsigned16(byte[] from, int at) {
        int high = from[littleEndian ? at + 1 : at] & 0xff;
        int low = from[littleEndian ? at : at + 1] & 0xff;
        return high << 8 | low;
    }

    /** Reads four bytes as a number; -1 where the file ends first. */
    final long readUnsigned32() throws IOException {
        return in.read(word, 0, 4) == 4 ? unsigned32(word, 0) : -1;
    }
}
