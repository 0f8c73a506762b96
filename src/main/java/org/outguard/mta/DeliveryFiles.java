package org.outguard.mta;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/** What an open file of a mail system's process tells of the message that the process delivers. */
public interface DeliveryFiles {

    /** Names (comm of proc(5)) of the programs that deliver by SMTP. */
    Set<String> programs();

    /** The message whose file this is; empty where it is no file that a delivering process keeps open. */
    Optional<QueueId> id(Path file);

    /** What the queue says of the message; empty where it is not there any more, or says nothing. */
    Optional<QueuedMessage> read(Path file, QueueId id);
}
