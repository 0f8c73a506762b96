package org.outguard.trace.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Port: extended attributes of a file (xattr(7)) in all name spaces. A symbolic link is not followed. */
public interface FileAttributes {

    /**
     * All of a file, by name.
     *
     * @throws IOException where they cannot be read
     */
    Map<String, byte[]> of(Path file) throws IOException;

    /**
     * Sets one.
     *
     * @throws IOException where the kernel refuses it
     */
    void set(Path file, String name, byte[] value) throws IOException;

    /**
     * Takes one away.
     *
     * @throws IOException where the kernel refuses it, or there is none
     */
    void remove(Path file, String name) throws IOException;
}
