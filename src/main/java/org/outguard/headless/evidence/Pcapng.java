package org.outguard.headless.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.outguard.guard.port.EvidenceStore;

/** Writes blocks of pcapng (draft-ietf-opsawg-pcapng), little-endian, with times in nanoseconds. */
final class Pcapng {

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;

    private static final int OPT_COMMENT = 1;
    private static final int SHB_HARDWARE = 2;
    private static final int SHB_OS = 3;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final int EPB_FLAGS = 2;

    /* epb_flags, bits 0 and 1: 2 is outbound. */
    private static final int OUTBOUND = 2;
    private static final int MAX_OPTION_BYTES = 0xFFFF;

    private final OutputStream out;
    private final Map<Interface, Integer> interfaces = new HashMap<>();

    private record Interface(String name, int linkType) {}

    Pcapng(OutputStream out) {
        this.out = out;
    }

    void header() throws IOException {
        Block block = new Block();
        block.u32(BYTE_ORDER_MAGIC).u16(1).u16(0).u64(-1);
        block.option(SHB_HARDWARE, utf8(System.getProperty("os.arch", "")));
        block.option(SHB_OS, utf8(System.getProperty("os.name", "") + " " + System.getProperty("os.version", "")));
        block.option(SHB_USERAPPL, utf8("Outguard"));
        block.endOptions().write(SECTION_HEADER);
    }

    /**
     * A packet, after its interface where that is new.
     *
     * @param name the interface's, cleaned
     * @param comment cleaned; none where it is empty
     */
    void packet(EvidenceStore.Packet packet, String name, String comment) throws IOException {
        Interface source = new Interface(name, packet.linkType());
        Integer known = interfaces.get(source);
        int index = known == null ? interfaces.size() : known;
        if (known == null) {
            interfaces.put(source, index);
            Block block = new Block();
            block.u16(packet.linkType()).u16(0).u32(0);
            block.option(IF_NAME, utf8(name)).option(IF_TSRESOL, new byte[] {9});
            block.endOptions().write(INTERFACE_DESCRIPTION);
        }
        byte[] data = packet.data();
        Block block = new Block();
        block.u32(index).u32((int) (packet.atNanos() >>> 32)).u32((int) packet.atNanos());
        block.u32(data.length)
                .u32(Math.max(data.length, packet.originalLength()))
                .padded(data);
        if (!comment.isEmpty()) {
            block.option(OPT_COMMENT, utf8(comment));
        }
        block.option(EPB_FLAGS, new byte[] {OUTBOUND, 0, 0, 0});
        block.endOptions().write(ENHANCED_PACKET);
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_OPTION_BYTES ? bytes : Arrays.copyOf(bytes, MAX_OPTION_BYTES);
    }

    /** The body of one block; its length stands at both ends. */
    private final class Block {
        private ByteBuffer body = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

        private ByteBuffer room(int bytes) {
            if (body.remaining() < bytes) {
                int size = Math.max(2 * body.capacity(), body.position() + bytes);
                body = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(body.flip());
            }
            return body;
        }

        Block u16(int value) {
            room(2).putShort((short) value);
            return this;
        }

        Block u32(int value) {
            room(4).putInt(value);
            return this;
        }

        Block u64(long value) {
            room(8).putLong(value);
            return this;
        }

        Block padded(byte[] bytes) {
            int padding = -bytes.length & 3;
            room(bytes.length + padding).put(bytes).put(new byte[padding]);
            return this;
        }

        Block option(int code, byte[] value) {
            return u16(code).u16(value.length).padded(value);
        }

        Block endOptions() {
            return u32(0);
        }

        void write(int type) throws IOException {
            int total = body.position() + 12;
            ByteBuffer whole = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
            whole.putInt(type).putInt(total).put(body.flip()).putInt(total);
            out.write(whole.array());
        }
    }
}
