package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.Problems;

/**
 * Tells which messages are still those that were listed: an id is used again, so arrival and sender are read once more.
 * Keeps count of those that are not. Safe from any thread.
 */
final class MessageIdentityCheck {

    private final PostfixLayout layout;
    private final Set<Status> where;
    private final List<MessageRef> same = new ArrayList<>();
    private Status likely = Status.DEFERRED;
    private int gone;
    private int others;

    /**
     * Has looked at none.
     *
     * @param where queues that are looked into
     */
    MessageIdentityCheck(PostfixLayout layout, Set<Status> where) {
        this.layout = layout;
        this.where = where;
    }

    /** Those of these messages that are still there. */
    static MessageIdentityCheck among(List<MessageRef> messages, PostfixLayout layout, Set<Status> where) {
        MessageIdentityCheck check = new MessageIdentityCheck(layout, where);
        messages.forEach(check::isSame);
        return check;
    }

    /** Whether this one is still there; to be asked once. */
    synchronized boolean isSame(MessageRef ref) {
        Optional<Boolean> fits = PostfixLayout.isId(ref.id().id()) ? fits(ref) : Optional.empty();
        if (fits.isEmpty()) {
            gone++;
        } else if (fits.get()) {
            same.add(ref);
        } else {
            others++;
        }
        return fits.orElse(false);
    }

    /* Whether a file of this name is that message; empty where there is no such file. */
    private Optional<Boolean> fits(MessageRef ref) {
        // Most lie together: where the last one lay is looked at first.
        Optional<Boolean> found = fits(ref, likely);
        for (Status status : Status.values()) {
            if (found.isEmpty() && status != likely) {
                found = fits(ref, status);
                likely = found.isPresent() ? status : likely;
            }
        }
        return found;
    }

    private Optional<Boolean> fits(MessageRef ref, Status status) {
        if (!where.contains(status)) {
            return Optional.empty();
        }
        for (Path path : layout.places(ref.id().id(), status)) {
            try (SeekableByteChannel channel = layout.open(path)) {
                QueueFile file = QueueFile.readEnvelope(channel);
                return Optional.of(
                        file.arrival().equals(ref.arrival()) && file.sender().equals(ref.sender()));
            } catch (IOException e) {
                // Not in this place.
            }
        }
        return Optional.empty();
    }

    /** Those that were asked for and are still there, in that order. */
    synchronized List<MessageRef> same() {
        return List.copyOf(same);
    }

    /** What of the others, for people. */
    synchronized List<String> problems() {
        return Problems.notTheSame(gone, others);
    }
}
