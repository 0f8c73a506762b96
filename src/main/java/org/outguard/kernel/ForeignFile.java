package org.outguard.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A file or folder that an attacker may own, held by a descriptor that was opened without waiting, without following a path
 * out of its root (openat2(2), RESOLVE_IN_ROOT) and with the rights of the user whose file it is said to be (setfsuid(2)).
 * For one thread at a time.
 */
public final class ForeignFile implements AutoCloseable {

    /** For whom nobody's rights are taken on. */
    public static final int OWN_RIGHTS = -1;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int EXDEV = 18;
    private static final int ENOTDIR = 20;
    private static final int EINVAL = 22;
    private static final int ELOOP = 40;

    /* The same number stands in native/jni/ForeignFile.c. */
    private static final int NOT_REGULAR = 100_000;

    private final int descriptor;
    private boolean closed;

    private ForeignFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a regular file for reading, or a folder for listing.
     *
     * @param root a directory, which may be a link of proc(5)
     * @param below path below it, without a slash in front
     * @param uid whose rights count, {@link #OWN_RIGHTS} for this program's own
     * @param groups of that user, the effective one first
     * @throws IOException where it cannot be opened, with the reason in words
     */
    public static ForeignFile open(Path root, String below, int uid, int[] groups, boolean folder) throws IOException {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
        int result = openWithin(bytes(root.toString()), bytes(below), uid, groups, folder);
        if (result < 0) {
            throw new IOException(reason(-result, folder));
        }
        return new ForeignFile(result);
    }

    private static String reason(int error, boolean folder) {
        return switch (error) {
            case NOT_REGULAR -> "not a regular file";
            case ENOTDIR -> folder ? "not a folder" : "a part of its path is no folder";
            case ENOENT -> "no such file";
            case ENXIO -> "nothing is behind it";
            case EACCES, EPERM -> "its user may not read it";
            case EXDEV, ELOOP -> "its path leads out of where it should be";
            case EINVAL -> "no name of a file";
            default -> "error " + error;
        };
    }

    /** A path that leads to the very same, for as long as this is open. */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Its content. Closing it closes this. */
    public InputStream stream() {
        return new Content();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeDescriptor(descriptor);
        }
    }

    private final class Content extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, into.length);
            if (closed) {
                throw new IOException("closed");
            }
            if (length == 0) {
                return 0;
            }
            int got = ForeignFile.read(descriptor, into, from, length);
            if (got < 0) {
                throw new IOException("read failed: error " + -got);
            }
            return got == 0 ? -1 : got;
        }

        @Override
        public void close() {
            ForeignFile.this.close();
        }
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    private static native int openWithin(byte[] root, byte[] below, int uid, int[] groups, boolean folder);

    private static native int read(int descriptor, byte[] into, int from, int length);

    private static native void closeDescriptor(int descriptor);
}
