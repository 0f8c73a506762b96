package org.outguard.capture.file;

/** An interface of a pcapng section, and how to read its times. */
final class TraceInterface {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** The year 2262: the last whole second that nanoseconds since the epoch can hold. */
    private static final long LAST_SECOND = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

    final int linkType;
    /** 0 for no limit. */
    final long snapBytes;
    /** if_tsoffset. */
    long offsetSeconds;

    private boolean powerOfTwo;
    private int exponent = 6;

    TraceInterface(int linkType, long snapBytes) {
        this.linkType = linkType;
        this.snapBytes = snapBytes;
    }

    /** if_tsresol: the negative power of 2 (with the upper bit) or of 10 that is one unit of time. */
    void resolution(byte value) {
        powerOfTwo = value < 0;
        exponent = value & 0x7f;
    }

    /**
     * Nanoseconds since the epoch. What does not fit becomes the nearest that does: a senseless time must not stop the
     * reading.
     *
     * @param units unsigned
     */
    long nanos(long units) {
        long seconds;
        long fraction;
        if (powerOfTwo) {
            seconds = exponent > 63 ? 0 : units >>> exponent;
            fraction = binaryFraction(units);
        } else {
            // 10^19 is the largest power of ten in 64 bits without a sign.
            long perSecond = 1;
            for (int i = 0; i < Math.min(exponent, 19); i++) {
                perSecond *= 10;
            }
            boolean tooFine = exponent > 19;
            seconds = tooFine ? 0 : Long.divideUnsigned(units, perSecond);
            fraction = tooFine ? 0 : decimalFraction(Long.remainderUnsigned(units, perSecond));
        }
        if (seconds < 0 || seconds > LAST_SECOND) {
            seconds = LAST_SECOND;
        }
        long shift = Math.max(-LAST_SECOND, Math.min(offsetSeconds, LAST_SECOND));
        seconds = Math.max(-LAST_SECOND, Math.min(seconds + shift, LAST_SECOND));
        return seconds * NANOS_PER_SECOND + fraction;
    }

    private long binaryFraction(long units) {
        if (exponent == 0 || exponent > 63) {
            return 0;
        }
        long part = units & (1L << exponent) - 1;
        // 33 bits times 10^9 stay below 2^63.
        int lost = Math.max(0, exponent - 33);
        return (part >>> lost) * NANOS_PER_SECOND >>> exponent - lost;
    }

    private long decimalFraction(long part) {
        for (int i = exponent; i < 9; i++) {
            part *= 10;
        }
        for (int i = 9; i < exponent; i++) {
            part = Long.divideUnsigned(part, 10);
        }
        return part;
    }
}
