package org.outguard.notify;

import java.time.Duration;
import java.util.Set;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;

/**
 * Who is told of what: a table {@code [[notify]]} of the policy.
 *
 * @param name unique, in messages about it
 * @param channel by what
 * @param kinds of offences
 * @param verdict the mildest that is told of
 * @param ended whether the end is told, too
 * @param group what happens within this time of a first event is one message
 * @param atMostPerHour messages; what is beyond is counted in the next one
 */
public record Target(
        String name,
        Channel channel,
        Set<OffenceKind> kinds,
        Verdict verdict,
        boolean ended,
        Duration group,
        int atMostPerHour) {

    public static final Duration GROUP = Duration.ofSeconds(1);
    public static final int AT_MOST_PER_HOUR = 60;

    public Target {
        kinds = Set.copyOf(kinds);
    }

    boolean wants(Event event) {
        if (event.what() == Event.What.TEST) {
            return true;
        }
        boolean ends = event.what() == Event.What.ENDED;
        return kinds.contains(event.kind()) && (ends ? ended : event.verdict().compareTo(verdict) >= 0);
    }
}
