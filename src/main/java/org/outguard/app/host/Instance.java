package org.outguard.app.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.outguard.journal.Journal;

/** The one instance that watches and acts on what it sees, by a lock that the kernel lets go of when it ends. */
public final class Instance implements AutoCloseable {

    private static final Path RUN = Path.of("/run/outguard");

    private final FileChannel channel;

    private Instance(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * The lock of those that act by a journal: what is done in a network namespace has a journal of its own, and a lock.
     */
    public static Path lockOf(Journal journal) {
        Path file = journal.file();
        boolean ofTheMachine = file.startsWith(String.valueOf(Journal.DEFAULT_FILE.getParent()));
        return (ofTheMachine ? RUN.resolve(String.valueOf(file.getFileName())) : file)
                .resolveSibling(file.getFileName() + ".instance");
    }

    /**
     * Takes the lock.
     *
     * @return empty where another has it
     * @throws IOException where it cannot be taken for other reasons
     */
    public static Optional<Instance> take(Path lock) throws IOException {
        Files.createDirectories(lock.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new Instance(channel));
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it.
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
