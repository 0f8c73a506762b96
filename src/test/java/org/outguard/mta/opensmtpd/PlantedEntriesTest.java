package org.outguard.mta.opensmtpd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.QueueChange;

/** A message of OpenSMTPD whose files make a parser throw is listed without its origin, and the next one is read. */
class PlantedEntriesTest {

    /* Whatever opens a file throws: there is no host to do it. */
    @SuppressWarnings("NullAway")
    private final QueueFolder folder = new QueueFolder(Path.of("/nowhere"), null);

    @Test
    void bothOfTwoAreListed() {
        String list = entry("aaaaaaaa11111111") + entry("bbbbbbbb11111111");
        SmtpctlReader reader = new SmtpctlReader(
                "opensmtpd",
                "/usr/sbin/smtpctl",
                folder,
                new ProgramCalls((argv, stdin, limit) -> new CommandResult.Finished(0, list, "")),
                () -> 0);
        QueueChange change = reader.look(Duration.ofSeconds(1));
        assertThat(change.seen()).extracting(one -> one.id().id()).containsExactlyInAnyOrder("aaaaaaaa", "bbbbbbbb");
        assertThat(change.problem()).contains("files of /nowhere could not be parsed 2 times");
    }

    private static String entry(String id) {
        return id + "|inet4|mta||a@example.org|b@example.net|b@example.net|1795543087|1795888687|0|0|pending|30|\n";
    }
}
