package org.outguard.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.outguard.flow.IpAddress;

/** Makes frames for tests, byte by byte and apart from the code under test. Checksums are left 0. */
public final class Frames {

    public static final int UDP = 17;
    public static final int TCP = 6;
    public static final int SYN = 2;
    public static final int ACK = 16;

    private Frames() {}

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    public static byte[] u16(int value) {
        return bytes(value >> 8, value);
    }

    public static byte[] address(String text) {
        return IpAddress.parse(text).orElseThrow().bytes();
    }

    public static byte[] udp(int from, int to, int payload) {
        return join(u16(from), u16(to), u16(8 + payload), u16(0), new byte[payload]);
    }

    public static byte[] tcp(int from, int to, int flags, int payload) {
        return join(u16(from), u16(to), new byte[8], bytes(5 << 4, flags), new byte[6], new byte[payload]);
    }

    public static byte[] ipv4(String from, String to, int protocol, byte[] payload) {
        return ipv4(from, to, protocol, 0, 0, false, payload);
    }

    /** A fragment, {@code offset} in bytes, a multiple of 8. */
    public static byte[] ipv4(String from, String to, int protocol, int id, int offset, boolean more, byte[] payload) {
        return join(
                bytes(0x45, 0),
                u16(20 + payload.length),
                u16(id),
                u16(offset / 8 | (more ? 0x2000 : 0)),
                bytes(64, protocol, 0, 0),
                address(from),
                address(to),
                payload);
    }

    public static byte[] ipv6(String from, String to, int next, byte[] payload) {
        return join(bytes(0x60, 0, 0, 0), u16(payload.length), bytes(next, 64), six(from), six(to), payload);
    }

    private static byte[] six(String text) {
        byte[] address = address(text);
        return address.length == 16 ? address : join(new byte[10], bytes(255, 255), address);
    }

    /** An extension header of the common form, of eight bytes and {@code more} times eight. */
    public static byte[] extension(int next, int more, byte[] rest) {
        return join(bytes(next, more, 0, 0, 0, 0, 0, 0), new byte[8 * more], rest);
    }

    /** A fragment, {@code offset} in bytes, a multiple of 8. */
    public static byte[] fragment6(int next, int offset, boolean more, int id, byte[] rest) {
        return join(
                bytes(next, 0),
                u16(offset | (more ? 1 : 0)),
                ByteBuffer.allocate(4).putInt(id).array(),
                rest);
    }

    public static byte[] ethernet(int type, byte[] payload) {
        return join(new byte[6], bytes(2, 0, 0, 0, 0, 1), u16(type), payload);
    }

    public static byte[] tag(int vlan, int type, byte[] payload) {
        return join(u16(vlan), u16(type), payload);
    }

    public static byte[] sll(int packetType, int type, byte[] payload) {
        return join(u16(packetType), u16(1), u16(6), new byte[8], u16(type), payload);
    }

    public static byte[] sll2(int packetType, int type, byte[] payload) {
        return join(u16(type), u16(0), new byte[4], u16(1), bytes(packetType, 6), new byte[8], payload);
    }

    public static byte[] pppoe(int session, int protocol, byte[] payload) {
        return join(bytes(0x11, 0), u16(session), u16(payload.length + 2), u16(protocol), payload);
    }
}
