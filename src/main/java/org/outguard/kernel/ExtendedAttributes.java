package org.outguard.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of files in all name spaces (xattr(7)): access control lists, file capabilities and labels among them. A
 * symbolic link at the end of a path is not followed.
 */
public final class ExtendedAttributes {

    /** Most bytes of the list, and of a value (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
    private static final int MOST = 1 << 16;

    private static final int ENODATA = 61;
    private static final int ENOTSUP = 95;

    private ExtendedAttributes() {}

    /**
     * All of a file; none where its file system has no such thing.
     *
     * @throws IOException where they cannot be read
     */
    public static Map<String, byte[]> of(Path file) throws IOException {
        loaded();
        Map<String, byte[]> attributes = new TreeMap<>();
        byte[] block = new byte[MOST];
        byte[] path = bytes(file.toString());
        int length = get(path, null, block);
        if (length == -ENOTSUP) {
            return attributes;
        }
        if (length < 0) {
            throw new IOException("its extended attributes cannot be listed: error " + -length);
        }
        // Names are bytes; one character for each keeps them as they are.
        String names = new String(block, 0, length, StandardCharsets.ISO_8859_1);
        for (String name : names.split("\0")) {
            int size = name.isEmpty() ? -ENODATA : get(path, name.getBytes(StandardCharsets.ISO_8859_1), block);
            if (size >= 0) {
                attributes.put(name, Arrays.copyOf(block, size));
            } else if (size != -ENODATA) {
                throw new IOException("its attribute " + name + " cannot be read: error " + -size);
            }
        }
        return attributes;
    }

    /**
     * Sets one.
     *
     * @param name one character a byte, as {@link #of} has it
     * @throws IOException where the kernel refuses it
     */
    public static void set(Path file, String name, byte[] value) throws IOException {
        change(file, name, value);
    }

    /**
     * Takes one away.
     *
     * @throws IOException where the kernel refuses it, or there is none
     */
    public static void remove(Path file, String name) throws IOException {
        change(file, name, null);
    }

    private static void change(Path file, String name, byte @Nullable [] value) throws IOException {
        loaded();
        int error = set(bytes(file.toString()), name.getBytes(StandardCharsets.ISO_8859_1), value);
        if (error != 0) {
            throw new IOException("its attribute " + name + " cannot be set: error " + error);
        }
    }

    private static void loaded() throws IOException {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static native int get(byte[] file, byte @Nullable [] name, byte[] into);

    private static native int set(byte[] file, byte[] name, byte @Nullable [] value);
}
