package org.outguard.guard.stats;

/**
 * Counts different texts in 2 kB, to about two in a hundred: HyperLogLog (Flajolet and others, 2007) with 2,048
 * registers, and linear counting while few are filled.
 */
public final class DistinctCounter {

    private static final int BITS = 11;
    private static final int REGISTERS = 1 << BITS;
    private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

    /* Made with the first text: most of these stay empty. */
    private byte[] registers = new byte[0];

    /** Adds one; whether that changed the count. */
    public boolean add(String text) {
        make();
        long hash = hash(text);
        int register = (int) (hash >>> 64 - BITS);
        int rank = Long.numberOfLeadingZeros(hash << BITS | 1L << BITS - 1) + 1;
        if (rank > registers[register]) {
            registers[register] = (byte) rank;
            return true;
        }
        return false;
    }

    /** Adds all that another has counted. */
    public void add(DistinctCounter other) {
        make();
        for (int i = 0; i < other.registers.length; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    private void make() {
        if (registers.length == 0) {
            registers = new byte[REGISTERS];
        }
    }

    public long count() {
        if (registers.length == 0) {
            return 0;
        }
        double sum = 0;
        int empty = 0;
        for (byte register : registers) {
            sum += 1.0 / (1L << register);
            empty += register == 0 ? 1 : 0;
        }
        double estimate = ALPHA * REGISTERS * REGISTERS / sum;
        return Math.round(
                estimate <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log((double) REGISTERS / empty) : estimate);
    }

    /* FNV-1a, then the finisher of SplittableRandom, which spreads it over all bits. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return hash ^ hash >>> 31;
    }
}
