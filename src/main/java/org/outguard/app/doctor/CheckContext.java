package org.outguard.app.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Where a check looks.
 *
 * @param root where the machine's files are: {@code /}
 * @param programs asks programs that change nothing
 */
record CheckContext(Path root, CommandRunner programs) {

    private static final int MAX_BYTES = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    Path at(String path) {
        return root.resolve(path);
    }

    boolean has(String path) {
        return Files.exists(at(path));
    }

    /** At most a few megabytes of a file; empty where it cannot be read. */
    Optional<String> text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Optional<String> text(String path) {
        return text(at(path));
    }

    /** What is in a folder, by name; empty where it is not there. */
    List<Path> in(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            // Not there on this machine.
        }
        entries.sort(null);
        return entries;
    }

    /** What a program prints; empty where it is not there or fails. */
    Optional<String> output(String... argv) {
        CommandResult result = programs.run(List.of(argv), "", PATIENCE);
        return result instanceof CommandResult.Finished finished && finished.exitStatus() == 0
                ? Optional.of(finished.stdout())
                : Optional.empty();
    }

    /** What comes of a program that reads this. */
    CommandResult run(String input, String... argv) {
        return programs.run(List.of(argv), input, PATIENCE);
    }

    /** Number of a user by passwd(5); empty where there is none of that name. */
    Optional<String> uid(String user) {
        return text("etc/passwd")
                .orElse("")
                .lines()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > 2 && fields[0].equals(user))
                .map(fields -> fields[2])
                .findFirst();
    }
}
