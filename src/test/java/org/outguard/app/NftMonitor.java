package org.outguard.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@code nft monitor}: the kernel's own word, by netlink, of what is in a network namespace's tables, and when it was
 * heard. It is heard a little after it is so: a time that ends with it is never too short.
 */
final class NftMonitor implements AutoCloseable {

    /** An event and the {@link System#nanoTime()} at which it was heard. */
    record Heard(long nanos, String event) {}

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final ConcurrentLinkedQueue<Heard> heard = new ConcurrentLinkedQueue<>();

    /** Begins to listen; what happens once this has returned is heard. */
    NftMonitor(Path namespace) throws IOException {
        List<String> inside = List.of("nsenter", "--net=" + namespace, "--", "nft");
        process = new ProcessBuilder(words(inside, "monitor")).start();
        Thread reader = new Thread(this::read, "nft monitor");
        reader.setDaemon(true);
        reader.start();
        // The first word is that of a table made for it, asked for until it is heard: from then on it listens.
        Patience.until("nft monitor speaks", LIMIT, () -> {
            Programs.output("", words(inside, "add table inet heard; delete table inet heard"));
            return !heard.isEmpty();
        });
    }

    private static List<String> words(List<String> inside, String last) {
        return Stream.concat(inside.stream(), Stream.of(last)).toList();
    }

    private void read() {
        try (BufferedReader events =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String event = events.readLine(); event != null; event = events.readLine()) {
                heard.add(new Heard(System.nanoTime(), event));
            }
        } catch (IOException e) {
            // Its end, as it is closed.
        }
    }

    /** Waits for an event that was heard after this time. */
    Heard await(String what, long since, Predicate<String> is) {
        Heard[] found = new Heard[1];
        Patience.until(() -> what + ", but heard " + heard, LIMIT, () -> {
            found[0] = heard.stream()
                    .filter(word -> word.nanos() >= since && is.test(word.event()))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    @Override
    public void close() {
        process.destroy();
    }
}
