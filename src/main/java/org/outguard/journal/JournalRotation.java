package org.outguard.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Begins a journal anew with what is still of use, and keeps the long ones for a while. At no moment is there no journal,
 * nor one that lacks what stands: the new one takes the place of the old by one rename.
 */
final class JournalRotation {

    /** What the name of the newest one that was kept ends with. */
    static final String NEWEST = ".1";

    private static final int KEPT = 4;

    private JournalRotation() {}

    static void begin(Path file, List<byte[]> lines) throws IOException {
        Path fresh = sibling(file, ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            for (byte[] line : lines) {
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.force(true);
        }
        for (int number = KEPT - 1; number >= 1; number--) {
            Path older = sibling(file, "." + number);
            if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(older, sibling(file, "." + (number + 1)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        // A second name, not a move: a crash here must not leave the machine without a journal.
        Files.createLink(sibling(file, NEWEST), file);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
