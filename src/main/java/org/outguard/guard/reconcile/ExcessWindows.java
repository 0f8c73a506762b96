package org.outguard.guard.reconcile;

/**
 * The excess of one destination in windows that follow one another. What is too much in one and missing in the window before
 * or behind it was put into the wrong one: an eye that is held up tells of seconds at once, and spreads them evenly.
 */
final class ExcessWindows {

    private static final Excess NONE = new Excess(0, 0, 0, 0, 0);

    private long before;
    private Excess last = NONE;

    /** Takes in the next window; the excess of the one before it, as far as neither of its neighbours lacks it. */
    Excess next(Excess now) {
        Excess settled = last.atMost(last.packets() + Math.min(0, Math.min(before, now.packets())));
        before = last.packets();
        last = now;
        return settled;
    }
}
