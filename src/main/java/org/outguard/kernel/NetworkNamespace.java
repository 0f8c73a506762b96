package org.outguard.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Network namespaces (network_namespaces(7)) of threads. */
public final class NetworkNamespace {

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;

    /** That of the calling thread, which may have entered another one than its process began in. */
    public static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

    private NetworkNamespace() {}

    /**
     * The inode number of a namespace, by which it is told from all others.
     *
     * @param path as for {@link #enter}
     * @return empty where there is none
     */
    public static OptionalLong inode(Path path) {
        try {
            return Files.getAttribute(path, "unix:ino") instanceof Long number
                    ? OptionalLong.of(number)
                    : OptionalLong.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Moves the calling thread into a network namespace. Threads and programs that it starts afterwards are in there
     * too; threads that were there before are not, and /proc/net still shows the namespace of the first thread.
     *
     * @param path of the namespace, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
     * @return why it could not be entered; empty where it was
     */
    public static Optional<String> enter(String path) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return problem;
        }
        int error = setns(path.getBytes(StandardCharsets.UTF_8));
        String name = "network namespace " + path;
        return switch (error) {
            case 0 -> Optional.empty();
            case EPERM, EACCES -> Optional.of(name + " may not be entered: it needs root, or CAP_SYS_ADMIN");
            case ENOENT -> Optional.of("there is no " + name);
            case EINVAL -> Optional.of(path + " is no network namespace");
            default -> Optional.of(name + " cannot be entered: error " + error);
        };
    }

    private static native int setns(byte[] path);
}
