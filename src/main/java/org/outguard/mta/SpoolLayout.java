package org.outguard.mta;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/** Where a mail system keeps its messages, and how one of them is read. Safe from two threads at once. */
public interface SpoolLayout {

    /**
     * A folder with a message a file.
     *
     * @param path where it is
     * @param status what lying there means
     */
    record Folder(Path path, QueuedMessage.Status status) {}

    /** What came of reading a message's file. */
    sealed interface Reading {

        /**
         * It was read.
         *
         * @param message what it says
         */
        record Message(QueuedMessage message) implements Reading {}

        /** It is being written: to be read again. */
        record Unfinished() implements Reading {}

        /** It is not there, or no longer. */
        record Gone() implements Reading {}

        /**
         * It is there and says nothing.
         *
         * @param message what is known without it, its origin unknown
         */
        record Damaged(QueuedMessage message) implements Reading {}
    }

    /** The folders that are there now; the first are read first. */
    List<Folder> folders();

    /** Id of the message in a file of this name; empty where it is none, or not the file to read. */
    Optional<QueueId> id(String fileName);

    /** Whether a message's file is replaced under the same name when its state changes. */
    boolean replacesFiles();

    /** Reads a message without its reasons for delay. */
    Reading read(Folder folder, QueueId id);

    /** The message, where its file says it now. */
    default Optional<QueuedMessage> message(Folder folder, QueueId id) {
        return read(folder, id) instanceof Reading.Message read ? Optional.of(read.message()) : Optional.empty();
    }

    /** The same message with its recipients' reasons for delay, where there are any. */
    QueuedMessage withReasons(Folder folder, QueuedMessage message);
}
