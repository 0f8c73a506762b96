package org.outguard.guard.stats;

import java.util.Arrays;

/**
 * How many different destinations were met within the hour, and how many of them for the first time within the last minute.
 *
 * <p>The first {@value #EXACT} are kept exactly. More are counted by HyperLogLog with {@value #REGISTERS} registers for each ten
 * minutes (Flajolet and others, 2007), to about five in a hundred; first meetings by the HIP estimator on the union of these
 * (Cohen, "All-Distances Sketches, Revisited", 2014; Ting, "Streamed Approximate Counting of Distinct Elements", 2014): whenever
 * a register rises, one over the chance that it would. Who meets the same destinations again and again, as monitoring does,
 * has no first meetings in either way. Takes {@value #MOST_BYTES} bytes at most.
 */
public final class Reach {

    /** Destinations that are kept exactly. */
    public static final int EXACT = 256;

    /** Of the tables below, with their headers. */
    public static final int MOST_BYTES = 6_600;

    private static final int LEAST_SLOTS = 16;
    private static final int REGISTER_BITS = 9;
    private static final int REGISTERS = 1 << REGISTER_BITS;
    /* 2 to minus each rank that there may be. */
    private static final double[] CHANCES = new double[Long.SIZE + 2];

    static {
        for (int rank = 0; rank < CHANCES.length; rank++) {
            CHANCES[rank] = Math.scalb(1.0, -rank);
        }
    }

    private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
    private static final int PARTS = 6;
    private static final long PART_NANOS = 600 * Nanos.PER_SECOND;
    private static final long STEP_NANOS = 5 * Nanos.PER_SECOND;
    private static final int STEPS = 12;
    private static final int HOUR_STEPS = 720;

    /* Exact: open addressing; 0 is a free slot. The step of the last meeting, relative to that of the first of all. */
    private long[] keys = new long[0];
    private short[] last = new short[0];
    private int used;
    private long zeroStep = Long.MIN_VALUE;

    /* Beyond: registers of the parts of the hour, one behind the other. */
    private byte[] registers = new byte[0];
    private final long[] partOf = new long[PARTS];
    /** Sum over the union's registers of 2 to minus their value: {@link #REGISTERS} times the chance that one rises. */
    private double powers;

    /** The estimate of a part's hour, while no register has changed since. */
    private long estimated;

    private long estimatedOf = Long.MIN_VALUE;

    /* First meetings by step. */
    private final float[] first = new float[STEPS + 1];
    private long newestStep = Long.MIN_VALUE;

    /**
     * Takes note of a destination.
     *
     * @param hash of it, well spread
     * @return whether it may be a new one
     */
    public boolean add(long hash, long atNanos) {
        long key = hash == 0 ? 1 : hash;
        long step = Math.floorDiv(atNanos, STEP_NANOS);
        advance(step);
        double more = registers.length > 0 ? addToSketch(key, atNanos) : addExactly(key, step, atNanos);
        if (more > 0 && step > newestStep - first.length) {
            first[(int) Math.floorMod(step, (long) first.length)] += (float) more;
        }
        return more > 0;
    }

    /** Takes a destination out again that turned out to be another's; a sketch cannot forget. */
    public void remove(long hash, long firstNanos) {
        long key = hash == 0 ? 1 : hash;
        if (registers.length > 0 || keys.length == 0) {
            return;
        }
        int slot = slotOf(key);
        if (keys[slot] != key) {
            return;
        }
        // What stands behind it moves up, so that it is still found.
        int hole = slot;
        for (int at = slot + 1 & keys.length - 1; keys[at] != 0; at = at + 1 & keys.length - 1) {
            int home = home(keys[at]);
            if ((at - home & keys.length - 1) >= (at - hole & keys.length - 1)) {
                keys[hole] = keys[at];
                last[hole] = last[at];
                hole = at;
            }
        }
        keys[hole] = 0;
        used--;
        long step = Math.floorDiv(firstNanos, STEP_NANOS);
        int place = (int) Math.floorMod(step, (long) first.length);
        if (step > newestStep - first.length && step <= newestStep) {
            first[place] = Math.max(0, first[place] - 1);
        }
    }

    /** Whether that one was met within the hour; never of what is only counted. */
    public boolean knows(long hash) {
        long key = hash == 0 ? 1 : hash;
        return keys.length > 0 && keys[slotOf(key)] == key;
    }

    /** Whether destinations are only counted. */
    public boolean isSketch() {
        return registers.length > 0;
    }

    /** First meetings of the last minute. */
    public long freshOfMinute(long nowNanos) {
        long now = Math.floorDiv(nowNanos, STEP_NANOS);
        float sum = 0;
        for (long step = now - STEPS + 1; step <= now; step++) {
            if (step <= newestStep && step > newestStep - first.length) {
                sum += first[(int) Math.floorMod(step, (long) first.length)];
            }
        }
        return Math.round(sum);
    }

    /** Different ones within the hour. */
    public long ofHour(long nowNanos) {
        if (registers.length > 0) {
            return estimate(Math.floorDiv(nowNanos, PART_NANOS));
        }
        long now = Math.floorDiv(nowNanos, STEP_NANOS);
        // Only what is old has to be looked for.
        return zeroStep > now - HOUR_STEPS ? used : young(now);
    }

    /** Adds what another has met. */
    public void addAll(Reach other, long nowNanos) {
        if (other.registers.length == 0) {
            for (int slot = 0; slot < other.keys.length; slot++) {
                if (other.keys[slot] != 0) {
                    add(other.keys[slot], (other.zeroStep + (other.last[slot] & 0xffff)) * STEP_NANOS);
                }
            }
            return;
        }
        if (registers.length == 0) {
            toSketch(nowNanos);
        }
        for (int part = 0; part < PARTS; part++) {
            if (other.partOf[part] > partOf[part]) {
                Arrays.fill(registers, part * REGISTERS, (part + 1) * REGISTERS, (byte) 0);
                partOf[part] = other.partOf[part];
            }
            if (other.partOf[part] == partOf[part]) {
                for (int at = part * REGISTERS; at < (part + 1) * REGISTERS; at++) {
                    registers[at] = (byte) Math.max(registers[at], other.registers[at]);
                }
            }
        }
        sumUp(Math.floorDiv(nowNanos, PART_NANOS));
        advance(other.newestStep);
        for (int back = 0; back < STEPS; back++) {
            long step = other.newestStep - back;
            if (step > newestStep - first.length) {
                first[(int) Math.floorMod(step, (long) first.length)] +=
                        other.first[(int) Math.floorMod(step, (long) first.length)];
            }
        }
    }

    /** What its tables take, in bytes. */
    public int bytes() {
        return keys.length * (Long.BYTES + Short.BYTES) + registers.length + 200;
    }

    private double addExactly(long key, long step, long atNanos) {
        if (zeroStep == Long.MIN_VALUE) {
            zeroStep = step;
        }
        if (step - zeroStep >= 0xffff) {
            // Two days and more: the old ones are over, and the rest is counted anew.
            keep(step);
        }
        short at = (short) Math.max(0, step - zeroStep);
        if (keys.length == 0) {
            keys = new long[LEAST_SLOTS];
            last = new short[LEAST_SLOTS];
        }
        int slot = slotOf(key);
        if (keys[slot] == key) {
            boolean old = (at & 0xffff) - (last[slot] & 0xffff) >= HOUR_STEPS;
            last[slot] = (short) Math.max(last[slot] & 0xffff, at & 0xffff);
            return old ? 1 : 0;
        }
        if (used >= keys.length / 2) {
            keep(step);
            if (registers.length > 0) {
                return addToSketch(key, atNanos);
            }
            slot = slotOf(key);
            at = (short) Math.max(0, step - zeroStep);
        }
        keys[slot] = key;
        last[slot] = at;
        used++;
        return 1;
    }

    /* Drops what is older than an hour; takes more room, or begins the sketch, where that is not enough. */
    private void keep(long step) {
        int young = young(step);
        if (young >= EXACT) {
            toSketch(step * STEP_NANOS);
            return;
        }
        long[] oldKeys = keys;
        short[] oldLast = last;
        long oldZero = zeroStep;
        int slots = LEAST_SLOTS;
        while (slots < 2 * (young + 1) + young / 2) {
            slots *= 2;
        }
        slots = Math.min(slots, 2 * EXACT);
        keys = new long[slots];
        last = new short[slots];
        used = 0;
        zeroStep = Math.max(oldZero, step - HOUR_STEPS + 1);
        for (int slot = 0; slot < oldKeys.length; slot++) {
            long met = oldZero + (oldLast[slot] & 0xffff);
            if (oldKeys[slot] != 0 && met > step - HOUR_STEPS) {
                int to = slotOf(oldKeys[slot]);
                keys[to] = oldKeys[slot];
                last[to] = (short) (met - zeroStep);
                used++;
            }
        }
    }

    private int young(long step) {
        int young = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != 0 && zeroStep + (last[slot] & 0xffff) > step - HOUR_STEPS) {
                young++;
            }
        }
        return young;
    }

    private void toSketch(long nowNanos) {
        registers = new byte[PARTS * REGISTERS];
        Arrays.fill(partOf, Long.MIN_VALUE);
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != 0) {
                put(keys[slot], Math.floorDiv((zeroStep + (last[slot] & 0xffff)) * STEP_NANOS, PART_NANOS));
            }
        }
        keys = new long[0];
        last = new short[0];
        used = 0;
        sumUp(Math.floorDiv(nowNanos, PART_NANOS));
    }

    private double addToSketch(long key, long atNanos) {
        long part = Math.floorDiv(atNanos, PART_NANOS);
        int slot = (int) Math.floorMod(part, (long) PARTS);
        if (partOf[slot] > part) {
            return 0;
        }
        if (partOf[slot] < part) {
            Arrays.fill(registers, slot * REGISTERS, (slot + 1) * REGISTERS, (byte) 0);
            partOf[slot] = part;
            sumUp(part);
        }
        int register = register(key);
        int before = union(register, part);
        put(key, part);
        int now = rank(key);
        if (now <= before) {
            return 0;
        }
        double chance = powers / REGISTERS;
        powers += CHANCES[now] - CHANCES[before];
        return 1 / chance;
    }

    private void put(long key, long part) {
        int slot = (int) Math.floorMod(part, (long) PARTS);
        partOf[slot] = Math.max(partOf[slot], part);
        int at = slot * REGISTERS + register(key);
        int rank = rank(key);
        if (registers[at] < rank) {
            registers[at] = (byte) rank;
            estimatedOf = Long.MIN_VALUE;
        }
    }

    private static int register(long key) {
        return (int) (key >>> 64 - REGISTER_BITS);
    }

    private static int rank(long key) {
        return Long.numberOfLeadingZeros(key << REGISTER_BITS | 1L << REGISTER_BITS - 1) + 1;
    }

    private int union(int register, long part) {
        int most = 0;
        for (int slot = 0; slot < PARTS; slot++) {
            if (partOf[slot] > part - PARTS) {
                most = Math.max(most, registers[slot * REGISTERS + register]);
            }
        }
        return most;
    }

    private void sumUp(long part) {
        estimatedOf = Long.MIN_VALUE;
        powers = 0;
        for (int register = 0; register < REGISTERS; register++) {
            powers += CHANCES[union(register, part)];
        }
    }

    private long estimate(long part) {
        if (part != estimatedOf) {
            estimated = newEstimate(part);
            estimatedOf = part;
        }
        return estimated;
    }

    private long newEstimate(long part) {
        double sum = 0;
        int empty = 0;
        for (int register = 0; register < REGISTERS; register++) {
            int rank = union(register, part);
            sum += CHANCES[rank];
            empty += rank == 0 ? 1 : 0;
        }
        double estimate = ALPHA * REGISTERS * REGISTERS / sum;
        boolean few = estimate <= 2.5 * REGISTERS && empty > 0;
        return Math.round(few ? REGISTERS * Math.log((double) REGISTERS / empty) : estimate);
    }

    private void advance(long step) {
        if (newestStep == Long.MIN_VALUE || step - newestStep >= first.length) {
            Arrays.fill(first, 0);
            newestStep = step;
            return;
        }
        while (newestStep < step) {
            newestStep++;
            first[(int) Math.floorMod(newestStep, (long) first.length)] = 0;
        }
    }

    private int home(long key) {
        return (int) key & keys.length - 1;
    }

    private int slotOf(long key) {
        int slot = home(key);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }
}
