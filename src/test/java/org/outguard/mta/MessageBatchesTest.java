package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.journal.Journal;
import org.outguard.mail.QueueId;

/** However many messages and whatever their senders, each batch is an action that can be journaled. */
class MessageBatchesTest {

    private static final Instant ARRIVAL = Instant.parse("2026-11-24T17:57:57.352446Z");

    @TempDir
    Path folder;

    private void areJournaled(int messages, String sender, int actions) {
        List<MessageRef> all = IntStream.range(0, messages)
                .mapToObj(i ->
                        new MessageRef(new QueueId("", "postfix", String.format("4fKxyz%013d", i)), ARRIVAL, sender))
                .toList();
        List<List<MessageRef>> batches = MessageBatches.of(all);
        assertThat(batches.size()).isEqualTo(actions);
        assertThat(batches.stream().flatMap(List::stream).toList().equals(all)).isTrue();
        Journal journal = new Journal(folder.resolve("journal"));
        batches.forEach(batch -> assertThat(journal.before(new Action(
                        "a-1", ARRIVAL, "root", "", new MessageStep.Hold(batch), new Action.Plan("hold", "release"))))
                .isEmpty());
    }

    @Test
    void tenThousandAreOneAction() {
        areJournaled(10_001, "www-data@mail.example.org", 1);
        areJournaled(20_001, "www-data@mail.example.org", 2);
    }

    @Test
    void longSendersMakeMoreOfThem() {
        areJournaled(3_000, "ü".repeat(400), 3);
    }
}
