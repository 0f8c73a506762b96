package org.outguard.maillog.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Earlier parts of a log beside it, as logrotate(8) names them: {@code mail.log.1}, {@code mail.log-20261124.gz}. */
final class RotatedLogs {

    private static final Pattern SUFFIX = Pattern.compile("(\\.\\d{1,3}|-\\d{8}(-?\\d{2,10})?)(\\.(gz|xz|zst|bz2))?");
    private static final int MOST = 8;

    private RotatedLogs() {}

    private record Part(Path path, Instant changed) {}

    /** Those that were written to since then, oldest first. */
    static List<Path> youngerThan(Path log, Instant since) {
        String base = String.valueOf(log.getFileName());
        Path folder = log.toAbsolutePath().getParent();
        List<Part> parts = new ArrayList<>();
        if (folder == null) {
            return List.of();
        }
        try (DirectoryStream<Path> beside = Files.newDirectoryStream(folder)) {
            for (Path path : beside) {
                String name = String.valueOf(path.getFileName());
                if (!name.startsWith(base)
                        || !SUFFIX.matcher(name.substring(base.length())).matches()) {
                    continue;
                }
                FileTime changed = Files.getLastModifiedTime(path);
                if (!changed.toInstant().isBefore(since)) {
                    parts.add(new Part(path, changed.toInstant()));
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // The log itself will say why.
            return List.of();
        }
        parts.sort(Comparator.comparing(Part::changed));
        return parts.stream()
                .skip(Math.max(0, parts.size() - MOST))
                .map(Part::path)
                .toList();
    }
}
