package org.outguard.app.host;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Ids that are short enough to type and do not come twice: a random part for the run, then a count.
 */
public final class Ids implements Supplier<String> {

    private static final int RUNS = 36 * 36 * 36 * 36;

    private final String prefix;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * Ids for one run.
     *
     * @param letter what they name: {@code "o"} or {@code "a"}
     */
    public Ids(String letter, SecureRandom random) {
        String run = Integer.toString(RUNS + random.nextInt(RUNS), 36).substring(1);
        this.prefix = letter + "-" + run;
    }

    @Override
    public String get() {
        return prefix + "-" + Integer.toString(next.incrementAndGet(), 36);
    }
}
