package org.outguard.procfs.evidence;

import java.nio.file.Path;
import java.util.List;

/** Whether evidence of a process was kept. */
public sealed interface ProcessEvidenceResult {

    /**
     * It is on the disk.
     *
     * @param folder a folder of its own
     * @param files how many files there are in it
     * @param exeSha256 hash of its program, empty where that could not be copied
     * @param script the script that it was at, as far as that can be told; empty where it cannot
     * @param gaps what could not be kept, in words; text from outside may be in it
     */
    record Kept(Path folder, int files, String exeSha256, String script, List<String> gaps)
            implements ProcessEvidenceResult {
        public Kept {
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * Gathering it took too long: a file system that another user serves may never answer. What was gathered is in a folder
     * of its own.
     *
     * @param parent where that folder is
     * @param seconds how long it was waited for
     */
    record Unfinished(Path parent, long seconds) implements ProcessEvidenceResult {}

    /**
     * It is not.
     *
     * @param reason why
     */
    record NotKept(String reason) implements ProcessEvidenceResult {}
}
