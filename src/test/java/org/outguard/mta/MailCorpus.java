package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.outguard.exec.CommandResult;
import org.outguard.exec.ProcessRunner;

/** Spools of real mail systems with what is true of each message, by who sent it rather than by what was parsed. */
public final class MailCorpus {

    private MailCorpus() {}

    /** Unpacks a spool below this folder. */
    public static void unpack(String name, Path into) {
        Path tar = into.resolve(name + ".tar.gz");
        try (InputStream in = resource(name + "/spool.tar.gz")) {
            Files.copy(in, tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CommandResult result = new ProcessRunner(Thread::new)
                .run(
                        List.of("tar", "-C", into.toString(), "-xzf", tar.toString(), "--no-same-owner"),
                        "",
                        Duration.ofSeconds(20));
        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        r -> assertThat(r.exitStatus()).as(r.stderr()).isZero());
    }

    /** Contents of those files of a spool that are wanted, in order of their names. */
    public static List<byte[]> files(String name, Predicate<Path> wanted) throws IOException {
        Path folder = Files.createTempDirectory("corpus");
        try {
            unpack(name, folder);
            List<byte[]> contents = new ArrayList<>();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file :
                        all.filter(Files::isRegularFile).filter(wanted).sorted().toList()) {
                    contents.add(Files.readAllBytes(file));
                }
            }
            return contents;
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    /** The truth of those messages that were in the queue at the end. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> queued(String name) {
        try (InputStream in = new GZIPInputStream(resource(name + "/truth.json.gz"))) {
            List<Map<String, Object>> all =
                    (List<Map<String, Object>>) JSON.std.mapFrom(in).get("messages");
            return all.stream()
                    .filter(m -> m.get("queue_at_end") != null || name.equals("postfix-bounces"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of a packed text. */
    public static List<String> lines(String file) {
        try (InputStream in = new GZIPInputStream(resource(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(MailCorpus.class.getResourceAsStream("/mail-corpus/" + name), name);
    }

    /** The users of the machine on which the corpus was made. */
    public static UserNames users() {
        Map<Integer, String> names = Map.of(0, "root", 33, "www-data", 1001, "site1", 1002, "site2");
        return new UserNames() {
            @Override
            public String nameOf(int uid) {
                return names.getOrDefault(uid, Integer.toUnsignedString(uid));
            }

            @Override
            public OptionalInt uidOf(String user) {
                return names.entrySet().stream()
                        .filter(e -> e.getValue().equals(user))
                        .mapToInt(Map.Entry::getKey)
                        .findFirst();
            }
        };
    }
}
