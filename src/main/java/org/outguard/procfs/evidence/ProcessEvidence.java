package org.outguard.procfs.evidence;

import java.nio.file.Path;
import org.outguard.owner.ProcessId;

/** Keeps what is known of a process before it is ended. */
public interface ProcessEvidence {

    /**
     * Keeps all of a process in a new folder.
     *
     * @param id which
     * @param parent where the folder is made; it is made as well where it is missing
     * @param why for the index; text from outside may be in it
     */
    ProcessEvidenceResult keep(ProcessId id, Path parent, String why);
}
