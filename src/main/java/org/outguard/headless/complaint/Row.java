package org.outguard.headless.complaint;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One thing that a complaint says was seen.
 *
 * @param at when; of a range its start; empty where that is not told
 * @param until the end of a range, else the same as {@code at}
 * @param source who sent it
 * @param sourcePort from which port
 * @param destination who got it
 * @param destinationPort at which port
 * @param protocol {@code "udp"}, {@code "tcp"}, {@code "icmp"} or another name in lower case; empty where it is not told
 */
public record Row(
        Optional<Instant> at,
        Optional<Instant> until,
        Host source,
        OptionalInt sourcePort,
        Host destination,
        OptionalInt destinationPort,
        String protocol) {}
