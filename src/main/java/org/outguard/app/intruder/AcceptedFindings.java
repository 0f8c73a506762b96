package org.outguard.app.intruder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.Finding;

/**
 * Findings that an admin has looked at and lives with, one key a line. A key with a subject is of that subject alone: the next
 * file of the kind is told of.
 *
 * @param file where they are kept
 */
public record AcceptedFindings(Path file) {

    private static final int MAX_KEYS = 10_000;

    public static AcceptedFindings usual() {
        return new AcceptedFindings(Wiring.journal(null).folder().resolve("doctor-accepted"));
    }

    /**
     * What is accepted.
     *
     * @throws IOException where the file is there and cannot be read
     */
    public Set<String> read() throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return new LinkedHashSet<>(
                    lines.filter(line -> !line.isBlank()).limit(MAX_KEYS).toList());
        } catch (NoSuchFileException e) {
            return Set.of();
        }
    }

    /**
     * Accepts what was found.
     *
     * @param wanted an id, for all that is found of it now, or a key
     * @return how many of the findings that is
     * @throws IOException where it cannot be kept
     */
    public int accept(String wanted, List<Finding> findings) throws IOException {
        List<String> keys = findings.stream()
                .filter(finding -> finding.id().equals(wanted) || finding.key().equals(wanted))
                .map(Finding::key)
                .filter(key -> !key.contains("\n"))
                .toList();
        if (!keys.isEmpty()) {
            Set<String> all = new LinkedHashSet<>(read());
            all.addAll(keys);
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, new ArrayList<>(all), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return keys.size();
    }
}
