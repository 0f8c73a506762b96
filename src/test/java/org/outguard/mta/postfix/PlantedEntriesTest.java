package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.QueueChange;

/** Entries of showq(8) at which a parser throws are counted, and the next one is read. */
class PlantedEntriesTest {

    @Test
    void ofTheSocket() throws IOException {
        String list = entry("4C1D22A07F1") + entry("4C1D22A07F2") + entry("4C1D22A07F3") + "\0";
        List<QueuedMessage> read = new ArrayList<>();
        int damaged = ShowqSocket.list(
                new ByteArrayInputStream(list.getBytes(StandardCharsets.US_ASCII)), "postfix", message -> {
                    if (message.id().id().endsWith("2")) {
                        throw new IllegalStateException("planted");
                    }
                    read.add(message);
                });
        assertThat(damaged).isEqualTo(1);
        assertThat(read).extracting(one -> one.id().id()).containsExactly("4C1D22A07F1", "4C1D22A07F3");
    }

    private static String entry(String id) {
        return "queue_name\0deferred\0queue_id\0" + id + "\0sender\0a@example.org\0\0";
    }

    /* Recipients that are no list. */
    @Test
    void ofTheProgram() {
        String list = line("4C1D22A07F1", "[]") + line("4C1D22A07F2", "7") + line("4C1D22A07F3", "[]");
        PostqueueReader reader = new PostqueueReader(
                new PostfixInstance("postfix", Path.of("/nowhere"), Path.of("/nowhere/spool"), 0, Set.of(), 1),
                new ProgramCalls((argv, stdin, limit) -> new CommandResult.Finished(0, list, "")),
                () -> 0);
        QueueChange change = reader.look(Duration.ofSeconds(1));
        assertThat(change.seen())
                .extracting(one -> one.id().id())
                .containsExactlyInAnyOrder("4C1D22A07F1", "4C1D22A07F3");
        assertThat(change.problem()).contains("1 entries of showq could not be read");
    }

    private static String line(String id, String recipients) {
        return "{\"queue_name\":\"deferred\",\"queue_id\":\"" + id + "\",\"arrival_time\":1795543087"
                + ",\"message_size\":1,\"sender\":\"a@example.org\",\"recipients\":" + recipients + "}\n";
    }
}
