package org.outguard.kernel;

import java.util.Optional;
import org.outguard.owner.Owner;

/** Port: knows what a process is. */
public interface ProcessReader {

    /** The process with this number now; empty where there is none. */
    Optional<Owner> read(int pid);
}
