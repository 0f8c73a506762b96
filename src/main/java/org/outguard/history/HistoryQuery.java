package org.outguard.history;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What is asked for. What is empty is not asked for.
 *
 * @param from the first moment
 * @param until the last moment
 * @param owner a part of program, script, unit, container or submitter; or a user's whole name or number
 * @param remote whether an address is meant; empty for any
 * @param address the one address that is meant, as it is printed: found sooner than by {@code remote}
 * @param port port of the destination
 * @param protocol word of the protocol
 * @param verdict the mildest verdict, 0 CLEAN to 2 OFFENDING
 */
public record HistoryQuery(
        Instant from,
        Instant until,
        String owner,
        Optional<Predicate<String>> remote,
        Optional<String> address,
        OptionalInt port,
        String protocol,
        int verdict) {

    /** All of a time. */
    public static HistoryQuery of(Instant from, Instant until) {
        return new HistoryQuery(from, until, "", Optional.empty(), Optional.empty(), OptionalInt.empty(), "", 0);
    }

    /** The same for one destination; a port or protocol may be left empty. */
    public HistoryQuery to(Optional<String> newAddress, OptionalInt newPort, String newProtocol) {
        return new HistoryQuery(from, until, owner, remote, newAddress, newPort, newProtocol, verdict);
    }
}
