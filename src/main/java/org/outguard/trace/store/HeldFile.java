package org.outguard.trace.store;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.FileStep;
import org.outguard.procfs.ForeignFiles;

/**
 * A name in a folder that is held open, so that nobody exchanges the folder meanwhile. What has to be copied is first moved into
 * a folder of root's own, where nobody exchanges it either.
 */
final class HeldFile implements AutoCloseable {

    private static final int PERMISSIONS = 07777;

    private final ForeignFiles.Folder folder;
    private final String path;
    private final Path name;

    private HeldFile(ForeignFiles.Folder folder, String path, String name) {
        this.folder = folder;
        this.path = path;
        this.name = folder.path().resolve(name);
    }

    static HeldFile open(Path root, ForeignFiles foreign, String path) throws IOException {
        int slash = path.lastIndexOf('/');
        if (!path.startsWith("/") || slash == path.length() - 1) {
            throw new IOException(path + " is no absolute path of a file");
        }
        String below = slash == 0 ? "." : path.substring(1, slash);
        return new HeldFile(foreign.folder(root, below, Optional.empty()), path, path.substring(slash + 1));
    }

    /** Leads to it as long as this is open. */
    Path name() {
        return name;
    }

    boolean there() {
        return Files.exists(name, LinkOption.NOFOLLOW_LINKS);
    }

    /** What undo needs, before anything has read the file. */
    Map<String, Object> attributes() throws IOException {
        if (!Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a regular file");
        }
        return Files.readAttributes(
                name, "unix:mode,uid,gid,size,ino,lastModifiedTime,lastAccessTime", LinkOption.NOFOLLOW_LINKS);
    }

    /** What is set last. */
    interface Last {
        /** Sets it on a file. */
        void set(Path file) throws IOException;
    }

    /** Moves it to a place that only root gets to, and takes all permissions off it. */
    void moveTo(Path store) throws IOException {
        attributes();
        try {
            Files.move(name, store, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Path own = ownFolder();
            try {
                Path inside = own.resolve("file");
                Files.move(name, inside, StandardCopyOption.ATOMIC_MOVE);
                if (!Files.isRegularFile(inside, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(inside, name, StandardCopyOption.ATOMIC_MOVE);
                    throw new IOException(path + " is not a regular file any more", e);
                }
                // Takes owner, times, extended attributes and with them the access control list along.
                Files.copy(inside, store, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                Files.delete(inside);
            } finally {
                Files.delete(own);
            }
        }
        Files.setAttribute(store, "unix:mode", 0, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Puts a file back from there, with all that it was.
     *
     * @param last what else it had, set where nobody but root gets at it yet
     * @return whether its content is what it was
     */
    boolean takeFrom(Path store, FileStep.Kept kept, Last last) throws IOException {
        boolean same;
        if (there()) {
            throw new FileAlreadyExistsException(path, null, "there is another file in its place");
        }
        Path own = ownFolder();
        try {
            Path inside = own.resolve("file");
            try {
                Files.move(store, inside, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.copy(store, inside, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                Files.delete(store);
            }
            // Reading changes a time that is set below.
            same = digest(inside).equals(kept.sha256());
            Files.setAttribute(inside, "unix:uid", (int) kept.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(inside, "unix:gid", (int) kept.gid(), LinkOption.NOFOLLOW_LINKS);
            // The group's bits are the mask of the access control list (acl(5)): that is as before with them.
            Files.setAttribute(inside, "unix:mode", kept.mode() & PERMISSIONS, LinkOption.NOFOLLOW_LINKS);
            last.set(inside);
            Files.getFileAttributeView(inside, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(time(kept.modified()), time(kept.accessed()), null);
            Files.move(inside, name, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.delete(own);
        }
        return same;
    }

    private static String digest(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static FileTime time(String text) {
        return FileTime.from(Instant.parse(text));
    }

    /** Its content; bounded by the caller. */
    byte[] read(int most) throws IOException {
        attributes();
        try (var in = Files.newInputStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(most);
        }
    }

    /** What it says where it is a symbolic link; empty where it is none. */
    Optional<String> target() {
        try {
            return Optional.of(Files.readSymbolicLink(name).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Takes a symbolic link away that says this. */
    void unlink(String target) throws IOException {
        if (!target().equals(Optional.of(target))) {
            throw new IOException(path + " does not lead to " + target + " any more");
        }
        Files.delete(name);
    }

    /** Makes a symbolic link, in place of nothing. */
    void link(String target) throws IOException {
        if (!target().equals(Optional.of(target))) {
            Files.createSymbolicLink(name, Path.of(target));
        }
    }

    /** Exchanges its content in one step; owner, permissions, attributes and list stay. */
    void replace(byte[] content) throws IOException {
        Path own = ownFolder();
        Path inside = own.resolve("file");
        try {
            CopyOption[] whole = {LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES};
            Files.copy(name, inside, whole);
            Files.write(inside, content);
            Files.move(inside, name, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(inside);
            Files.delete(own);
        }
    }

    /* Beside it, so that a move is one step; in it only root may exchange anything. */
    private Path ownFolder() throws IOException {
        return Files.createTempDirectory(
                folder.path(),
                ".outguard-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public void close() {
        folder.close();
    }
}
