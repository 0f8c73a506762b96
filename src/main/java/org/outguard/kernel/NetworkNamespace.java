package org.outguard.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Network namespaces (network_namespaces(7)) of threads. */
public final class NetworkNamespace {

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;

    private NetworkNamespace() {}

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
