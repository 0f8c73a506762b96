package org.outguard.maillog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What can happen to the lines of a log on their way. */
enum Mutations {
    DROP,
    DOUBLE,
    CUT,
    SWAP,
    MIX,
    ALL;

    private static final double MOST = 0.3;
    private static final int FARTHEST_SWAP = 20;

    /** Other lines, of which up to {@value #MOST} have something happen to them. */
    List<byte[]> of(List<byte[]> lines, Random random) {
        if (this == ALL) {
            List<byte[]> all = lines;
            for (Mutations one : values()) {
                all = one == ALL ? all : one.of(all, random);
            }
            return all;
        }
        List<byte[]> mutated = new ArrayList<>(lines.size());
        double share = random.nextDouble() * MOST;
        for (byte[] line : lines) {
            if (random.nextDouble() >= share || line.length == 0) {
                mutated.add(line);
            } else {
                happens(line, lines, mutated, random);
            }
        }
        return mutated;
    }

    private void happens(byte[] line, List<byte[]> lines, List<byte[]> mutated, Random random) {
        switch (this) {
            case DROP -> {}
            case DOUBLE -> {
                mutated.add(line);
                mutated.add(random.nextInt(mutated.size()), line);
            }
            case CUT -> mutated.add(Arrays.copyOf(line, random.nextInt(line.length)));
            case SWAP -> mutated.add(Math.max(0, mutated.size() - random.nextInt(FARTHEST_SWAP)), line);
            case MIX -> {
                byte[] other = lines.get(random.nextInt(lines.size()));
                byte[] head = Arrays.copyOf(line, random.nextInt(line.length));
                byte[] both = Arrays.copyOf(head, head.length + other.length);
                System.arraycopy(other, 0, both, head.length, other.length);
                mutated.add(both);
            }
            case ALL -> throw new IllegalStateException();
        }
    }
}
