package org.outguard.headless;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.outguard.guard.snapshot.Snapshot;

/**
 * The same metrics in a file, for the textfile collector of node_exporter. Each version is written beside it and takes its name, so
 * that a reader never sees half of one, and what was there under that name, a link too, is replaced and not followed. The file goes
 * when the watching ends: metrics of a guard that is gone would look like those of a quiet one. One thread uses it.
 */
public final class MetricsFile implements AutoCloseable {

    /** How often it is written, at most; as often as Prometheus mostly asks. */
    public static final Duration INTERVAL = Duration.ofSeconds(15);

    /** The collector reads no file of another name. */
    public static final String SUFFIX = ".prom";

    private final Path file;
    private final Path fresh;
    private final PrometheusRegistry registry;
    private final Supplier<Snapshot> newest;
    private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();
    private long dueMillis = Long.MIN_VALUE;

    /**
     * One that is not written yet.
     *
     * @param file its name ends in {@link #SUFFIX}
     * @param newest what it is made of
     * @param ticks how long the guard's ticks take
     * @param clock tells how old that is
     */
    public MetricsFile(Path file, Supplier<Snapshot> newest, TickTimes ticks, InstantSource clock) {
        Path whole = file.toAbsolutePath();
        this.file = whole;
        this.fresh = whole.resolveSibling(
                "." + whole.getFileName() + "." + ProcessHandle.current().pid());
        this.newest = newest;
        this.registry = Metrics.registry(newest, ticks, clock);
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * Writes it where that is due.
     *
     * @throws IOException where it cannot be written; the next turn tries again
     */
    public void turn() throws IOException {
        long now = newest.get().at().toEpochMilli();
        if (now >= dueMillis) {
            write();
            dueMillis = now + INTERVAL.toMillis();
        }
    }

    private void write() throws IOException {
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        try {
            // Whatever the umask is: node_exporter runs as another user.
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
            try (OutputStream out = Files.newOutputStream(fresh)) {
                text.write(out, registry.scrape());
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
