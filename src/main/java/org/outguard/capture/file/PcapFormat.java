package org.outguard.capture.file;

import java.io.IOException;
import org.outguard.capture.decode.LinkTypes;

/** The file format of libpcap: draft-ietf-opsawg-pcap, and the variant with a longer record header. */
public final class PcapFormat extends CaptureFormat {

    static final int MICROSECONDS = 0xa1b2c3d4;
    static final int NANOSECONDS = 0xa1b23c4d;
    /** Alexey Kuznetzov's variant: interface index, protocol and packet type after each record header. */
    static final int MODIFIED = 0xa1b2cd34;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int MODIFIED_RECORD_HEADER = 24;
    /** MAXIMUM_SNAPLEN of libpcap: no more is believed of one packet, unless the file header says so itself. */
    private static final long MOST_BYTES = 262_144;
    /** And not more than that whatever it says. */
    private static final long MOST_SNAP_BYTES = 128L << 20;

    private final byte[] header = new byte[MODIFIED_RECORD_HEADER];
    private final int recordHeader;
    private final int nanosPerFraction;
    private long mostBytes = MOST_BYTES;

    /** The minor version: up to 2 both lengths of a record stand the other way round, in 3 where the first is the greater. */
    private int minor = 4;

    private PcapFormat(CaptureInput in, int magic, boolean littleEndian) {
        super(in);
        this.littleEndian = littleEndian;
        recordHeader = magic == MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
        nanosPerFraction = magic == NANOSECONDS ? 1 : 1000;
    }

    /** Whether a file that begins with these four bytes (in big-endian order) is one of ours, in either order. */
    static boolean begins(int magic) {
        return known(magic) || known(Integer.reverseBytes(magic));
    }

    private static boolean known(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS || magic == MODIFIED;
    }

    /** Reads the rest of the file header after the four bytes of {@code magic}. */
    public static PcapFormat open(CaptureInput in, int magic) throws IOException {
        boolean little = !known(magic);
        PcapFormat format = new PcapFormat(in, little ? Integer.reverseBytes(magic) : magic, little);
        format.readFileHeader();
        return format;
    }

    private void readFileHeader() throws IOException {
        byte[] rest = new byte[FILE_HEADER - 4];
        if (in.read(rest, 0, rest.length) < rest.length) {
            truncated("file header", 0);
            return;
        }
        int major = unsigned16(rest, 0);
        minor = unsigned16(rest, 2);
        if (major != 2) {
            damaged(4, "the file format's version is " + major + ", not 2");
            return;
        }
        mostBytes = Math.max(MOST_BYTES, Math.min(unsigned32(rest, 12), MOST_SNAP_BYTES));
        // The bits above say whether frames end in a check sequence.
        linkType = int32(rest, 16) & 0x03ff_ffff;
        if (!LinkTypes.known(linkType)) {
            damaged(20, "link type " + linkType + " is not known");
        }
    }

    @Override
    public boolean next() throws IOException {
        if (!problem().isEmpty()) {
            return false;
        }
        long start = in.offset();
        int got = in.read(header, 0, recordHeader);
        if (got < recordHeader) {
            return got != 0 && truncated("record header", start);
        }
        long length = unsigned32(header, 8);
        long onWire = unsigned32(header, 12);
        if (minor < 3 || minor == 3 && length > onWire) {
            long swapped = length;
            length = onWire;
            onWire = swapped;
        }
        if (length > mostBytes) {
            return damaged(start, "the record has a packet of " + length + " bytes, more than " + mostBytes);
        }
        atNanos = unsigned32(header, 0) * 1_000_000_000L + unsigned32(header, 4) * nanosPerFraction;
        original = (int) Math.min(Integer.MAX_VALUE, Math.max(length, onWire));
        return readData((int) length) || truncated("packet", start);
    }
}
