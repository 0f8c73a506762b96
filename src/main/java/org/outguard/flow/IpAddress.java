package org.outguard.flow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as two primitive halves, in network order.
 *
 * @param high upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address, zero-extended
 * @param v6 whether this is an IPv6 address
 */
public record IpAddress(long high, long low, boolean v6) implements Comparable<IpAddress> {

    /** The unspecified IPv4 address; stands for "many" where a table had to merge sources. */
    public static final IpAddress ANY_V4 = new IpAddress(0, 0, false);

    /** The IPv4 address with these 32 bits. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, bits & 0xffff_ffffL, false);
    }

    /** The IPv6 address with these halves; an IPv4-mapped one (RFC 4291, 2.5.5.2) becomes IPv4. */
    public static IpAddress v6(long high, long low) {
        if (high == 0 && low >>> 32 == 0xffffL) {
            return v4((int) low);
        }
        return new IpAddress(high, low, true);
    }

    /** The same address as the JDK has it. */
    public static IpAddress of(InetAddress address) {
        return of(address.getAddress());
    }

    /**
     * The address in 4 or 16 bytes of network order.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return v4((int) read(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return v6(read(bytes, 0, 8), read(bytes, 8, 8));
        }
        throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    }

    private static long read(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** Reads a literal address (never a host name, so never DNS); empty where it is none. */
    public static Optional<IpAddress> parse(String text) {
        if (text.isEmpty() || text.length() > 45 || !text.chars().allMatch(IpAddress::literal)) {
            return Optional.empty();
        }
        boolean dotted = text.indexOf(':') < 0;
        if (dotted && !text.matches("(\\d{1,3}\\.){3}\\d{1,3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(InetAddress.getByName(text)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean literal(int c) {
        return c == ':' || c == '.' || Character.digit(c, 16) >= 0 && c < 128;
    }

    /** The address in 4 or 16 bytes of network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[v6 ? 16 : 4];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd >= 8 ? high >>> (fromEnd - 8) * 8 : low >>> fromEnd * 8);
        }
        return bytes;
    }

    /** 127/8 or ::1. */
    public boolean loopback() {
        return v6 ? high == 0 && low == 1 : low >>> 24 == 127;
    }

    /** 0.0.0.0 or ::. */
    public boolean unspecified() {
        return high == 0 && low == 0;
    }

    /* Written out, as of the records below: those that the compiler makes cost some of a replay's time, and of its start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress a && a.low == low && a.high == high && a.v6 == v6;
    }

    @Override
    public int hashCode() {
        return (31 * Long.hashCode(high) + Long.hashCode(low)) * 31 + Boolean.hashCode(v6);
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = Boolean.compare(v6, other.v6);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Dotted quad, or the canonical IPv6 text of RFC 5952. */
    @Override
    public String toString() {
        return v6 ? canonical() : dotted();
    }

    private String dotted() {
        return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }

    private int group(int index) {
        return (int) ((index < 4 ? high >>> (3 - index) * 16 : low >>> (7 - index) * 16) & 0xffff);
    }

    private String canonical() {
        int bestStart = -1;
        int bestLength = 1;
        for (int start = 0; start < 8; start++) {
            int length = 0;
            while (start + length < 8 && group(start + length) == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = start;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (i > 0 && i != bestStart + bestLength) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
