package org.outguard.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.outguard.guard.Observation;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Source;
import org.outguard.mta.UserNames;
import org.outguard.text.SafeText;

/** Mail logs beside a trace: their lines are handed in when the trace's time has come to them. */
final class MailReplay implements AutoCloseable {

    private static final int LONGEST = 16_384;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final MailLog log;
    private final Consumer<Observation> sink;
    private final List<Track> tracks = new ArrayList<>();
    private boolean whole = true;

    /** One file, with the line that is next. */
    private static final class Track {
        private final Path path;
        private final InputStream in;
        private final Source source;
        private byte[] line = new byte[0];
        private Instant at = Instant.MIN;
        private boolean ended;

        Track(Path path, InputStream in, Source source) {
            this.path = path;
            this.in = in;
            this.source = source;
        }

        /** Takes the next line; one without a time of its own belongs to the one before. */
        void advance() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            int b = in.read();
            ended = b < 0;
            while (b >= 0 && b != '\n') {
                if (bytes.size() < LONGEST) {
                    bytes.write(b);
                }
                b = in.read();
            }
            line = bytes.toByteArray();
            Instant stamp = source.timeOf(line, 0, line.length).orElse(at);
            at = stamp;
        }
    }

    /**
     * Opens the logs; those that cannot be opened are named and left out.
     *
     * @param err where that is said
     */
    MailReplay(List<Path> logs, UserNames users, Consumer<Observation> sink, PrintWriter err) {
        this.log = MailLogWatch.newLog(users);
        this.sink = sink;
        for (Path path : logs) {
            try {
                InputStream raw = Files.newInputStream(path);
                InputStream in =
                        new BufferedInputStream(path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw);
                Track track = new Track(
                        path, in, log.source(Files.getLastModifiedTime(path).toInstant()));
                track.advance();
                tracks.add(track);
            } catch (IOException e) {
                whole = false;
                err.println("outguard: " + SafeText.clean(path + ": cannot be read: " + e.getMessage()));
            }
        }
    }

    /** Hands in all lines up to that time. */
    void until(Instant now) {
        for (Track track : tracks) {
            try {
                while (!track.ended && !track.at.isAfter(now)) {
                    track.source.line(track.line, 0, track.line.length);
                    track.advance();
                }
            } catch (IOException e) {
                whole = false;
                track.ended = true;
                sink.accept(new Observation.Degraded(
                        "mail log " + track.path, track.path + ": damaged: " + e.getMessage()));
            }
        }
        log.passed(now);
        MailLogWatch.report(log, sink);
    }

    /** Goes on to the end of the logs, a second at a time where there are lines, and tells when each second is over. */
    void finish(Consumer<Instant> ticker) {
        Optional<Instant> next = next();
        Optional<Instant> last = Optional.empty();
        while (next.isPresent()) {
            Instant now = next.get().plus(STEP);
            until(now);
            ticker.accept(now);
            last = Optional.of(now);
            next = next();
        }
        // What was waited for has not come.
        last.map(now -> now.plus(GRACE)).ifPresent(now -> {
            until(now);
            ticker.accept(now);
        });
    }

    private Optional<Instant> next() {
        return tracks.stream().filter(t -> !t.ended).map(t -> t.at).min(Instant::compareTo);
    }

    /** Whether every log could be read to its end. */
    boolean whole() {
        return whole;
    }

    @Override
    public void close() {
        for (Track track : tracks) {
            try {
                track.in.close();
            } catch (IOException e) {
                whole = false;
            }
        }
    }
}
