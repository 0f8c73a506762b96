package org.outguard.tui.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.outguard.guard.port.EvidenceStore.Packet;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Line;

/** Packets in hexadecimal and ASCII, from the IP header on, as tcpdump -X has them. */
public final class PacketDump {

    /** Label of lines that are as wide as they are: two digits of offset, sixteen bytes and their characters. */
    public static final String LABEL = "hex";

    private static final int IN_LINE = 16;
    private static final int LINES = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private PacketDump() {}

    static List<Line> lines(List<Packet> packets, LocalTimes times) {
        List<Line> lines = new ArrayList<>();
        if (packets.isEmpty()) {
            lines.add(new Line(
                    "packets",
                    "none is kept: the capture has seen none of this sender's packets lately",
                    TextRole.TEXT));
            return lines;
        }
        lines.add(new Line("packets", summary(packets), TextRole.STRONG));
        for (Packet packet : packets) {
            Instant at = Instant.ofEpochSecond(0, packet.atNanos());
            lines.add(new Line(
                    LABEL,
                    times.clock(at) + millis(at) + " " + SafeText.clean(packet.source()) + ", "
                            + packet.originalLength() + " bytes"
                            + (packet.data().length < packet.originalLength()
                                    ? ", the first " + packet.data().length + " kept"
                                    : ""),
                    TextRole.DIM));
            hex(lines, packet);
        }
        return lines;
    }

    private static String millis(Instant at) {
        String thousands = Long.toString(Math.floorMod(at.toEpochMilli(), 1_000L) + 1_000);
        return "." + thousands.substring(1);
    }

    private static String summary(List<Packet> packets) {
        Map<String, Integer> payloads = new HashMap<>();
        int longest = 0;
        for (Packet packet : packets) {
            byte[] payload = payload(packet);
            longest = Math.max(longest, payload.length);
            payloads.merge(Arrays.toString(payload), 1, Integer::sum);
        }
        int most = payloads.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return Numbers.count(packets.size()) + " newest kept, payload up to " + longest + " bytes, same payload "
                + most * 100 / packets.size() + " %";
    }

    private static void hex(List<Line> lines, Packet packet) {
        byte[] data = packet.data();
        int begin = Math.min(data.length, ip(packet));
        int end = Math.min(data.length, begin + IN_LINE * LINES);
        for (int at = begin; at < end; at += IN_LINE) {
            StringBuilder hex = new StringBuilder();
            StringBuilder ascii = new StringBuilder();
            for (int i = at; i < at + IN_LINE; i++) {
                if (i >= end) {
                    hex.append("   ");
                    continue;
                }
                int value = data[i] & 0xff;
                hex.append(Character.forDigit(value >> 4, 16))
                        .append(Character.forDigit(value & 15, 16))
                        .append(' ');
                ascii.append(value >= ' ' && value < 0x7f ? (char) value : '.');
            }
            int offset = at - begin;
            String place = "" + Character.forDigit(offset >> 4, 16) + Character.forDigit(offset & 15, 16);
            lines.add(new Line(LABEL, "  " + place + "  " + hex + " " + ascii, TextRole.TEXT));
        }
    }

    /* Where the IP header begins (tcpdump.org/linktypes.html). */
    private static int ip(Packet packet) {
        byte[] data = packet.data();
        return switch (packet.linkType()) {
            case 1 -> {
                int at = 12;
                while (at + 1 < data.length && (word(data, at) == 0x8100 || word(data, at) == 0x88a8)) {
                    at += 4;
                }
                yield at + 2;
            }
            case 113 -> 16;
            case 276 -> 20;
            case 0 -> 4;
            default -> 0;
        };
    }

    private static int word(byte[] data, int at) {
        return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    }

    /** What the transport header carries, as far as it was kept. */
    static byte[] payload(Packet packet) {
        byte[] data = packet.data();
        int ip = ip(packet);
        if (ip >= data.length) {
            return new byte[0];
        }
        int version = data[ip] >> 4 & 15;
        int transport = ip + (version == 6 ? 40 : (data[ip] & 15) * 4);
        int field = ip + (version == 6 ? 6 : 9);
        int protocol = field < data.length ? data[field] : 0;
        int from = transport;
        if (protocol == UDP) {
            from += 8;
        } else if (protocol == TCP && transport + 12 < data.length) {
            from += (data[transport + 12] >> 4 & 15) * 4;
        }
        return from >= data.length ? new byte[0] : Arrays.copyOfRange(data, from, data.length);
    }
}
