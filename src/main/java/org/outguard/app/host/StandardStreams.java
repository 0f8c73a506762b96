package org.outguard.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the standard streams are. */
public final class StandardStreams {

    public static final int IN = 0;
    public static final int OUT = 1;
    public static final int ERR = 2;

    private StandardStreams() {}

    /** Whether a descriptor is a terminal, by the name that /proc has for it (proc(5)); System.console cannot tell. */
    public static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
