package org.outguard.mta;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** This machine itself, as far as it is in no other container than this program. */
public final class ThisMachine implements MailHost {

    /** It has no state. */
    public static final ThisMachine HERE = new ThisMachine();

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Path OWN = Path.of("/proc/self/ns/pid");

    private ThisMachine() {}

    /** The name under which a file is written before it takes the place of the one before. */
    public static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".outguard");
    }

    @Override
    public Path path(Path inside) {
        return inside;
    }

    @Override
    public Path realPath(Path inside) throws IOException {
        return inside.toRealPath();
    }

    @Override
    public SeekableByteChannel open(Path reached) throws IOException {
        return Files.newByteChannel(reached, READ);
    }

    @Override
    public Optional<byte[]> content(Path inside) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(inside));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /* With the rights that it has: Exim starts with each message, and refuses a file that others own. */
    @Override
    public void replace(Path inside, byte[] content) throws IOException {
        Path fresh = fresh(inside);
        Files.write(fresh, content);
        if (Files.exists(inside)) {
            PosixFileAttributes rights = Files.readAttributes(inside, PosixFileAttributes.class);
            Files.setPosixFilePermissions(fresh, rights.permissions());
            PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            view.setOwner(rights.owner());
            view.setGroup(rights.group());
        } else {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.move(fresh, inside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path inside) throws IOException {
        Files.deleteIfExists(inside);
    }

    @Override
    public boolean exists(Path inside) {
        return Files.exists(inside);
    }

    @Override
    public List<String> argv(List<String> argv) {
        return argv;
    }

    @Override
    public List<String> networkArgv(List<String> argv) {
        return argv;
    }

    /* A container has numbers of processes of its own; a service of systemd with mounts of its own has not. */
    @Override
    public boolean has(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/pid"))
                    .equals(Files.readSymbolicLink(OWN));
        } catch (IOException e) {
            // It has ended, or is another user's, whose process this one could not signal anyway.
            return true;
        }
    }
}
