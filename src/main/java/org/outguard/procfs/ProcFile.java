package org.outguard.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads of files that may be gone, forbidden, or larger than anybody wants. */
public final class ProcFile {

    private ProcFile() {}

    /** A file of proc(5) itself, never one that a user could have put there: see {@link ForeignFiles}. */
    public static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file, StandardOpenOption.READ);
    }

    /** At most so many bytes from the start of a file, not UTF-8 replaced; empty where it cannot be read. */
    public static Optional<String> text(Path file, int maxBytes) {
        try (InputStream in = open(file)) {
            return Optional.of(new String(in.readNBytes(maxBytes), StandardCharsets.UTF_8));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /** Where a symbolic link points to; empty where that cannot be read. */
    static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return Optional.empty();
        }
    }
}
