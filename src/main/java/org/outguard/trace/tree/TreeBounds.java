package org.outguard.trace.tree;

import java.time.Duration;

/**
 * How much may be looked at.
 *
 * @param entries names, folders among them
 * @param time for the whole walk
 * @param waiting folders that are known and not yet looked into, at most
 * @param depth levels of folders
 */
public record TreeBounds(long entries, Duration time, int waiting, int depth) {

    /** For a whole machine: two million names, two minutes. */
    public static final TreeBounds USUAL = new TreeBounds(2_000_000, Duration.ofMinutes(2), 200_000, 128);
}
