package org.outguard.guard.observation;

import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * A message on its way out: one process has its queue file and the connection open, both at the same moment.
 *
 * @param process the mail system's process that delivers it
 * @param local own end of the connection
 * @param remote the other end
 * @param id which message
 * @param owner what is known of that process, so that a connection has a sender even where its owner is not found otherwise
 * @param root the first submitter behind it by its queue file, unknown where that could not be read
 */
public record Delivery(
        ProcessId process, Optional<Owner> owner, Endpoint local, Endpoint remote, QueueId id, Provenance root) {

    /** The same with what became known of its submitter. */
    public Delivery with(Provenance other) {
        return new Delivery(process, owner, local, remote, id, other);
    }
}
