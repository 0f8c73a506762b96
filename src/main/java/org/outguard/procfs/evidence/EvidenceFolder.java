package org.outguard.procfs.evidence;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A folder that evidence is written into, once: only its user may look into it, no file in it is written over, and each
 * file is on the disk before the next one is begun. Names in it are ours; the names that the evidence had stand in the
 * index.
 */
final class EvidenceFolder {

    /** All files together. */
    static final long MAX_TOTAL_BYTES = 256L << 20;

    private static final int MAX_SUFFIX = 99;
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path folder;
    private final List<Exhibit> exhibits = new ArrayList<>();
    private long total;

    /**
     * A file of evidence.
     *
     * @param file its name in the folder
     * @param source where it is from
     * @param bytes how long it is
     * @param sha256 of what is in the folder, in hexadecimal
     * @param cut whether the source was longer
     */
    record Exhibit(String file, String source, long bytes, String sha256, boolean cut) {}

    private EvidenceFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes a folder that was not there before.
     *
     * @param parent made as well where it is missing
     * @param name a name of ours
     */
    static EvidenceFolder make(Path parent, String name) throws IOException {
        Files.createDirectories(parent, mode("rwx------"));
        for (int suffix = 0; suffix <= MAX_SUFFIX; suffix++) {
            Path folder = parent.resolve(suffix == 0 ? name : name + "-" + suffix);
            try {
                Files.createDirectory(folder, mode("rwx------"));
                sync(parent);
                return new EvidenceFolder(folder);
            } catch (FileAlreadyExistsException e) {
                /* Never written over: the next name. */
            }
        }
        throw new IOException("every name like " + name + " is taken in " + parent);
    }

    Path path() {
        return folder;
    }

    List<Exhibit> exhibits() {
        return List.copyOf(exhibits);
    }

    Exhibit add(String name, String source, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(name, source, new ByteArrayInputStream(bytes), bytes.length);
    }

    /** Writes at most so many bytes of a stream. */
    Exhibit add(String name, String source, InputStream in, long maxBytes) throws IOException {
        Path file = folder.resolve(name);
        MessageDigest digest = sha256();
        long most = Math.min(maxBytes, MAX_TOTAL_BYTES - total);
        long written = 0;
        boolean cut = false;
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, fresh, mode("rw-------"))) {
            byte[] block = new byte[BLOCK_BYTES];
            for (int length = in.read(block); length > 0 && !cut; length = cut ? -1 : in.read(block)) {
                int take = (int) Math.min(length, most - written);
                cut = take < length;
                digest.update(block, 0, take);
                written += take;
                for (ByteBuffer bytes = ByteBuffer.wrap(block, 0, take); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
            }
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        total += written;
        Exhibit exhibit = new Exhibit(name, source, written, HexFormat.of().formatHex(digest.digest()), cut);
        exhibits.add(exhibit);
        return exhibit;
    }

    /** Writes the sums in the form of sha256sum(1), and sees that the folder itself is on the disk. */
    void seal() throws IOException {
        StringBuilder sums = new StringBuilder();
        exhibits.forEach(exhibit -> sums.append(exhibit.sha256())
                .append("  ")
                .append(exhibit.file())
                .append('\n'));
        add("SHA256SUMS", "", sums.toString());
        sync(folder);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
