package org.outguard.capture.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.outguard.capture.decode.LinkTypes;

/** The pcapng file format: draft-ietf-opsawg-pcapng. Blocks that do not hold packets are skipped. */
public final class PcapngFormat extends CaptureFormat {

    public static final int SECTION_HEADER = 0x0a0d0d0a;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int OPTION_FLAGS = 2;
    private static final int BLOCK_OVERHEAD = 12;
    /* A packet of the size that libpcap allows, with room for comments. */
    private static final long MOST_BLOCK_BYTES = 16L << 20;
    private static final int MOST_INTERFACES = 65_536;
    /* No option that is looked at is longer; comments may be. */
    private static final int MOST_OPTION_BYTES = 1024;
    private static final int MOST_OPTIONS_BYTES = 4096;

    private final byte[] fixed = new byte[20];
    private final byte[] options = new byte[MOST_OPTIONS_BYTES];
    private final List<TraceInterface> interfaces = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean anyKnown;
    private long blockStart;
    /* Bytes of the block under way that are still to be read, its trailing length left out. */
    private long left;
    private long lastNanos;

    private PcapngFormat(CaptureInput in) {
        super(in);
    }

    /** Reads the first section header, whose type has been read already. */
    public static PcapngFormat open(CaptureInput in) throws IOException {
        PcapngFormat format = new PcapngFormat(in);
        format.section();
        return format;
    }

    /** Interfaces whose packets could not be read. */
    List<String> notes() {
        return notes;
    }

    /** Whether there was an interface with a link type that is known, or none at all. */
    boolean anyKnown() {
        return anyKnown || notes.isEmpty();
    }

    @Override
    public boolean next() throws IOException {
        while (problem().isEmpty()) {
            blockStart = in.offset();
            int got = in.read(fixed, 0, 4);
            if (got == 0) {
                return false;
            }
            if (got < 4) {
                return truncated("block", blockStart);
            }
            int type = int32(fixed, 0);
            // The same bytes in either order.
            if (type == SECTION_HEADER) {
                section();
                continue;
            }
            if (!blockLength()) {
                return false;
            }
            boolean packet = false;
            switch (type) {
                case INTERFACE -> description();
                case OLD_PACKET, ENHANCED_PACKET -> packet = packet(type == OLD_PACKET);
                case SIMPLE_PACKET -> packet = simplePacket();
                default -> {}
            }
            if (problem().isEmpty() && endOfBlock() && packet) {
                return true;
            }
        }
        return false;
    }

    private void section() throws IOException {
        int got = in.read(fixed, 0, 8);
        if (got < 8) {
            truncated("section header", blockStart);
            return;
        }
        littleEndian = false;
        int magic = int32(fixed, 4);
        if (magic != BYTE_ORDER_MAGIC && magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            damaged(blockStart, "the section header has no byte-order magic");
            return;
        }
        littleEndian = magic != BYTE_ORDER_MAGIC;
        if (lengthFits(unsigned32(fixed, 0))) {
            left -= 4;
            if (left < 12) {
                damaged(blockStart, "the section header is too short");
                return;
            }
            interfaces.clear();
            endOfBlock();
        }
    }

    private boolean blockLength() throws IOException {
        long length = readUnsigned32();
        if (length < 0) {
            return truncated("block", blockStart);
        }
        return lengthFits(length);
    }

    private boolean lengthFits(long length) {
        if (length < BLOCK_OVERHEAD || length % 4 != 0 || length > MOST_BLOCK_BYTES) {
            return damaged(blockStart, "a block of " + length + " bytes cannot be");
        }
        left = length - BLOCK_OVERHEAD;
        return true;
    }

    private boolean endOfBlock() throws IOException {
        long expected = in.offset() - blockStart + left + 4;
        if (in.skip(left) < left) {
            return truncated("block", blockStart);
        }
        long trailing = readUnsigned32();
        if (trailing < 0) {
            return truncated("block", blockStart);
        }
        return trailing == expected
                || damaged(
                        blockStart,
                        "the block says " + expected + " bytes at its start and " + trailing + " at its end");
    }

    private boolean take(int count) throws IOException {
        if (left < count) {
            return damaged(blockStart, "the block is too short for what it holds");
        }
        left -= count;
        return in.read(fixed, 0, count) == count || truncated("block", blockStart);
    }

    private void description() throws IOException {
        if (!take(8)) {
            return;
        }
        int type = unsigned16(fixed, 0);
        long snap = unsigned32(fixed, 4);
        int length = readOptions();
        if (length < 0) {
            return;
        }
        if (interfaces.size() == MOST_INTERFACES) {
            damaged(blockStart, "more than " + MOST_INTERFACES + " interfaces");
            return;
        }
        int number = interfaces.size();
        TraceInterface added = new TraceInterface(type, snap);
        String name = "";
        for (int at = 0; at + 4 <= length; ) {
            int code = unsigned16(options, at);
            int size = unsigned16(options, at + 2);
            if (code == 0 || at + 4 + size > length) {
                break;
            }
            if (code == 2) {
                name = new String(options, at + 4, size, StandardCharsets.UTF_8);
            } else if (code == 9 && size >= 1) {
                added.resolution(options[at + 4]);
            } else if (code == 14 && size >= 8) {
                added.offsetSeconds = littleEndian
                        ? unsigned32(options, at + 4) | (long) int32(options, at + 8) << 32
                        : (long) int32(options, at + 4) << 32 | unsigned32(options, at + 8);
            }
            at += 4 + padded(size);
        }
        interfaces.add(added);
        boolean known = LinkTypes.known(type);
        anyKnown |= known;
        if (!known && notes.size() < 16) {
            notes.add("interface " + number + (name.isEmpty() ? "" : " (" + name + ")") + " has link type " + type
                    + ", which is not known: its packets are left out");
        }
    }

    private boolean packet(boolean old) throws IOException {
        if (!take(20)) {
            return false;
        }
        long number = old ? unsigned16(fixed, 0) : unsigned32(fixed, 0);
        long length = unsigned32(fixed, 12);
        if (number >= interfaces.size()) {
            return damaged(blockStart, "a packet of interface " + number + ", which is not described");
        }
        if (padded(length) > left) {
            return damaged(blockStart, "a packet of " + length + " bytes in a block that has " + left);
        }
        TraceInterface from = interfaces.get((int) number);
        linkType = from.linkType;
        atNanos = from.nanos(unsigned32(fixed, 4) << 32 | unsigned32(fixed, 8));
        lastNanos = atNanos;
        original = (int) Math.min(Integer.MAX_VALUE, Math.max(length, unsigned32(fixed, 16)));
        left -= padded(length);
        if (!readData((int) length) || in.skip(padded(length) - length) < padded(length) - length) {
            return truncated("packet", blockStart);
        }
        return readDirection();
    }

    /* Bits 0 and 1 of the flags: 1 inbound, 2 outbound. */
    private boolean readDirection() throws IOException {
        direction = Direction.UNKNOWN;
        int length = readOptions();
        for (int at = 0; at + 8 <= length; ) {
            int code = unsigned16(options, at);
            int size = unsigned16(options, at + 2);
            if (code == OPTION_FLAGS && size == 4) {
                int way = int32(options, at + 4) & 3;
                direction = way == 1 ? Direction.INBOUND : way == 2 ? Direction.OUTBOUND : Direction.UNKNOWN;
            }
            if (code == 0) {
                break;
            }
            at += 4 + padded(size);
        }
        return length >= 0;
    }

    /* Has no time, so it gets that of the packet before. Always of the first interface. */
    private boolean simplePacket() throws IOException {
        if (!take(4)) {
            return false;
        }
        if (interfaces.isEmpty()) {
            return damaged(blockStart, "a packet of interface 0, which is not described");
        }
        TraceInterface from = interfaces.get(0);
        long onWire = unsigned32(fixed, 0);
        long length = Math.min(from.snapBytes == 0 ? onWire : Math.min(onWire, from.snapBytes), left);
        linkType = from.linkType;
        atNanos = lastNanos;
        direction = Direction.UNKNOWN;
        original = (int) Math.min(Integer.MAX_VALUE, onWire);
        left -= length;
        return readData((int) length) || truncated("packet", blockStart);
    }

    /* The options of the block under way without the long ones; their length, or -1 where the file ends first. */
    private int readOptions() throws IOException {
        int kept = 0;
        while (left >= 4) {
            left -= 4;
            if (in.read(fixed, 0, 4) < 4) {
                truncated("block", blockStart);
                return -1;
            }
            int size = padded(unsigned16(fixed, 2));
            if (unsigned16(fixed, 0) == 0 || size > left) {
                break;
            }
            left -= size;
            boolean keep = size <= MOST_OPTION_BYTES && kept + 4 + size <= options.length;
            if (keep) {
                System.arraycopy(fixed, 0, options, kept, 4);
            }
            if (keep ? in.read(options, kept + 4, size) < size : in.skip(size) < size) {
                truncated("block", blockStart);
                return -1;
            }
            kept += keep ? 4 + size : 0;
        }
        return kept;
    }

    private static long padded(long size) {
        return size + 3 & ~3L;
    }

    private static int padded(int size) {
        return size + 3 & ~3;
    }
}
