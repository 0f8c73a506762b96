package org.outguard.history;

import java.time.Instant;
import org.outguard.guard.policy.Verdict;

/**
 * What one owner sent to one destination in a time.
 *
 * @param owner who
 * @param protocol word of the protocol
 * @param remote address; empty for destinations that were not told apart
 * @param port port of the destination, 0 where there is none
 * @param packets in the spans that were asked for
 * @param bytes IP headers included
 * @param connects TCP connection attempts
 * @param verdict the worst on its owner
 * @param first begin of the first span with it
 * @param last end of the last one
 * @param span how exact that is
 */
public record RecordedFlow(
        RecordedOwner owner,
        String protocol,
        String remote,
        int port,
        long packets,
        long bytes,
        long connects,
        Verdict verdict,
        Instant first,
        Instant last,
        Span span) {

    /** How long the spans are that a count is of. */
    public enum Span {
        SECOND,
        MINUTE,
        HOUR,
        DAY;

        /* As FlowSql numbers them. */
        static Span of(int number) {
            return switch (number) {
                case 0 -> SECOND;
                case 1 -> MINUTE;
                case 2 -> HOUR;
                default -> DAY;
            };
        }
    }
}
