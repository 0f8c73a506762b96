package org.outguard.app.mail;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.app.output.LogExplainer;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.mail.LogReading;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.file.ReplayedLog;
import org.outguard.mta.UserNames;
import org.outguard.text.SafeText;

/**
 * Mail logs beside a trace: their lines are handed in when the trace's time has come to them, in the order of time over
 * all files. Where two files have lines of one moment, the file that begins earlier comes first, so rotated parts of a log
 * may be named in any order.
 */
public final class MailReplay implements AutoCloseable {

    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final MailLog log;
    private final Consumer<Observation> sink;
    private final List<ReplayedLog> tracks = new ArrayList<>();
    private final @Nullable LogExplainer explainer;
    private boolean whole = true;
    private Instant reached = Instant.EPOCH;
    private LogReading told = LogReading.NONE;

    /**
     * Opens the logs; those that cannot be opened are named and left out.
     *
     * @param err where that is said
     * @param explained where to say what was made of each line, null where nobody asks
     */
    public MailReplay(
            List<Path> logs,
            UserNames users,
            Consumer<Observation> sink,
            PrintWriter err,
            @Nullable PrintWriter explained) {
        this.log = MailLogWatch.newLog(users);
        this.sink = sink;
        this.explainer = explained == null ? null : new LogExplainer(log, explained);
        for (Path path : logs) {
            try {
                Instant latest = Files.getLastModifiedTime(path).toInstant();
                ReplayedLog track = new ReplayedLog(path, log.source(path.toString(), latest, Set.of()));
                tracks.add(track);
                while (!track.ended() && !track.hasTime()) {
                    take(track);
                }
            } catch (IOException e) {
                whole = false;
                err.println("outguard: " + SafeText.clean(path + ": cannot be read: " + e.getMessage()));
            }
        }
    }

    /** Hands in all lines up to that time. */
    public void until(Instant now) {
        if (tracks.isEmpty()) {
            return;
        }
        ReplayedLog next = earliest();
        while (next != null && !next.at().isAfter(now)) {
            take(next);
            next = earliest();
        }
        reached = now;
        log.passed(now);
        MailLogWatch.report(log, sink);
        tell();
    }

    private void take(ReplayedLog track) {
        track.take();
        if (explainer != null) {
            explainer.explain(track.source(), sink);
        }
        if (!track.problem().isEmpty()) {
            whole = false;
            sink.accept(new HostObservation.Degraded(
                    "mail log " + track.name(), track.name() + ": damaged: " + track.problem()));
        }
    }

    private void tell() {
        LogReading reading = log.reading();
        if (!reading.equals(told)) {
            told = reading;
            sink.accept(new MailObservation.LogRead(reading));
        }
    }

    /* Few files: looking through them is cheaper than keeping them in order. */
    private @Nullable ReplayedLog earliest() {
        ReplayedLog earliest = null;
        for (ReplayedLog track : tracks) {
            if (!track.ended() && (earliest == null || track.isBefore(earliest))) {
                earliest = track;
            }
        }
        return earliest;
    }

    /** Goes on to the end of the logs, a second at a time where there are lines, and tells when each second is over. */
    public void finish(Consumer<Instant> ticker) {
        Optional<Instant> next = next();
        while (next.isPresent()) {
            Instant now = next.get().plus(STEP);
            until(now);
            ticker.accept(now);
            next = next();
        }
        // What was waited for has not come. Where no line had a time, it is told now that they were read.
        Instant end = reached.plus(GRACE);
        until(end);
        ticker.accept(end);
        if (explainer != null) {
            explainer.finish();
        }
    }

    private Optional<Instant> next() {
        return Optional.ofNullable(earliest()).map(ReplayedLog::at);
    }

    /** Whether no line is left. */
    public boolean ended() {
        return earliest() == null;
    }

    /** Whether every log could be read to its end. */
    public boolean whole() {
        return whole;
    }

    @Override
    public void close() {
        for (ReplayedLog track : tracks) {
            try {
                track.close();
            } catch (IOException e) {
                whole = false;
            }
        }
    }
}
