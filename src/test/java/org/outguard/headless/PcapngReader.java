package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads pcapng by its specification, and is strict about it. */
public final class PcapngReader {

    public final List<String> applications = new ArrayList<>();
    public final List<String> interfaces = new ArrayList<>();
    public final List<Packet> packets = new ArrayList<>();

    public record Packet(
            int interfaceIndex, long atNanos, int originalLength, byte[] data, String comment, int flags) {}

    public static PcapngReader read(byte[] bytes) {
        PcapngReader reader = new PcapngReader();
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (file.hasRemaining()) {
            int start = file.position();
            int type = file.getInt();
            int length = file.getInt();
            assertThat(length % 4).isZero();
            ByteBuffer body = file.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(file.getInt(start + length - 4)).as("length at the end").isEqualTo(length);
            reader.block(type, body);
            file.position(start + length);
        }
        return reader;
    }

    private void block(int type, ByteBuffer body) {
        switch (type) {
            case 0x0A0D0D0A -> {
                assertThat(body.getInt()).isEqualTo(0x1A2B3C4D);
                assertThat(body.getShort()).as("major version").isEqualTo((short) 1);
                assertThat(body.getShort()).as("minor version").isZero();
                assertThat(body.getLong()).isEqualTo(-1);
                applications.add(text(options(body).get(4)));
            }
            case 1 -> {
                int linkType = body.getShort() & 0xffff;
                body.position(8);
                Map<Integer, byte[]> options = options(body);
                interfaces.add(text(options.get(2)) + " type " + linkType + " resolution " + options.get(9)[0]);
            }
            case 6 -> {
                int index = body.getInt();
                long at = (body.getInt() & 0xffff_ffffL) << 32 | body.getInt() & 0xffff_ffffL;
                byte[] data = new byte[body.getInt()];
                int original = body.getInt();
                body.get(data);
                body.position(body.position() + (-data.length & 3));
                Map<Integer, byte[]> options = options(body);
                int flags = ByteBuffer.wrap(options.get(2))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
                packets.add(new Packet(index, at, original, data, text(options.get(1)), flags));
            }
            default -> throw new AssertionError("block type " + type);
        }
    }

    private static Map<Integer, byte[]> options(ByteBuffer body) {
        Map<Integer, byte[]> options = new HashMap<>();
        while (true) {
            int code = body.getShort() & 0xffff;
            byte[] value = new byte[body.getShort() & 0xffff];
            if (code == 0) {
                assertThat(body.hasRemaining())
                        .as("bytes after the last option")
                        .isFalse();
                return options;
            }
            body.get(value);
            body.position(body.position() + (-value.length & 3));
            options.put(code, value);
        }
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
