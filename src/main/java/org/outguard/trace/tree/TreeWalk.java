package org.outguard.trace.tree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.outguard.procfs.ForeignFiles;

/**
 * Goes through trees name by name, in memory that does not grow with them: links are not followed, other file systems are not
 * entered, and only folders are opened. One walk shares its bounds over all the trees that it goes through.
 */
public final class TreeWalk {

    private static final String WANTED = "unix:" + FileEntry.ATTRIBUTES;
    private static final int LOOK_AT_CLOCK = 256;

    private final Path root;
    private final ForeignFiles foreign;
    private final TreeBounds bounds;
    private final LongSupplier nanos;
    private final BooleanSupplier stop;
    private final long begin;

    private long entries;
    private long unread;
    private String cut = "";

    /**
     * @param root what paths begin at: {@code /}
     * @param foreign opens the folders
     * @param nanos a clock as {@link System#nanoTime}
     * @param stop whether nobody waits for it any more
     */
    public TreeWalk(Path root, ForeignFiles foreign, TreeBounds bounds, LongSupplier nanos, BooleanSupplier stop) {
        this.root = root;
        this.foreign = foreign;
        this.bounds = bounds;
        this.nanos = nanos;
        this.stop = stop;
        this.begin = nanos.getAsLong();
    }

    /** A folder that waits; its file system is told by the number of its device. */
    private record Waiting(String path, int depth, long device) {}

    /**
     * Looks at all names below a folder.
     *
     * @param start with a slash in front; one that is not there is passed over
     * @param skip folders that are not looked into, by path
     * @param visitor is handed each name but the start
     */
    public void walk(String start, Predicate<String> skip, Consumer<FileEntry> visitor) {
        ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        waiting.push(new Waiting(start.equals("/") ? "" : start, 0, -1));
        while (!waiting.isEmpty() && cut.isEmpty()) {
            folder(waiting.pop(), waiting, skip, visitor);
        }
    }

    private void folder(
            Waiting here, ArrayDeque<Waiting> waiting, Predicate<String> skip, Consumer<FileEntry> visitor) {
        try (ForeignFiles.Folder opened = foreign.folder(root, below(here.path()), Optional.empty());
                DirectoryStream<Path> names = Files.newDirectoryStream(opened.path())) {
            // The start may be a mount point itself; what lies below must be of the same file system.
            long device = here.device() >= 0 ? here.device() : device(opened.path());
            for (Path name : names) {
                if (over()) {
                    return;
                }
                entry(name, here, device, waiting, skip, visitor);
            }
        } catch (IOException | DirectoryIteratorException e) {
            unread += here.depth() == 0 ? 0 : 1;
        }
    }

    private static long device(Path folder) throws IOException {
        return Files.getAttribute(folder, "unix:dev") instanceof Long device ? device : -1;
    }

    private void entry(
            Path name,
            Waiting here,
            long device,
            ArrayDeque<Waiting> waiting,
            Predicate<String> skip,
            Consumer<FileEntry> visitor) {
        Map<String, Object> facts;
        try {
            facts = Files.readAttributes(name, WANTED, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            // Gone between the two looks.
            return;
        }
        FileEntry entry = FileEntry.read(here.path() + "/" + name.getFileName(), facts);
        visitor.accept(entry);
        boolean sameDevice = facts.get("dev") instanceof Long dev && dev == device;
        if (!entry.isFolder() || !sameDevice || skip.test(entry.path())) {
            return;
        }
        if (here.depth() >= bounds.depth() || waiting.size() >= bounds.waiting()) {
            unread++;
        } else {
            waiting.push(new Waiting(entry.path(), here.depth() + 1, device));
        }
    }

    private boolean over() {
        if (!cut.isEmpty()) {
            return true;
        }
        if (++entries > bounds.entries()) {
            cut = "there are more than " + bounds.entries() + " files";
        } else if (entries % LOOK_AT_CLOCK == 0) {
            if (nanos.getAsLong() - begin > bounds.time().toNanos()) {
                cut = "it took longer than " + bounds.time().toSeconds() + " s";
            } else if (stop.getAsBoolean()) {
                cut = "it was interrupted";
            }
        }
        return !cut.isEmpty();
    }

    static String below(String path) {
        String below = path.startsWith("/") ? path.substring(1) : path;
        return below.isEmpty() ? "." : below;
    }

    /** Names that were looked at. */
    public long entries() {
        return entries;
    }

    /** Folders that could not be looked into, or lie too deep. */
    public long unread() {
        return unread;
    }

    /** Why it ended before its end; empty where it did not. */
    public Optional<String> cut() {
        return cut.isEmpty() ? Optional.empty() : Optional.of(cut);
    }
}
