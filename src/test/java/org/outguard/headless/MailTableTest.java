package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.LogReading;

/** What a table says of the reading of logs, so that nobody takes silence for peace. */
class MailTableTest {

    @Test
    void howMuchWasReadAndWhatWasNotUnderstood() {
        var reading = new LogReading(
                12_345,
                40,
                2,
                Optional.of(new LogReading.Place("mail.log", 17)),
                List.of(new LogReading.Kind("noTime", "without a readable time", 40)),
                List.of("qmail"));
        assertThat(table(reading).limits())
                .containsExactly(
                        "mail log: 12,345 lines read, 40 not understood (first: line 17 of mail.log);"
                                + " 40 without a readable time; 2 forged, left out",
                        "qmail: its log was seen; flows and blocks work, its queue and its logs are not read");
    }

    @Test
    void whereNoLogIsReadNothingIsSaidOfIt() {
        assertThat(table(LogReading.NONE).limits()).isEmpty();
        assertThat(table(LogReading.NONE).lines()).isEmpty();
        assertThat(table(LogReading.NONE).busiest()).isEqualTo("no mail");
    }

    private static MailTable table(LogReading reading) {
        MailSnapshot none = MailSnapshot.NONE;
        return new MailTable(
                new MailSnapshot(
                        true, List.of(), none.totals(), List.of(), 0, List.of(), MailSnapshot.News.NONE, reading),
                80);
    }
}
