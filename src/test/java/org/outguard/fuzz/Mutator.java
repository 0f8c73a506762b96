package org.outguard.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes inputs out of seeds, each the same for the same seed of chance: bits, bytes, numbers, words and parts change places. */
final class Mutator {

    private static final int LONGEST = 256 * 1024;
    private static final int MOST_CHANGES = 8;
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1e999",
            "-9223372036854775808",
            "9223372036854775807",
            "4294967296",
            "2147483648",
            "65536",
            "99999999999999999999",
            "31556889864403199",
            "0x10",
            "NaN");
    private static final byte[] EDGES = {
        0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '\n', '\r', '\t', ' ', '"', '\\', ':', '='
    };

    private final SplittableRandom random;
    private final List<byte[]> seeds;
    private final List<String> words;

    Mutator(long seed, List<byte[]> seeds, List<String> words) {
        this.random = new SplittableRandom(seed);
        this.seeds = seeds;
        this.words = words;
    }

    byte[] next() {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            input = changed(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] changed(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = at + random.nextInt(Math.min(64, input.length - at) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> flipped(input);
            case 1 -> joined(input, at, new byte[] {EDGES[random.nextInt(EDGES.length)]}, at + 1);
            case 2 -> Arrays.copyOf(input, at);
            case 3 -> joined(input, at, new byte[0], end);
            case 4 -> joined(input, at, repeated(input, at, end), at);
            case 5 -> spliced(input, at);
            case 6 -> joined(input, at, word(), random.nextBoolean() ? at : end);
            case 7 -> withNumber(input, at);
            default -> moved(input, at, end);
        };
    }

    private byte[] flipped(byte[] input) {
        if (input.length > 0) {
            input[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return input;
    }

    private byte[] repeated(byte[] input, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int times = random.nextInt(8) == 0 ? 1 + random.nextInt(500) : 1;
        for (int i = 0; i < times; i++) {
            out.write(input, from, to - from);
        }
        return out.toByteArray();
    }

    private byte[] spliced(byte[] input, int at) {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        return joined(input, at, Arrays.copyOfRange(other, from, other.length), input.length);
    }

    private byte[] word() {
        List<String> from = words.isEmpty() || random.nextInt(4) == 0 ? NUMBERS : words;
        return from.get(random.nextInt(from.size())).getBytes(StandardCharsets.UTF_8);
    }

    /* In place of the digits that come next. */
    private byte[] withNumber(byte[] input, int at) {
        int from = at;
        while (from < input.length && (input[from] < '0' || input[from] > '9')) {
            from++;
        }
        int to = from;
        while (to < input.length && input[to] >= '0' && input[to] <= '9') {
            to++;
        }
        String number = random.nextBoolean()
                ? NUMBERS.get(random.nextInt(NUMBERS.size()))
                : Long.toString(random.nextLong() >> random.nextInt(64));
        return joined(input, from, number.getBytes(StandardCharsets.US_ASCII), to);
    }

    private byte[] moved(byte[] input, int from, int to) {
        byte[] part = Arrays.copyOfRange(input, from, to);
        byte[] rest = joined(input, from, new byte[0], to);
        int at = random.nextInt(rest.length + 1);
        return joined(rest, at, part, at);
    }

    private static byte[] joined(byte[] input, int at, byte[] part, int rest) {
        int behind = Math.min(rest, input.length);
        byte[] whole = new byte[at + part.length + input.length - behind];
        System.arraycopy(input, 0, whole, 0, at);
        System.arraycopy(part, 0, whole, at, part.length);
        System.arraycopy(input, behind, whole, at + part.length, input.length - behind);
        return whole;
    }
}
