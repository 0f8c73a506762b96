package org.outguard.app.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a demonstration keeps its journal and its mail: what is done in the lab goes with the lab. A killed one leaves its folder, which
 * the next one removes.
 */
public record DemoFolder(Path path) implements AutoCloseable {

    public static final Path PARENT = Path.of("/run/outguard");

    private static final Pattern NAME = Pattern.compile("demo-(\\d{1,10})");

    /**
     * Makes the folder of this process. Others may pass through it, to the mail system that lies in there.
     *
     * @throws IOException where it cannot be made
     */
    public static DemoFolder make(Path parent, long pid) throws IOException {
        Files.createDirectories(parent);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
                if (name.matches() && Files.notExists(Path.of("/proc", name.group(1)))) {
                    removeLeftOver(entry);
                }
            }
        }
        Path path = parent.resolve("demo-" + pid);
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        return new DemoFolder(path);
    }

    public Path journal() {
        return path.resolve("journal.ndjson");
    }

    /** Where its mail system lies. */
    public Path mail() {
        return path.resolve("mail");
    }

    @Override
    public void close() throws IOException {
        remove(path);
    }

    /* What was killed just now may be taking itself down yet; what is left then is for the next one. */
    private static void removeLeftOver(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            return;
        }
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException e) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
