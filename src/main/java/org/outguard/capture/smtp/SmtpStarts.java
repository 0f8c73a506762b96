package org.outguard.capture.smtp;

/**
 * Where the newest connections begin, by their first packets: a fixed number of them in memory that is taken once, however many
 * there are. A newer one may take an older one's place.
 */
final class SmtpStarts {

    private static final int SLOTS = 4_096;
    private static final byte FREE = 0;
    private static final byte CLIENT = 1;
    private static final byte BOTH = 2;

    private final long[] hashes = new long[SLOTS];
    private final int[] clients = new int[SLOTS];
    private final int[] servers = new int[SLOTS];
    private final byte[] known = new byte[SLOTS];

    /** Takes in a packet with SYN, which takes one number of its own. */
    void put(SmtpSegment segment) {
        long hash = segment.hash();
        int slot = slot(hash);
        hashes[slot] = hash;
        clients[slot] = segment.toServer ? segment.seq + 1 : segment.ack;
        servers[slot] = segment.seq + 1;
        known[slot] = segment.toServer ? CLIENT : BOTH;
    }

    boolean knows(long hash) {
        return known[slot(hash)] != FREE && hashes[slot(hash)] == hash;
    }

    /** Number of the client's first byte, of a connection that is known. */
    int client(long hash) {
        return clients[slot(hash)];
    }

    boolean knowsServer(long hash) {
        return knows(hash) && known[slot(hash)] == BOTH;
    }

    /** Number of the server's first byte, where that is known. */
    int server(long hash) {
        return servers[slot(hash)];
    }

    private static int slot(long hash) {
        return (int) (hash & SLOTS - 1);
    }
}
