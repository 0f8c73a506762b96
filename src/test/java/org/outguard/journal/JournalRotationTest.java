package org.outguard.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;

/** A long journal is begun anew and forgets nothing that stands; a reboot is seen. */
class JournalRotationTest {

    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void whatStandsAndWhatIsHalfDoneIsCarriedOver() throws IOException {
        Path file = folder.resolve("journal.ndjson");
        Journal journal = new Journal(file, "boot-1", 4_000);
        journal.before(block("a-long", 7, START, Duration.ofDays(1)));
        journal.after(done("a-long", START));
        journal.before(block("a-half", 8, START, Duration.ofDays(1)));
        for (int i = 0; i < 60; i++) {
            Instant at = START.plusSeconds(60L * i);
            journal.before(block("a-" + i, 100 + i, at, Duration.ofSeconds(30)));
            journal.after(done("a-" + i, at));
        }

        assertThat(Files.size(file)).isLessThan(8_000);
        assertThat(file.resolveSibling("journal.ndjson.1")).exists();
        assertThat(file.resolveSibling("journal.ndjson.4")).exists();
        assertThat(file.resolveSibling("journal.ndjson.5")).doesNotExist();
        assertThat(journal.standing(START.plusSeconds(3600)))
                .extracting(known -> known.action().id(), StandingByJournal::confirmed)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("a-long", true),
                        org.assertj.core.groups.Tuple.tuple("a-half", false));
        assertThat(journal.open()).extracting(Action::id).containsExactly("a-half");
        assertThat(journal.read().torn()).isFalse();
    }

    @Test
    void aRebootEndsWhatStoodInTheKernelButItsPromiseIsKnown() throws IOException {
        Path file = folder.resolve("journal.ndjson");
        Journal before = new Journal(file, "boot-1");
        before.before(block("a-1", 33, START, Duration.ofDays(1)));
        before.after(done("a-1", START));
        Journal after = new Journal(file, "boot-2");

        assertThat(before.standing(START.plusSeconds(60))).hasSize(1);
        assertThat(after.standing(START.plusSeconds(60))).isEmpty();
        assertThat(after.promised(START.plusSeconds(60)))
                .extracting(known -> known.action().id())
                .containsExactly("a-1");
    }

    private static Action block(String id, int uid, Instant at, Duration length) {
        Step step = new NetworkStep.Block(
                new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(uid)), length);
        return new Action(id, at, "test", "", step, new Action.Plan("do", "undo"));
    }

    private static Outcome done(String id, Instant at) {
        return new Outcome(id, at, Outcome.Result.DONE, "");
    }
}
