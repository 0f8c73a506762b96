package org.outguard.guard.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Attribution;

/** Port: keeps all that left, whether it offends or not. Called on the guard's thread, so it must not wait. */
public interface TrafficRecorder {

    /** Takes what was charged since the last call; called only where something was. */
    void record(Batch batch);

    /**
     * What was charged between two ticks.
     *
     * @param at time of the tick
     * @param counts one for each owner and destination; their sum is what left
     */
    record Batch(Instant at, List<Count> counts) {
        public Batch {
            counts = List.copyOf(counts);
        }
    }

    /**
     * Packets of one owner to one destination. Negative where an earlier count turned out to be another's, which then has it
     * in a count of its own: sums are exact, a single count may be below zero.
     *
     * @param attribution who sent it, as known now
     * @param submitter whose mail it is, where the sender is a mail system and the submitter is known
     * @param protocol transport protocol
     * @param remote destination; empty where it was not seen, or there was no room to list it
     * @param packets IP packets
     * @param bytes their length, IP headers included
     * @param connects TCP connection attempts
     * @param kind what its talker would be if it were abuse
     * @param verdict on its talker at this tick
     */
    record Count(
            Attribution attribution,
            Optional<MailOrigin> submitter,
            Protocol protocol,
            Optional<Endpoint> remote,
            long packets,
            long bytes,
            long connects,
            OffenceKind kind,
            Verdict verdict) {}
}
