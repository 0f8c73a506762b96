package org.outguard.app.option;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.outguard.text.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment of the past, as it is typed. */
public interface Moment {

    /** Which one, told now. */
    Instant at(Instant now);

    /**
     * Reads how long ago it was ({@code 2h}, {@code 6d}), a time of RFC 3339 ({@code 2026-11-24T10:00:00Z}), or a date and time of
     * the machine's clock ({@code 2026-11-24}, {@code "2026-11-24 10:00"}). Empty where it is none of these.
     */
    static Optional<Moment> parse(String text, ZoneId zone) {
        Optional<Duration> ago = Durations.parse(text);
        if (ago.isPresent()) {
            return Optional.of(now -> now.minus(ago.get()));
        }
        String iso = text.strip().replace(' ', 'T');
        try {
            if (iso.matches(".*T.*(Z|[+-]\\d\\d:\\d\\d)")) {
                Instant at = OffsetDateTime.parse(iso).toInstant();
                return Optional.of(now -> at);
            }
            Instant at = LocalDateTime.parse(iso.contains("T") ? iso : iso + "T00:00")
                    .atZone(zone)
                    .toInstant();
            return Optional.of(now -> at);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** For picocli. */
    final class Word implements ITypeConverter<Moment> {
        @Override
        public Moment convert(String text) {
            return parse(text, ZoneId.systemDefault())
                    .orElseThrow(() -> new TypeConversionException("'" + text
                            + "' is no time: how long ago (2h, 6d), or as in 2026-11-24, \"2026-11-24 10:00\" or"
                            + " 2026-11-24T10:00:00Z"));
        }
    }
}
