package org.outguard.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.Hostile;
import org.outguard.app.option.ExecutionTarget;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.QueueReport;
import org.outguard.journal.Journal;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.ProcessId;

/**
 * What the commands of the console print of what others chose: names in the journal, mail in the queue, and what a person
 * has typed or pasted, which every complaint repeats. Each command cleans it itself, without the door before the terminal.
 */
class HostileOutputTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int ROUNDS = 6;

    /* Each with a place for what was pasted. */
    private static final List<String> LINES = List.of(
            "%s",
            "help %s",
            "block --remote %s",
            "block --uid %s --remote 192.0.2.1",
            "block --remote 192.0.2.1 --for %s",
            "block --remote 192.0.2.1 --proto %s",
            "block --cgroup %s",
            "unblock --remote %s",
            "freeze %s",
            "kill %s",
            "thaw %s",
            "undo %s",
            "reapply %s",
            "lockdown --confirm-within %s",
            "queue --age %s",
            "queue --status %s",
            "replay %s",
            "explain %s",
            "report --format %s",
            "report --since %s",
            "once --for %s",
            "once --config %s -i lo",
            "watch --for %s",
            "watch --metrics %s",
            "journal %s",
            "journal --netns %s",
            "journal | %s",
            "journal | head %s",
            "doctor %s",
            "--color %s");

    @TempDir
    private Path folder;

    private final Hostile hostile = Hostile.begin("HostileOutputTest");

    private String printed(Runnable what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            what.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private String run(String line) {
        return printed(() ->
                ConsoleCommand.console(Optional::empty, ExecutionTarget.USUAL).run(line));
    }

    /* As a word of the console; a line of it has no line end, and no argument of a program a NUL. */
    private String pasted() {
        return "'" + hostile.text().replaceAll("['\n\r\0]", "") + "'";
    }

    @Test
    void complaintsAboutWhatWasTyped() {
        for (int round = 0; round < ROUNDS; round++) {
            for (String line : LINES) {
                String typed = line.replace("%s", pasted());
                String shown = run(typed);
                assertThat(Hostile.unsafe(shown))
                        .as("seed %d, round %d: %s", hostile.seed(), round, line)
                        .isEmpty();
            }
        }
    }

    @Test
    void theJournal() {
        Path file = folder.resolve("journal.ndjson");
        Journal journal = new Journal(file);
        for (int i = 0; i < 200; i++) {
            ProcessId process = new ProcessId(8 + i, 8);
            Step step = i % 2 == 0
                    ? new ProcessStep.Freeze(process, hostile.text(), ProcessStep.Scope.PROCESS)
                    : new ProcessStep.Keep(process, hostile.text(), hostile.text());
            Action action = new Action(
                    "a-" + i,
                    NOW,
                    hostile.text(),
                    hostile.text(),
                    step,
                    new Action.Plan(hostile.text(), hostile.text()));
            assertThat(journal.before(action)).isEmpty();
            assertThat(journal.after(new Outcome("a-" + i, NOW, Outcome.Result.FAILED, hostile.text())))
                    .isEmpty();
        }
        String before = System.getProperty("outguard.journal");
        System.setProperty("outguard.journal", file.toString());
        try {
            for (String line : List.of("journal", "journal | grep a-", "journal | less", "journal | tail 5")) {
                String shown = run(line);
                assertThat(shown).contains("a-19");
                assertThat(Hostile.unsafe(shown))
                        .as("seed %d: %s", hostile.seed(), line)
                        .isEmpty();
            }
        } finally {
            if (before == null) {
                System.clearProperty("outguard.journal");
            } else {
                System.setProperty("outguard.journal", before);
            }
        }
    }

    @Test
    void theQueue() {
        for (int round = 0; round < 300; round++) {
            QueuedMessage message = message();
            QueueReport report = new QueueReport(60 + hostile.random().nextInt(100), NOW);
            String shown = String.join("\n", report.message(message)) + "\n"
                    + String.join("\n", report.origins(OriginGroup.of(List.of(message, message()))));
            assertThat(Hostile.unsafe(shown))
                    .as("seed %d, round %d", hostile.seed(), round)
                    .isEmpty();
        }
    }

    private QueuedMessage message() {
        MailOrigin origin = hostile.random().nextBoolean()
                ? new MailOrigin.LocalUser(33, hostile.text(), hostile.text())
                : new MailOrigin.Login(hostile.text(), hostile.text(), OptionalInt.empty());
        Provenance provenance = Provenance.of(origin, Provenance.Evidence.LOG);
        return new QueuedMessage(
                new QueueId(hostile.text(), hostile.text(), hostile.text()),
                QueuedMessage.Status.DEFERRED,
                NOW,
                1,
                hostile.text(),
                List.of(new QueuedMessage.Recipient(hostile.text(), hostile.text())),
                1,
                provenance,
                provenance,
                new QueuedMessage.Attributes(hostile.text(), hostile.text(), hostile.text()));
    }
}
