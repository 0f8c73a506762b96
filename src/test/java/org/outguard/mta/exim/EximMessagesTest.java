package org.outguard.mta.exim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.SpoolReader;

/** What exim(8) says of messages that a delivery or a run of the queue has locked at that moment. */
class EximMessagesTest {

    @TempDir
    Path folder;

    private final List<List<String>> called = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private List<MessageRef> messages = List.of();
    private EximMessages actions;

    @BeforeEach
    void unpack() {
        EximLayout layout = new EximLayout(folder, 100, MailCorpus.users());
        MailCorpus.unpack("exim-spool", folder);
        SpoolReader reader = new SpoolReader(
                "exim",
                "spool files",
                layout,
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), () -> 0),
                Clock.systemUTC(),
                () -> 0);
        reader.look(Duration.ofDays(1));
        messages = reader.messages().stream()
                .limit(3)
                .map(EximMessagesTest::reference)
                .toList();
        actions = new EximMessages(
                new EximProgram("exim4", Optional.empty()), layout, new ProgramCalls((argv, stdin, limit) -> {
                    called.add(List.copyOf(argv));
                    return new CommandResult.Finished(0, answers.isEmpty() ? "" : answers.remove(), "");
                }));
    }

    private static MessageRef reference(QueuedMessage message) {
        return new MessageRef(message.id(), message.arrival(), message.sender());
    }

    private String id(int index) {
        return messages.get(index).id().id();
    }

    @Test
    void aLockedMessageIsTriedAgainUntilItIsHeld() {
        answers.add("Message " + id(0) + " is now frozen\nMessage " + id(1) + " is locked\nMessage " + id(2)
                + " is already frozen\n");
        answers.add("Message " + id(1) + " is locked\n");
        answers.add("Message " + id(1) + " is now frozen\n");

        Done done = actions.run(new MessageStep.Hold(messages));

        assertThat(done).isEqualTo(new Done(3, List.of()));
        assertThat(called)
                .containsExactly(
                        List.of("exim4", "-Mf", id(0), id(1), id(2)),
                        List.of("exim4", "-Mf", id(1)),
                        List.of("exim4", "-Mf", id(1)));
    }

    @Test
    void whatIsGoneMeanwhileIsNotWaitedFor() {
        answers.add("Message " + id(0) + " is now frozen\nMessage " + id(1) + " is locked\nMessage " + id(2)
                + " is now frozen\n");
        answers.add("exim: malformed message id or message not found\n");

        Done done = actions.run(new MessageStep.Hold(messages));

        assertThat(done.count()).isEqualTo(2);
        assertThat(done.problems()).hasSize(1);
        assertThat(called).hasSize(2);
    }
}
