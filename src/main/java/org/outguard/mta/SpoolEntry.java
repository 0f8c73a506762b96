package org.outguard.mta;

import java.util.Optional;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.SpoolLayout.Folder;

/** A message that is known by its file's name. */
final class SpoolEntry {
    final QueueId id;
    Folder folder;
    long round;
    long missedIn;
    long version;
    boolean queued;
    boolean reported;
    Optional<QueuedMessage> message = Optional.empty();

    SpoolEntry(QueueId id, Folder folder) {
        this.id = id;
        this.folder = folder;
    }
}
