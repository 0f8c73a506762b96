package org.outguard.guard.traffic;

/** How many destinations all talkers list together, which is bounded. */
final class RemoteBudget {

    /** Most destinations over all talkers. */
    static final int MAX_REMOTES = 131_072;

    private int listed;

    boolean hasRoom() {
        return listed < MAX_REMOTES;
    }

    void add(int count) {
        listed += count;
    }

    void release(int count) {
        listed -= count;
    }
}
