package org.outguard.trace.php;

import java.util.List;

/**
 * How much a file looks like what intruders write.
 *
 * @param points 0 and up, see {@link #MALICIOUS} and {@link #SUSPICIOUS}
 * @param reasons each with its line, the heaviest first
 * @param hasCode whether it calls anything at all
 */
public record PhpScore(int points, List<String> reasons, boolean hasCode) {

    /** From here on it does what no honest program does. */
    public static final int MALICIOUS = 60;

    /** From here on a person should look at it. */
    public static final int SUSPICIOUS = 30;

    public PhpScore {
        reasons = List.copyOf(reasons);
    }

    /** Whether it does what no honest program does. */
    public boolean malicious() {
        return points >= MALICIOUS;
    }

    /** Whether a person should look at it. */
    public boolean suspicious() {
        return points >= SUSPICIOUS;
    }
}
