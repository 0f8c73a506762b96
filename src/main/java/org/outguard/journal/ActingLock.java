package org.outguard.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for the lock of whoever acts, for so long and no longer, and says who has it (proc_locks(5)). */
final class ActingLock {

    private static final Path LOCKS = Path.of("/proc/locks");
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long PAUSES_A_SECOND = 1_000_000_000 / PAUSE_NANOS;

    private ActingLock() {}

    /**
     * Takes it.
     *
     * @param channel of the file that is locked; stays open
     * @param file its name, for the message
     * @param seconds how long to wait; each action ends within that time
     * @throws IOException where it is not to be had by then
     */
    static void take(FileChannel channel, Path file, long seconds) throws IOException {
        for (long tries = seconds * PAUSES_A_SECOND; tries >= 0; tries--) {
            if (tryLock(channel) != null) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while another outguard acts");
            }
        }
        String who = holder(file).map(pid -> "process " + pid).orElse("an unknown process");
        throw new IOException("another outguard has been acting for " + seconds + " s: " + who + " holds " + file
                + "; wait for it, or end it");
    }

    /* Null too where another thread of this program has it. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Optional<String> holder(Path file) {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            for (String line : Files.readAllLines(LOCKS)) {
                // "1: POSIX  ADVISORY  WRITE 4711 fe:00:2154498 0 EOF"; a waiting one has "->" in front of its kind.
                String[] fields = line.split("\\s+");
                if (fields.length > 5 && fields[1].equals("POSIX") && fields[5].endsWith(inode)) {
                    return Optional.of(fields[4]);
                }
            }
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
