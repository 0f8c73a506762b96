package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a process has open (/proc/PID/fd).
 *
 * @param files number and target of each, by the links; at most {@link #MAX_FILES}
 * @param more whether there are more
 */
public record OpenFiles(List<File> files, boolean more) {

    public static final int MAX_FILES = 4_096;

    /**
     * An open file.
     *
     * @param number its descriptor
     * @param target where the link points: a path, {@code socket:[N]}, {@code pipe:[N]}
     */
    public record File(String number, String target) {}

    public static OpenFiles of(Path process) {
        List<File> files = new ArrayList<>();
        boolean more = false;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path entry : entries) {
                if (files.size() == MAX_FILES) {
                    more = true;
                    break;
                }
                ProcFile.link(entry)
                        .ifPresent(target -> files.add(new File(String.valueOf(entry.getFileName()), target)));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It ended, or may not be looked at.
        }
        return new OpenFiles(files, more);
    }

    /** Numbers of the sockets among them. */
    public Set<Long> sockets() {
        Set<Long> inodes = new HashSet<>();
        for (File file : files) {
            long inode = ProcessFacts.inode(file.target(), "socket:[");
            if (inode != 0) {
                inodes.add(inode);
            }
        }
        return inodes;
    }
}
