package org.outguard.app.screen;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.flow.IpAddress;

/** Writes a small file in the MaxMind DB format 2.0: a tree of 24-bit records over IPv4, and a map for each network. */
final class MaxMindFile {

    private static final int EMPTY = -1;

    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** A network of that many leading bits. */
    MaxMindFile with(String address, int bits, Map<String, Object> value) {
        byte[] bytes = IpAddress.parse(address).orElseThrow().bytes();
        int node = 0;
        for (int i = 0; i < bits; i++) {
            int bit = bytes[i / 8] >> (7 - i % 8) & 1;
            if (i == bits - 1) {
                nodes.get(node)[bit] = -2 - data.size();
            } else if (nodes.get(node)[bit] == EMPTY) {
                nodes.add(new int[] {EMPTY, EMPTY});
                nodes.get(node)[bit] = nodes.size() - 1;
                node = nodes.size() - 1;
            } else {
                node = nodes.get(node)[bit];
            }
        }
        put(data, value);
        return this;
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int value = record == EMPTY ? nodes.size() : record < EMPTY ? nodes.size() + 16 - 2 - record : record;
                out.write(value >> 16);
                out.write(value >> 8);
                out.write(value);
            }
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("node_count", nodes.size());
        about.put("record_size", (short) 24);
        about.put("ip_version", (short) 4);
        about.put("database_type", "Test");
        about.put("languages", List.of("en"));
        about.put("binary_format_major_version", (short) 2);
        about.put("binary_format_minor_version", (short) 0);
        about.put("build_epoch", 1_764_000_000L);
        about.put("description", Map.of("en", "made by a test"));
        put(out, about);
        Files.write(file, out.toByteArray());
    }

    /* Types of the format: 2 text, 5 and 6 numbers of 16 and 32 bits, 7 a map, 9 a number of 64 bits, 11 a list. */
    private static void put(ByteArrayOutputStream out, Object value) {
        if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // From 29 on, the rest of the length is in a byte of its own.
            out.write(2 << 5 | Math.min(bytes.length, 29));
            if (bytes.length >= 29) {
                out.write(bytes.length - 29);
            }
            out.writeBytes(bytes);
        } else if (value instanceof Integer number) {
            out.write(6 << 5 | 4);
            bytes(out, number, 4);
        } else if (value instanceof Short number) {
            out.write(5 << 5 | 2);
            bytes(out, number, 2);
        } else if (value instanceof Long number) {
            out.write(8);
            out.write(9 - 7);
            bytes(out, number, 8);
        } else if (value instanceof List<?> list) {
            out.write(list.size());
            out.write(11 - 7);
            list.forEach(each -> put(out, each));
        } else {
            Map<?, ?> map = (Map<?, ?>) value;
            out.write(7 << 5 | map.size());
            map.forEach((name, each) -> {
                put(out, name);
                put(out, each);
            });
        }
    }

    private static void bytes(ByteArrayOutputStream out, long number, int count) {
        for (int i = count - 1; i >= 0; i--) {
            out.write((int) (number >> 8 * i));
        }
    }
}
