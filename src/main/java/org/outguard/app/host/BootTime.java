package org.outguard.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When this machine was started, by its clock as it goes now. Worked out from the time since (proc(5), /proc/uptime) each
 * time, since clocks are set; but what is told stays the same to the last digit while none is.
 */
public final class BootTime implements Supplier<Optional<Instant>> {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Duration SAME = Duration.ofSeconds(1);

    private final Path uptime;
    private final InstantSource clock;
    private @Nullable Instant told;

    BootTime(Path uptime, InstantSource clock) {
        this.uptime = uptime;
        this.clock = clock;
    }

    public static BootTime ofThisMachine() {
        return new BootTime(UPTIME, InstantSource.system());
    }

    @Override
    public Optional<Instant> get() {
        try {
            String text = Files.readString(uptime);
            double seconds = Double.parseDouble(text.substring(0, text.indexOf(' ')));
            Instant boot = clock.instant().minusMillis(Math.round(seconds * 1000));
            if (told == null || Duration.between(told, boot).abs().compareTo(SAME) > 0) {
                told = boot;
            }
            return Optional.of(told);
        } catch (IOException | RuntimeException e) {
            // No such file, or something else in it: then nobody can tell.
            return Optional.empty();
        }
    }
}
