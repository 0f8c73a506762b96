package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * User names by passwd(5), read again when the file changes. Directory services are not asked: a look-up over the
 * network in the middle of a flood would stand still. For one thread at a time.
 */
public final class PasswdFile {

    private static final int MAX_BYTES = 8 << 20;

    private final Path file;
    private Map<Integer, String> names = Map.of();
    private String version = "";

    /** @param file for example /etc/passwd */
    public PasswdFile(Path file) {
        this.file = file;
    }

    /** The first user with this id, or the id as text. */
    public String nameOf(int uid) {
        refresh();
        return names.getOrDefault(uid, Integer.toUnsignedString(uid));
    }

    /* passwd(5) is replaced by a rename, so the inode tells of changes that the clock is too coarse for. */
    private void refresh() {
        String now;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            now = attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException | SecurityException e) {
            now = "";
        }
        if (!now.equals(version)) {
            version = now;
            names = parse(now.isEmpty() ? "" : ProcFile.text(file, MAX_BYTES).orElse(""));
        }
    }

    private static Map<Integer, String> parse(String text) {
        Map<Integer, String> names = new HashMap<>();
        text.lines().forEach(line -> {
            String[] fields = line.split(":", 4);
            if (fields.length == 4 && !fields[0].isEmpty() && !fields[0].startsWith("#")) {
                try {
                    names.putIfAbsent(Integer.parseUnsignedInt(fields[2]), fields[0]);
                } catch (NumberFormatException e) {
                    // A line of another kind, such as "+" of NIS.
                }
            }
        });
        return names;
    }
}
