package org.outguard.history;

import java.time.Instant;

/**
 * An offender's newest line of NDJSON, with the time of all of them and the highest rates.
 *
 * @param line the object
 */
public record RecordedOffender(
        String line, Instant first, Instant last, double peakPacketsPerSecond, double peakBitsPerSecond) {}
