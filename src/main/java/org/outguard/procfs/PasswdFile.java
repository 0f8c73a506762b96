package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * User names by passwd(5), read again when the file changes. Directory services are not asked: a look-up over the
 * network in the middle of a flood would stand still. For one thread at a time.
 */
public final class PasswdFile {

    private static final int MAX_BYTES = 8 << 20;

    private final Path file;
    private Map<Integer, PasswdEntry> entries = Map.of();
    private String version = "";

    /** @param file for example /etc/passwd */
    public PasswdFile(Path file) {
        this.file = file;
    }

    /** The first user with this id, or the id as text. */
    public String nameOf(int uid) {
        refresh();
        PasswdEntry entry = entries.get(uid);
        return entry == null ? Integer.toUnsignedString(uid) : entry.name();
    }

    /** Home directory of the first user with this id; empty where there is none. */
    public String homeOf(int uid) {
        refresh();
        PasswdEntry entry = entries.get(uid);
        return entry == null ? "" : entry.home();
    }

    /** Those of these users that there are, by id. */
    public Map<Integer, String> named(Set<String> wanted) {
        refresh();
        return entries.entrySet().stream()
                .filter(user -> wanted.contains(user.getValue().name()))
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, user -> user.getValue().name()));
    }

    /** The user of this name; empty where there is none. */
    public OptionalInt uidOf(String name) {
        refresh();
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
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
            entries = parse(now.isEmpty() ? "" : ProcFile.text(file, MAX_BYTES).orElse(""));
        }
    }

    private static Map<Integer, PasswdEntry> parse(String text) {
        Map<Integer, PasswdEntry> entries = new HashMap<>();
        PasswdEntry.all(text).forEach(entry -> entries.putIfAbsent(entry.uid(), entry));
        return entries;
    }
}
