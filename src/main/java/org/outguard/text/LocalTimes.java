package org.outguard.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When things were, as somebody at this machine tells it: by the clock on the wall, with how long ago that is.
 *
 * @param zone of the clock; asked once there is something to time, since its rules take a while to load
 * @param boot when the machine was started, which is what start times of processes count from; empty where nobody can tell
 */
public record LocalTimes(Supplier<ZoneId> zone, Supplier<Optional<Instant>> boot) {

    /* USER_HZ, the unit of start times in /proc/PID/stat: 100 on every architecture that Debian runs on, see time(7). */
    private static final long MILLIS_PER_TICK = 10;

    private static final long DAY_SECONDS = 86_400;

    /** {@code 17:00:45}. */
    public String clock(Instant at) {
        return Times.clock(at, zone.get());
    }

    /** {@code 17:00:03, 42s ago}; {@code 2025-12-03 15:42:25, 2d1h ago} from a day on. */
    public String ago(Instant at, Instant now) {
        Duration age = Duration.between(at, now);
        String day = age.toSeconds() < DAY_SECONDS ? "" : at.atZone(zone.get()).toLocalDate() + " ";
        return day + clock(at) + ", " + Durations.age(age) + " ago";
    }

    /**
     * When a process was started.
     *
     * @param startTicks after boot, see {@link org.outguard.owner.ProcessId}
     */
    public Optional<Instant> started(long startTicks) {
        return boot.get().map(at -> at.plusMillis(startTicks * MILLIS_PER_TICK));
    }
}
