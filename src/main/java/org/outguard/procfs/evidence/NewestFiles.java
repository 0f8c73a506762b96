package org.outguard.procfs.evidence;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The newest files of a folder: whoever broke in left something there, mostly beside the script that sends. */
final class NewestFiles {

    private static final int MAX_ENTRIES = 20_000;

    private NewestFiles() {}

    /**
     * A file.
     *
     * @param path where
     * @param size in bytes
     * @param modified when its content was changed, as its user has it: touch(1) can set it
     * @param changed when its inode was changed, which nobody can set
     * @param uid whose it is
     * @param mode permission bits
     */
    record Entry(Path path, long size, FileTime modified, FileTime changed, int uid, int mode) {}

    /** Regular files right in this folder, newest change of the inode first. */
    static List<Entry> of(Path folder, int most) {
        List<Entry> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            int looked = 0;
            for (Path entry : entries) {
                if (looked++ == MAX_ENTRIES) {
                    break;
                }
                add(entry, found);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It is gone, or not for us: what was listed until then counts.
        }
        found.sort(Comparator.comparing(Entry::changed).reversed());
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    private static void add(Path file, List<Entry> found) {
        try {
            Map<String, Object> all = Files.readAttributes(
                    file, "unix:size,lastModifiedTime,ctime,uid,mode,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            if (Boolean.TRUE.equals(all.get("isRegularFile"))
                    && all.get("size") instanceof Long size
                    && all.get("lastModifiedTime") instanceof FileTime modified
                    && all.get("ctime") instanceof FileTime changed
                    && all.get("uid") instanceof Integer uid
                    && all.get("mode") instanceof Integer mode) {
                found.add(new Entry(file, size, modified, changed, uid, mode & 07777));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It went away meanwhile.
        }
    }
}
