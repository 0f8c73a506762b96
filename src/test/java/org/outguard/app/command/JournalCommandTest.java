package org.outguard.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Main;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.journal.Journal;
import org.outguard.owner.ProcessId;

/** The journal has a line for each action, and all of one that is named. */
class JournalCommandTest {

    private static final Instant NOW = Instant.parse("2025-12-05T17:00:45Z");
    private static final String PROPERTY = "outguard.journal";

    @TempDir
    Path folder;

    private final String before = System.getProperty(PROPERTY, "");
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void twoActions() {
        Path file = folder.resolve("journal.ndjson");
        Journal journal = new Journal(file);
        for (int pid = 8; pid <= 9; pid++) {
            ProcessStep.Freeze step =
                    new ProcessStep.Freeze(new ProcessId(pid, 8), "x" + pid, ProcessStep.Scope.PROCESS);
            Action.Plan plan = new Action.Plan("kill -STOP " + pid, "kill -CONT " + pid);
            journal.before(new Action("a-" + pid, NOW, "root", "flood", step, plan));
            journal.after(new Outcome("a-" + pid, NOW, Outcome.Result.DONE, ""));
        }
        System.setProperty(PROPERTY, file.toString());
    }

    @AfterEach
    void asItWas() {
        if (before.isEmpty()) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    private int run(String... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            return Main.commands().execute(words);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void eachActionIsALine() {
        assertThat(run("journal")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("a-8", "freeze", "done");
    }

    @Test
    void oneThatIsNamedIsShownWhole() {
        assertThat(run("journal", "a-9")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("a-9", "runs: kill -STOP 9", "undo: kill -CONT 9", "why:  flood")
                .doesNotContain("a-8");
    }

    @Test
    void soAreAllIfThatIsWanted() {
        assertThat(run("journal", "-v")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("runs: kill -STOP 8", "runs: kill -STOP 9");
    }

    @Test
    void oneThatIsNotThereIsSaid() {
        assertThat(run("journal", "a-7")).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("the journal has no action a-7");
    }
}
