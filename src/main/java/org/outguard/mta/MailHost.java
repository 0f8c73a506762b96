package org.outguard.mta;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a mail system runs: this machine itself, or a container on it. Who has a container's files may put links and pipes
 * in their place, so they are opened here alone, and changed by programs of the container itself.
 */
public interface MailHost {

    /** Name of the container; empty for this machine itself. */
    default String container() {
        return "";
    }

    /** Name of a mail system there: its own, and that of the container, {@code "postfix@mail-1"}. */
    default String instance(String name) {
        return container().isEmpty() ? name : name + "@" + container();
    }

    /** Why nothing can be done there any more; empty as long as it is there. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** The path by which this program reaches a path of that place. */
    Path path(Path inside);

    /** The path, with no link in it, of a file there. */
    Path realPath(Path inside) throws IOException;

    /**
     * Opens a regular file for reading.
     *
     * @param reached as {@link #path} gave it, or below that
     */
    SeekableByteChannel open(Path reached) throws IOException;

    /** All of a file; empty where there is none. */
    Optional<byte[]> content(Path inside) throws IOException;

    /** Writes a file in one piece: with the owner and the rights of the one before, or readable for all. */
    void replace(Path inside, byte[] content) throws IOException;

    /** Removes a file, if there is one. */
    void delete(Path inside) throws IOException;

    /** Whether there is such a file. */
    boolean exists(Path inside);

    /** The words that run a program there. */
    List<String> argv(List<String> argv);

    /** The words that run a program of this machine in the network of that place. */
    List<String> networkArgv(List<String> argv);

    /** Whether a process of this machine runs there. */
    boolean has(long pid);

    /** The number that a process has there, which its log has; the same where none is known. */
    default long numberThere(long pid) {
        return pid;
    }

    /** Commands as they are shown. */
    default String shown(String commands) {
        return commands;
    }
}
