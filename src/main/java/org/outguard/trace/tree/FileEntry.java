package org.outguard.trace.tree;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What a look at a name says, without opening what is behind it. The name is chosen by whoever made it.
 *
 * @param path from the root that was walked, with a slash in front
 * @param mode kind and permissions ({@code st_mode} of inode(7))
 * @param uid its owner
 * @param gid its group
 * @param links names that it has
 * @param size bytes; of a sparse file more than it takes
 * @param modified when its content was written; anybody who owns it can set that
 * @param changed when its inode was changed; the kernel's own word
 */
public record FileEntry(
        String path, int mode, int uid, int gid, int links, long size, Instant modified, Instant changed) {

    private static final int KIND = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;
    private static final int ANY_EXECUTE = 0111;
    private static final int SET_UID = 04000;

    /** The attributes that {@link #read} needs. */
    static final String ATTRIBUTES = "mode,uid,gid,nlink,dev,size,lastModifiedTime,ctime";

    /** An entry by its attributes, as {@code Files.readAttributes} names them. */
    static FileEntry read(String path, Map<String, Object> facts) {
        return new FileEntry(
                path,
                number(facts, "mode"),
                number(facts, "uid"),
                number(facts, "gid"),
                number(facts, "nlink"),
                facts.get("size") instanceof Long size ? size : 0,
                time(facts, "lastModifiedTime"),
                time(facts, "ctime"));
    }

    private static int number(Map<String, Object> facts, String name) {
        return facts.get(name) instanceof Integer number ? number : -1;
    }

    private static Instant time(Map<String, Object> facts, String name) {
        return facts.get(name) instanceof FileTime time ? time.toInstant() : Instant.EPOCH;
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether it is a regular file. */
    public boolean isFile() {
        return (mode & KIND) == REGULAR;
    }

    /** Whether it is a folder. */
    public boolean isFolder() {
        return (mode & KIND) == FOLDER;
    }

    /** Whether somebody may run it. */
    public boolean executable() {
        return isFile() && (mode & ANY_EXECUTE) != 0;
    }

    /** Whether it runs with the rights of its owner. */
    public boolean setUid() {
        return executable() && (mode & SET_UID) != 0;
    }

    /** Whether {@code ls} passes over it, or over a folder that it lies in. */
    public boolean hidden() {
        return path.contains("/.");
    }

    /** When it came to be what it is: the later of both times, since the other may have been set. */
    public Instant written() {
        return changed.isAfter(modified) ? changed : modified;
    }

    /** Permissions as {@code chmod} takes them. */
    public String permissions() {
        return String.format("%04o", mode & 07777);
    }
}
