package org.outguard.headless.evidence;

import java.nio.file.Path;

/** What became of the evidence against one offender. */
public sealed interface EvidenceResult {

    /** Whose, see {@link org.outguard.guard.snapshot.Talker#id()}. */
    String offenderId();

    /**
     * It is kept.
     *
     * @param offenderId whose
     * @param file the pcapng file
     * @param packets how many it holds
     */
    record Kept(String offenderId, Path file, int packets) implements EvidenceResult {}

    /**
     * It is not; no part of a file is left.
     *
     * @param offenderId whose
     * @param reason why; has outside text in it
     */
    record NotKept(String offenderId, String reason) implements EvidenceResult {}
}
