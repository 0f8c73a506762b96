package org.outguard.trace.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.outguard.procfs.ForeignFiles;

/**
 * Content of files that an attacker may own or name, by their paths, never more than is asked for.
 *
 * @param root what paths begin at: {@code /}
 * @param foreign opens them
 */
public record ForeignText(Path root, ForeignFiles foreign) {

    private static final int MAX_NAMES = 4_096;
    private static final int BLOCK = 1 << 16;

    /** The first bytes of a regular file; empty where it is none or may not be read. */
    public Optional<byte[]> head(String path, int most) {
        return head(path, most, Optional.empty());
    }

    /** The same with the rights of a user. */
    public Optional<byte[]> head(String path, int most, Optional<ForeignFiles.Reader> reader) {
        try (InputStream in = open(path, reader)) {
            return Optional.of(in.readNBytes(most));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * A regular file for reading.
     *
     * @throws IOException where it is none or may not be read
     */
    public InputStream open(String path, Optional<ForeignFiles.Reader> reader) throws IOException {
        return foreign.open(root, TreeWalk.below(path), reader);
    }

    /**
     * A log file, decompressed where it is compressed.
     *
     * @throws IOException where it is no regular file, or may not or cannot be read
     */
    public InputStream log(String path) throws IOException {
        return foreign.log(root, TreeWalk.below(path));
    }

    /** Its text; empty where it cannot be read. Bytes that are no UTF-8 are replaced. */
    public String text(String path, int most) {
        return text(path, most, Optional.empty());
    }

    /** The same with the rights of a user. */
    public String text(String path, int most, Optional<ForeignFiles.Reader> reader) {
        return head(path, most, reader)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
    }

    /**
     * Digest of the whole content as hexadecimal digits; empty where it cannot be read, or is longer.
     *
     * @param algorithm {@code "SHA-256"}, {@code "MD5"}
     */
    public Optional<String> digest(String path, String algorithm, long most) {
        try (InputStream in = open(path, Optional.empty())) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] block = new byte[BLOCK];
            long all = 0;
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                all += count;
                if (all > most) {
                    return Optional.empty();
                }
                digest.update(block, 0, count);
            }
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(algorithm, e);
        }
    }

    /** Paths of the entries of a folder, by name; none where it is not there. Bounded. */
    public List<String> in(String folder) {
        return in(folder, Optional.empty());
    }

    /** The same with the rights of a user. */
    public List<String> in(String folder, Optional<ForeignFiles.Reader> reader) {
        List<String> paths = new ArrayList<>();
        try (ForeignFiles.Folder opened = foreign.folder(root, TreeWalk.below(folder), reader);
                DirectoryStream<Path> names = Files.newDirectoryStream(opened.path())) {
            for (Path name : names) {
                if (paths.size() == MAX_NAMES) {
                    break;
                }
                paths.add((folder.equals("/") ? "" : folder) + "/" + name.getFileName());
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not there, or not to be read.
        }
        paths.sort(null);
        return paths;
    }

    /** What a look at one name says; the last part is not followed. Empty where nothing is there. */
    public Optional<FileEntry> entry(String path) {
        int slash = path.lastIndexOf('/');
        String folder = slash <= 0 ? "/" : path.substring(0, slash);
        String name = path.substring(slash + 1);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try (ForeignFiles.Folder opened = foreign.folder(root, TreeWalk.below(folder), Optional.empty())) {
            return Optional.of(FileEntry.read(
                    path,
                    Files.readAttributes(
                            opened.path().resolve(name), "unix:" + FileEntry.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
