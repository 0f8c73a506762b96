package org.outguard.mta.postfix;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.SpoolLayout;

/**
 * The queue file that smtp(8) has open from the queue manager's request to its answer (src/global/deliver_request.c). It
 * is in {@code active}; where a person has put the message on hold meanwhile, it goes by its new name.
 *
 * @param queue {@code queue_directory}
 * @param layout reads it
 */
record ActiveQueueFiles(Path queue, PostfixLayout layout) implements DeliveryFiles {

    @Override
    public Set<String> programs() {
        return Set.of("smtp", "lmtp");
    }

    @Override
    public Optional<QueueId> id(Path file) {
        return status(file).isPresent() ? layout.id(String.valueOf(file.getFileName())) : Optional.empty();
    }

    private Optional<Status> status(Path file) {
        for (Status status : Set.of(Status.ACTIVE, Status.HOLD, Status.DEFERRED)) {
            if (file.startsWith(queue.resolve(status.word()))) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<QueuedMessage> read(Path file, QueueId id) {
        return status(file)
                .flatMap(status -> Optional.ofNullable(file.getParent())
                        .flatMap(folder -> layout.message(new SpoolLayout.Folder(folder, status), id)));
    }
}
