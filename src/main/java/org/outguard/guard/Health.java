package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.detect.DecisionLog;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.observation.TrafficObservation.SourceState;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.guard.stats.Nanos;

/** What the guard says of itself: how its sources are, what limits it, and what has happened. */
final class Health {

    private static final int MAX_NOTICES = 200;

    private final DecisionLog log;

    private final Map<String, SourceHealth> sources = new LinkedHashMap<>();
    private final Map<String, String> limits = new LinkedHashMap<>();
    private final Deque<Notice> notices = new ArrayDeque<>();
    private Optional<Instant> countingSince = Optional.empty();

    Health(DecisionLog log) {
        this.log = log;
    }

    /** Takes in how a source of packets or of mail is. */
    void take(SourceHealth source, long nowNanos) {
        SourceHealth before = sources.put(source.source(), source);
        boolean changed = before == null || before.state() != source.state();
        switch (source.state()) {
            case RUNNING, ENDED -> {
                limits.remove("source " + source.source());
                if (changed && before != null && source.state() == SourceState.RUNNING) {
                    note(nowNanos, Notice.Level.INFO, source.source() + " is watched again");
                }
            }
            case WAITING, FAILED -> {
                String what = source.words();
                limits.put("source " + source.source(), what);
                if (changed) {
                    note(
                            nowNanos,
                            source.state() == SourceState.FAILED ? Notice.Level.ERROR : Notice.Level.WARNING,
                            what);
                }
            }
        }
    }

    /** Whether all interfaces are watched, or none can be. */
    boolean seesEverythingOrNothing() {
        boolean blind = sources.values().stream().allMatch(s -> s.state() == SourceState.FAILED);
        return blind || sources.containsKey(SourceHealth.ANY);
    }

    /** Says what limits the guard, or with an empty reason that this does no longer. */
    void degrade(String about, String reason) {
        if (reason.isEmpty()) {
            log.degrades(about, limits.remove(about), reason);
        } else {
            log.degrades(about, limits.put(about, reason), reason);
        }
    }

    /** The same, with a notice when it begins. */
    void alarm(String about, String words, Instant now) {
        if (!words.isEmpty() && !limits.containsKey(about)) {
            note(new Notice(now, Notice.Level.WARNING, words));
        }
        degrade(about, words);
    }

    private void note(long atNanos, Notice.Level level, String text) {
        note(new Notice(Nanos.instant(atNanos), level, text));
    }

    void note(Notice notice) {
        log.notes(notice);
        notices.addLast(notice);
        while (notices.size() > MAX_NOTICES) {
            notices.removeFirst();
        }
    }

    /**
     * Since when packets are counted; empty while none can be.
     *
     * @param kernel whether the kernel eye is in force: it counts what leaves by devices that are there, also where they
     *     cannot be captured
     */
    Optional<Instant> countingSince(boolean kernel, Instant now) {
        boolean counts = sources.values().stream()
                .anyMatch(source ->
                        source.state() == SourceState.RUNNING || kernel && source.state() == SourceState.FAILED);
        countingSince = counts ? countingSince.or(() -> Optional.of(now)) : Optional.empty();
        return countingSince;
    }

    /** Packets that all captures have lost so far. */
    long dropped() {
        return sources.values().stream().mapToLong(SourceHealth::dropped).sum();
    }

    List<SourceHealth> sources() {
        return List.copyOf(sources.values());
    }

    /** Reasons, the oldest first. */
    List<String> limits() {
        return List.copyOf(limits.values());
    }

    /** The last {@value #MAX_NOTICES}, the oldest first. */
    List<Notice> notices() {
        return List.copyOf(notices);
    }
}
