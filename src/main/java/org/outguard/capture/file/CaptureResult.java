package org.outguard.capture.file;

import java.util.List;

/** How the reading of a capture file ended. What was read before a failure has been counted and handed over. */
public sealed interface CaptureResult {

    /** What was read. */
    Counts counts();

    /**
     * The file was read to its end.
     *
     * @param notes limits that the person who asked should know of, each one sentence
     */
    record Ended(Counts counts, List<String> notes) implements CaptureResult {
        public Ended {
            notes = List.copyOf(notes);
        }
    }

    /**
     * The file could not be opened, or not be read to its end.
     *
     * @param message file, byte offset and reason; may hold foreign text from the file's name
     */
    record Failed(Counts counts, String message) implements CaptureResult {}

    /**
     * Packets of a capture file. The five that follow {@code packets} add up to it.
     *
     * @param packets in the file
     * @param counted handed over as flows
     * @param inbound left out because they were received, not sent
     * @param notIp left out: ARP and the like
     * @param malformed could not be read
     * @param unreadable of interfaces whose link type is not known
     */
    record Counts(long packets, long counted, long inbound, long notIp, long malformed, long unreadable) {}
}
