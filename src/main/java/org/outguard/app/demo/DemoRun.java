package org.outguard.app.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The order of events of a demonstration that lasts for a given time: the bystander first, then the floods, and
 * silence at the end, so that everything that was sent has been counted when the last figures are given.
 *
 * <p>Whoever watches the uplink has to be ready before. One thread calls {@link #doWork}, often; a call takes up to a
 * few hundred milliseconds where a sender is started or stopped.
 */
public final class DemoRun {

    /** From the bystander's start to the floods'. */
    private static final Duration CALM = Duration.ofMillis(500);

    /** From the floods' end to the end: some ticks of the guard, and the time that a capture may keep packets back. */
    private static final Duration SILENCE = Duration.ofMillis(1500);

    /** Less than this leaves no time for a flood. */
    public static final Duration SHORTEST = Duration.ofSeconds(4);

    private final Lab lab;
    private final long startNanos;
    private final Duration length;
    private Stage stage = Stage.READY;

    private enum Stage {
        READY,
        CALM,
        FLOOD,
        SILENCE,
        OVER
    }

    /**
     * A demonstration that begins now.
     *
     * @param lab where
     * @param nowNanos a monotonic clock
     * @param length {@link #SHORTEST} up to {@link Lab#LONGEST}
     */
    public DemoRun(Lab lab, long nowNanos, Duration length) {
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(Lab.LONGEST) > 0) {
            throw new IllegalArgumentException("length " + length);
        }
        this.lab = lab;
        this.startNanos = nowNanos;
        this.length = length;
    }

    /**
     * Does what is due.
     *
     * @param nowNanos the same clock
     * @return why a sender could not be started, where it could not; the demonstration is pointless then
     */
    public Optional<String> doWork(long nowNanos) {
        long elapsed = nowNanos - startNanos;
        switch (stage) {
            case READY -> {
                stage = Stage.CALM;
                return lab.startBystander(senderLimit());
            }
            case CALM -> {
                if (elapsed >= CALM.toNanos()) {
                    stage = Stage.FLOOD;
                    return lab.startFloods(senderLimit());
                }
            }
            case FLOOD -> {
                if (elapsed >= length.minus(SILENCE).toNanos()) {
                    stage = Stage.SILENCE;
                    lab.stopFloods();
                    lab.stopBystander();
                }
            }
            case SILENCE -> {
                if (elapsed >= length.toNanos()) {
                    stage = Stage.OVER;
                }
            }
            case OVER -> {}
        }
        return Optional.empty();
    }

    /** Whether the time is over and the last figures may be given. */
    public boolean isOver() {
        return stage == Stage.OVER;
    }

    /** What the senders say that they have sent; complete once it is over. */
    public List<SenderReport> reports() {
        return lab.reports();
    }

    /* Their own end is the last resort; they are stopped before. */
    private Duration senderLimit() {
        Duration limit = length.plusSeconds(5);
        return limit.compareTo(Lab.LONGEST) > 0 ? Lab.LONGEST : limit;
    }
}
