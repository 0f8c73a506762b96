package org.outguard.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes capture files in the format of pcap-savefile(5), little-endian, with microseconds. */
final class Capture implements AutoCloseable {

    static final int ETHERNET = 1;

    private static final int SNAP_LENGTH = 96;

    private final OutputStream out;
    private final ByteBuffer record = ByteBuffer.allocate(16 + SNAP_LENGTH).order(ByteOrder.LITTLE_ENDIAN);

    Capture(Path file, int linkType) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0);
        header.putInt(SNAP_LENGTH).putInt(linkType);
        out.write(header.array());
    }

    /** Begins a frame; whoever calls fills it in network order and hands it to {@link #end}. */
    ByteBuffer frame() {
        record.clear().position(16);
        return record.slice().order(ByteOrder.BIG_ENDIAN);
    }

    /** Writes what was filled in as the beginning of a frame of this length. */
    void end(ByteBuffer frame, int originalLength, long atMicros) throws IOException {
        int length = Math.min(frame.position(), originalLength);
        record.putInt(0, (int) (atMicros / 1_000_000));
        record.putInt(4, (int) (atMicros % 1_000_000));
        record.putInt(8, length);
        record.putInt(12, originalLength);
        out.write(record.array(), 0, 16 + length);
    }

    /**
     * Writes a UDP packet to a destination, in version 4 or 6 by the length of the addresses.
     *
     * @param vlan VLAN id, or 0 for none
     */
    void udp(byte[] from, int fromPort, byte[] to, int toPort, int payload, int vlan, long atMicros)
            throws IOException {
        ByteBuffer frame = frame();
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
        if (vlan != 0) {
            frame.putShort((short) 0x8100).putShort((short) vlan);
        }
        int udpLength = 8 + payload;
        int ipLength;
        if (to.length == 4) {
            ipLength = 20 + udpLength;
            frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) ipLength);
            frame.putInt(0x4000)
                    .put((byte) 64)
                    .put((byte) 17)
                    .putShort((short) 0)
                    .put(from)
                    .put(to);
        } else {
            ipLength = 40 + udpLength;
            frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) udpLength);
            frame.put((byte) 17).put((byte) 64).put(from).put(to);
        }
        frame.putShort((short) fromPort)
                .putShort((short) toPort)
                .putShort((short) udpLength)
                .putShort((short) 0);
        frame.put(new byte[Math.min(payload, 18)]);
        end(frame, 14 + (vlan != 0 ? 4 : 0) + ipLength, atMicros);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
