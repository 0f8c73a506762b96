package org.outguard.app;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a demonstration keeps its journal: what is done in the lab goes with the lab. A killed one leaves its folder, which
 * the next one removes.
 */
record DemoFolder(Path path) implements AutoCloseable {

    static final Path PARENT = Path.of("/run/outguard");

    private static final Pattern NAME = Pattern.compile("demo-(\\d{1,10})");

    /**
     * Makes the folder of this process, open to its user alone.
     *
     * @throws IOException where it cannot be made
     */
    static DemoFolder make(Path parent, long pid) throws IOException {
        Files.createDirectories(parent);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
                if (name.matches() && Files.notExists(Path.of("/proc", name.group(1)))) {
                    remove(entry);
                }
            }
        }
        Path path = parent.resolve("demo-" + pid);
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new DemoFolder(path);
    }

    Path journal() {
        return path.resolve("journal.ndjson");
    }

    @Override
    public void close() throws IOException {
        remove(path);
    }

    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
