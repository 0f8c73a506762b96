package org.outguard.guard.snapshot;

import java.util.Optional;

/**
 * What each of the two eyes counted of a talker. The kernel eye knows who sends; the wire eye knows destinations alone, so
 * beside the kernel eye its counts are of the talker's destinations, whoever sends there.
 *
 * @param kernel of this talker, by the kernel eye; empty where it does not count
 * @param wire by the wire eye; empty where the kernel eye knows of no destination that could be compared
 * @param unaccounted of the talker's packets those that are no count of the kernel eye's: so many more left by the wire than
 *     it accounts for
 * @param before of the talker's packets those that the wire eye counted before the kernel eye was open; none where the
 *     wire eye alone counts
 */
public record SourceCounts(Optional<Sum> kernel, Optional<Wire> wire, Sum unaccounted, Sum before) {

    /** With nothing from before the kernel eye was open. */
    public SourceCounts(Optional<Sum> kernel, Optional<Wire> wire, Sum unaccounted) {
        this(kernel, wire, unaccounted, Sum.NONE);
    }

    /** Of a talker that the wire eye alone counts. */
    public static SourceCounts ofWire(long packets, long bytes) {
        return new SourceCounts(
                Optional.empty(),
                Optional.of(new Wire(new Sum(packets, bytes), Sum.NONE, 0, 0, Sight.ALL, 0, 0)),
                Sum.NONE);
    }

    /**
     * An amount.
     *
     * @param packets IP packets
     * @param bytes their total length, IP headers included
     */
    public record Sum(long packets, long bytes) {

        /** Nothing. */
        public static final Sum NONE = new Sum(0, 0);

        public Sum plus(Sum other) {
            return new Sum(packets + other.packets, bytes + other.bytes);
        }
    }

    /**
     * What the wire eye saw.
     *
     * @param seen packets that it saw, of all who send to these destinations
     * @param kernel what the kernel eye counted of them, of all who send there
     * @param others packets of that which other talkers sent
     * @param nobodys packets that were seen and that nobody sent, by the kernel eye
     * @param sight what of the packets could be seen
     * @param destinations how many of the talker's destinations these counts are of; 0 where they are of all that it sent
     * @param leftOut how many of them the capture leaves out at the moment
     */
    public record Wire(Sum seen, Sum kernel, long others, long nobodys, Sight sight, int destinations, int leftOut) {}

    /** How much the wire eye sees of a talker's packets. */
    public enum Sight {
        /** All that its capture has room for. */
        ALL,
        /** The capture let go of the interface while the kernel eye counted a flood, and glanced at it now and then. */
        GLANCES,
        /** Some destinations were left out for a time. */
        LEFT_OUT_BEFORE,
        /** Some destinations are left out, after enough was seen to be kept as evidence. */
        LEFT_OUT,
        /** Attempts to connect; the rest of TCP is not captured. */
        CONNECTS,
        /** None: the protocol is not captured. */
        NOTHING
    }
}
