package org.outguard.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes capture files for tests, in either byte order. */
@SuppressWarnings("ByteBufferBackingArray")
public // all are made by allocate
final class CaptureFiles {

    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public CaptureFiles(ByteOrder order) {
        this.order = order;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    private ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(order);
    }

    private void add(ByteBuffer buffer) {
        out.writeBytes(buffer.array());
    }

    public CaptureFiles pcap(int magic, int linkType) {
        add(buffer(24)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(linkType));
        return this;
    }

    /** A packet, {@code fraction} of its second in the unit that the file's magic says. */
    public CaptureFiles record(long seconds, int fraction, byte[] frame) {
        add(buffer(16)
                .putInt((int) seconds)
                .putInt(fraction)
                .putInt(frame.length)
                .putInt(frame.length));
        out.writeBytes(frame);
        return this;
    }

    public CaptureFiles modifiedRecord(long seconds, int micros, byte[] frame) {
        add(buffer(24)
                .putInt((int) seconds)
                .putInt(micros)
                .putInt(frame.length)
                .putInt(frame.length)
                .putLong(0));
        out.writeBytes(frame);
        return this;
    }

    public CaptureFiles block(int type, byte[]... parts) {
        byte[] body = Frames.join(parts);
        int length = 12 + (body.length + 3 & ~3);
        add(buffer(length).putInt(type).putInt(length).put(body).putInt(length - 4, length));
        return this;
    }

    public CaptureFiles section() {
        return block(
                0x0a0d0d0a,
                buffer(16).putInt(0x1a2b3c4d).putShort((short) 1).putLong(8, -1).array());
    }

    public CaptureFiles interfaceOf(int linkType, byte[]... options) {
        return block(1, buffer(8).putShort((short) linkType).putInt(4, 0).array(), Frames.join(options));
    }

    public CaptureFiles enhanced(int number, long units, byte[] frame, byte[]... options) {
        ByteBuffer head = buffer(20)
                .putInt(number)
                .putInt((int) (units >>> 32))
                .putInt((int) units)
                .putInt(frame.length)
                .putInt(frame.length);
        return block(6, head.array(), padded(frame), Frames.join(options));
    }

    public CaptureFiles oldPacket(int number, long units, byte[] frame, byte[]... options) {
        ByteBuffer head = buffer(20)
                .putShort((short) number)
                .putShort((short) 0)
                .putInt((int) (units >>> 32))
                .putInt((int) units)
                .putInt(frame.length)
                .putInt(frame.length);
        return block(2, head.array(), padded(frame), Frames.join(options));
    }

    public CaptureFiles simple(byte[] frame) {
        return block(3, buffer(4).putInt(frame.length).array(), frame);
    }

    public byte[] option(int code, byte[] value) {
        return Frames.join(
                buffer(4).putShort((short) code).putShort((short) value.length).array(), padded(value));
    }

    public byte[] flags(int value) {
        return option(2, buffer(4).putInt(value).array());
    }

    public byte[] resolution(int value) {
        return option(9, new byte[] {(byte) value});
    }

    public byte[] offset(long seconds) {
        return option(14, buffer(8).putLong(seconds).array());
    }

    public byte[] name(String name) {
        return option(2, name.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] padded(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length + 3 & ~3);
    }
}
