package org.outguard.trace.left;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.app.output.OpenedFiles;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;
import org.outguard.trace.tree.TreeBounds;

/**
 * How long the checks of {@code doctor} and {@code trace} take for a web tree, and the most memory that the process had resident, as
 * a program of its own: {@code TreeBench [FILES [FOLDER]]}, 500,000 in a folder of its own if not given; a folder that is given
 * stays, and is filled only where it is empty. Half of the files are PHP as honest plugins have it, and among them lie what hostile
 * trees have: links that lead round, a sparse file of 4 GB, names with escapes. Files that were just made are in the
 * page cache; the second round is warm in any case.
 */
final class TreeBench {

    private static final int FILES_OF_A_FOLDER = 200;
    private static final long SPARSE = 4L << 30;
    private static final String PHP = """
            <?php
            namespace Shop\\Plugin;
            /** Renders the list of products of a category, cached for an hour. */
            final class ProductList%d {
                public function render(array $products, string $title): string {
                    $rows = array_map(fn ($one) => '<li>' . htmlspecialchars($one['name']) . '</li>', $products);
                    return '<h2>' . htmlspecialchars($title) . '</h2><ul>' . implode("\\n", $rows) . '</ul>';
                }
            }
            """;

    private TreeBench() {}

    public static void main(String[] arguments) throws IOException {
        int files = arguments.length == 0 ? 500_000 : Integer.parseInt(arguments[0]);
        Path folder = arguments.length < 2 ? Files.createTempDirectory("tree-bench") : Path.of(arguments[1]);
        try {
            if (!Files.exists(folder.resolve("var/www"))) {
                fill(folder, files);
            }
            for (int round = 1; round <= 2; round++) {
                measure(folder, files, round);
            }
        } finally {
            if (arguments.length < 2) {
                Files.walkFileTree(folder, new Removal());
            }
        }
    }

    /* A list of all paths would not fit into the memory that is measured here. */
    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }

    private static void measure(Path folder, int files, int round) throws IOException {
        Path proc = Path.of("/proc");
        Scene scene = Scene.of(
                folder,
                new OpenedFiles(),
                List.of("/var/www"),
                proc,
                new ProcessFacts(proc, new PasswdFile(folder.resolve("etc/passwd"))),
                new TreeBounds(TreeBounds.USUAL.entries(), Duration.ofMinutes(5), 200_000, 128),
                System::nanoTime,
                () -> false);
        long begun = System.nanoTime();
        List<Leftover> found = LeftChecks.look(scene, Set.of(), what -> {});
        double seconds = (System.nanoTime() - begun) / 1e9;
        String most = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D+", ""))
                .findFirst()
                .orElse("0");
        System.out.printf(
                Locale.ROOT,
                "round %d: %,d files in %.1f s, most resident %d MB, findings %d, not all seen %b%n",
                round,
                files,
                seconds,
                Long.parseLong(most) / 1000,
                found.size(),
                found.stream().anyMatch(one -> one.check().equals("not-all-seen")));
    }

    private static void fill(Path folder, int files) throws IOException {
        Path site = Files.createDirectories(folder.resolve("var/www/shop"));
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(
                folder.resolve("etc/passwd"),
                "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n");
        Path at = site;
        for (int i = 0; i < files; i++) {
            if (i % FILES_OF_A_FOLDER == 0) {
                at = Files.createDirectories(
                        site.resolve("wp-content/plugins/p" + i / 10_000 + "/d" + i / FILES_OF_A_FOLDER));
            }
            if (i % 2 == 0) {
                Files.writeString(at.resolve("list" + i + ".php"), PHP.formatted(i));
            } else {
                Files.write(at.resolve("image" + i + ".webp"), ("RIFF" + i).getBytes(StandardCharsets.US_ASCII));
            }
        }
        Files.createSymbolicLink(at.resolve("round"), site);
        Files.createSymbolicLink(at.resolve("self"), Path.of("self"));
        Files.writeString(at.resolve("esc\u001b[2Jape.php"), PHP.formatted(0));
        try (RandomAccessFile sparse =
                new RandomAccessFile(at.resolve("sparse.php").toFile(), "rw")) {
            sparse.setLength(SPARSE);
        }
    }
}
