package org.outguard.mta.exim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.QueueChange;

/** An entry of exim -bpr at which the parser throws is counted, and the next one is read. */
class PlantedEntriesTest {

    /** Throws when it is asked the second time, which is for the second entry. */
    private static final class Planted extends Clock {
        private int asked;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            if (++asked == 2) {
                throw new IllegalStateException("planted");
            }
            return Instant.EPOCH;
        }
    }

    @Test
    void oneOfThreeIsCounted() {
        String list =
                entry("1wBqz0-0000000003K-0001") + entry("1wBqz0-0000000003K-0002") + entry("1wBqz0-0000000003K-0003");
        EximListReader reader = new EximListReader(
                new EximProgram("/usr/sbin/exim4", Optional.empty()),
                new ProgramCalls((argv, stdin, limit) -> new CommandResult.Finished(0, list, "")),
                new Planted(),
                () -> 0);
        QueueChange change = reader.look(Duration.ofSeconds(1));
        assertThat(change.seen())
                .extracting(one -> one.id().id())
                .containsExactlyInAnyOrder("1wBqz0-0000000003K-0001", "1wBqz0-0000000003K-0003");
        assertThat(change.problem()).contains("1 entries of exim -bpr could not be read");
    }

    private static String entry(String id) {
        return " 3m   412 " + id + " <www-data@mail.example.org>\n          b@example.org\n\n";
    }
}
