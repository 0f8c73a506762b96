package org.outguard.notify;

import java.time.Instant;
import java.util.List;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;

/**
 * Something to be told. Text from outside is in it; {@link Message} cleans it.
 *
 * @param what what happened
 * @param id of the offender
 * @param at when
 * @param kind of the offence
 * @param verdict now; at the end the worst that there was
 * @param reason why, a sentence
 * @param user who sends, empty where nobody is known
 * @param program what sends, empty where nobody is known
 * @param script that it runs, empty where unknown
 * @param pid of the process, 0 where unknown
 * @param remotes busiest destinations, a few
 * @param remoteCount how many there are
 * @param packets since it was first seen
 * @param packetsPerSecond now
 * @param firstSeen of its first packet
 */
public record Event(
        What what,
        String id,
        Instant at,
        OffenceKind kind,
        Verdict verdict,
        String reason,
        String user,
        String program,
        String script,
        int pid,
        List<String> remotes,
        int remoteCount,
        long packets,
        double packetsPerSecond,
        Instant firstSeen) {

    public Event {
        remotes = List.copyOf(remotes);
    }

    /** What happened. */
    public enum What {
        BEGUN,
        /** A suspect became an offender. */
        WORSE,
        ENDED,
        TEST
    }

    /** One that shows that somebody is reached. */
    public static Event test(Instant at) {
        return new Event(
                What.TEST,
                "o-test",
                at,
                OffenceKind.UDP_FLOOD,
                Verdict.OFFENDING,
                "this is a test: nothing has happened",
                "nobody",
                "/usr/bin/outguard",
                "",
                0,
                List.of("udp 192.0.2.1:9"),
                1,
                0,
                0,
                at);
    }

    Event ended(Instant when) {
        return as(What.ENDED, when, 0);
    }

    Event begun() {
        return as(What.BEGUN, at, packetsPerSecond);
    }

    private Event as(What other, Instant when, double rate) {
        return new Event(
                other,
                id,
                when,
                kind,
                verdict,
                reason,
                user,
                program,
                script,
                pid,
                remotes,
                remoteCount,
                packets,
                rate,
                firstSeen);
    }
}
