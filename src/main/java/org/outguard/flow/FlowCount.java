package org.outguard.flow;

/**
 * What one flow sent since the last batch.
 *
 * @param key which flow
 * @param packets IP datagrams, each fragment counted as one
 * @param bytes total length of those datagrams, IP header included, link header not
 * @param connects TCP packets with SYN and without ACK: attempts to connect, retries included
 * @param firstSeenNanos capture time of the first, nanoseconds since the epoch
 * @param lastSeenNanos capture time of the last, nanoseconds since the epoch
 */
public record FlowCount(
        FlowKey key, long packets, long bytes, long connects, long firstSeenNanos, long lastSeenNanos) {}
