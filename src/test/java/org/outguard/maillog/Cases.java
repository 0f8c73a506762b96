package org.outguard.maillog;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;

/** Small logs in forms that other people's servers write, each with the right answer beside it; see their why.md. */
final class Cases {

    static final Path FOLDER = Path.of("src/test/resources/mail-cases");

    private Cases() {}

    static List<String> names() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its log files. */
    static List<Path> logs(String name) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(name))) {
            return files.filter(file -> !file.toString().matches(".*\\.(json|md)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<byte[]> lines(String name) {
        return logs(name).stream()
                .flatMap(log -> Corpus.lines(read(log)).stream())
                .toList();
    }

    static Map<String, Object> expected(String name) {
        try {
            return JSON.std.mapFrom(read(FOLDER.resolve(name).resolve("expect.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether that is behind a message, by name or by number. */
    static boolean isBehind(LoggedMessage message, Object who) {
        MailOrigin root = message.root().origin();
        return root.who().equals(who)
                || root instanceof MailOrigin.LocalUser user
                        && Integer.toString(user.uid()).equals(who);
    }
}
