package org.outguard.trace.left;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.outguard.procfs.ForeignFiles;
import org.outguard.procfs.ProcessFacts;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.tree.TreeBounds;
import org.outguard.trace.tree.TreeWalk;

/**
 * Where checks look.
 *
 * @param texts the machine's files
 * @param users who there is
 * @param webRoots folders that web servers serve from, with a slash in front
 * @param proc where proc(5) of the same machine is mounted
 * @param processes reads it
 * @param live whether the tree is the running machine's, so that its processes are meant too
 * @param bounds of all walks together
 * @param nanos a clock as {@link System#nanoTime}
 * @param stop whether nobody waits for it any more
 */
public record Scene(
        ForeignText texts,
        Users users,
        List<String> webRoots,
        Path proc,
        ProcessFacts processes,
        boolean live,
        TreeBounds bounds,
        LongSupplier nanos,
        BooleanSupplier stop) {

    public Scene {
        webRoots = List.copyOf(webRoots);
    }

    /**
     * A scene with the users of its own tree.
     *
     * @param root {@code /}, or where another machine's disk is mounted
     */
    public static Scene of(
            Path root,
            ForeignFiles foreign,
            List<String> webRoots,
            Path proc,
            ProcessFacts processes,
            TreeBounds bounds,
            LongSupplier nanos,
            BooleanSupplier stop) {
        ForeignText texts = new ForeignText(root, foreign);
        return new Scene(
                texts, Users.read(texts), webRoots, proc, processes, root.equals(Path.of("/")), bounds, nanos, stop);
    }

    /** When a file was changed, for people. */
    String changed(String file) {
        return "file changed "
                + texts.entry(file).map(FileEntry::written).map(String::valueOf).orElse("at an unknown time");
    }

    TreeWalk walk() {
        return new TreeWalk(texts.root(), texts.foreign(), bounds, nanos, stop);
    }
}
