package org.outguard.capture.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Frames that nobody should send, from a seed: random bytes, valid frames cut short, valid frames with flipped bits, of
 * every link type, with lengths and times that may be nonsense.
 */
public final class HostileFrames {

    /**
     * One of them.
     *
     * @param original what is said of its length on the wire
     */
    public record Frame(byte[] data, int original, int linkType, long atNanos) {}

    private static final List<byte[]> VALID = FrameDecoderTest.framesOfEachKind()
            .map(arguments -> (byte[]) arguments.get()[2])
            .toList();
    private static final int[] LINK_TYPES =
            IntStream.range(0, 300).filter(LinkTypes::live).toArray();

    private final Random random;

    public HostileFrames(long seed) {
        random = new Random(seed);
    }

    public Frame next() {
        return next(LINK_TYPES[random.nextInt(LINK_TYPES.length)]);
    }

    public Frame next(int linkType) {
        byte[] data = data();
        int original = random.nextBoolean() ? data.length : random.nextInt();
        return new Frame(data, original, linkType, random.nextLong());
    }

    private byte[] data() {
        int kind = random.nextInt(3);
        if (kind == 0) {
            byte[] noise = new byte[random.nextInt(120)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] frame = VALID.get(random.nextInt(VALID.size())).clone();
        for (int flips = random.nextInt(6); flips > 0; flips--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return Arrays.copyOf(frame, kind == 1 ? frame.length : random.nextInt(frame.length + 1));
    }
}
