package org.outguard.app.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.port.StepRunner;
import org.outguard.journal.Journal;

/** What a crash or a damaged line leaves open is as the kernel says. */
class RecoveryTest implements StepRunner<NetworkStep> {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Journal journal;
    private final Set<String> kernel = new HashSet<>();
    private final StepDispatcher stepDispatcher = new StepDispatcher(
            this,
            new UnsupportedStepRunner<>("processes", CLOCK),
            new UnsupportedStepRunner<>("mail", CLOCK),
            new UnsupportedStepRunner<>("files", CLOCK),
            new UnsupportedStepRunner<>("single processes", CLOCK));

    @BeforeEach
    void makeJournal() {
        journal = new Journal(directory.resolve("journal.ndjson"));
    }

    @Override
    public Action.Plan plan(NetworkStep step) {
        return new Action.Plan("do", "undo");
    }

    @Override
    public Outcome run(Action action, NetworkStep step) {
        throw new AssertionError("nothing is done");
    }

    @Override
    public Optional<Extent> happened(NetworkStep step) {
        boolean there = kernel.contains(step.key());
        return Optional.of(Extent.of(step instanceof NetworkStep.Block ? there : !there));
    }

    private static BlockTarget user(int uid) {
        return new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(uid));
    }

    private NetworkStep begun(String id, NetworkStep step) {
        journal.before(new Action(id, NOW.minusSeconds(60), "root", "", step, new Action.Plan("do", "undo")));
        return step;
    }

    private NetworkStep done(String id, NetworkStep step) {
        begun(id, step);
        journal.after(new Outcome(id, NOW.minusSeconds(59), Outcome.Result.DONE, ""));
        return step;
    }

    private void damageLastLine() throws IOException {
        byte[] whole = Files.readAllBytes(journal.file());
        whole[whole.length - 4] ^= 1;
        Files.write(journal.file(), whole);
    }

    private List<String> standing() throws IOException {
        return journal.standing(NOW).stream()
                .map(one -> one.action().id() + (one.confirmed() ? "" : "?"))
                .toList();
    }

    @Test
    void anUnblockInADamagedLineIsAsTheKernelSays() throws IOException {
        done("a-1", new NetworkStep.Block(user(33), Duration.ofMinutes(10)));
        kernel.add(done("a-2", new NetworkStep.Block(user(34), Duration.ofMinutes(10)))
                .key());
        begun("a-3", new NetworkStep.Unblock(user(33), "a-1"));
        damageLastLine();
        assertThat(standing()).containsExactly("a-1?", "a-2");

        assertThat(Recovery.settle(journal, stepDispatcher, CLOCK)).containsExactly("a-1");

        assertThat(standing()).containsExactly("a-2");
        assertThat(Files.readString(journal.file()))
                .contains("a damaged line of the journal names it; it is not in effect");
        assertThat(Recovery.settle(journal, stepDispatcher, CLOCK)).as("once").isEmpty();
    }

    @Test
    void aBlockThatADamagedLineNamesAndTheKernelHasStays() throws IOException {
        kernel.add(done("a-1", new NetworkStep.Block(user(33), Duration.ofMinutes(10)))
                .key());
        begun("a-3", new NetworkStep.Unblock(user(33), "a-1"));
        damageLastLine();
        List<Instant> before =
                journal.standing(NOW).stream().map(one -> one.expires()).toList();

        assertThat(Recovery.settle(journal, stepDispatcher, CLOCK)).containsExactly("a-1");

        assertThat(standing()).containsExactly("a-1");
        assertThat(journal.standing(NOW)).extracting(one -> one.expires()).isEqualTo(before);
    }

    @Test
    void whatACrashCutShortIsNoDamage() throws IOException {
        kernel.add(begun("a-1", new NetworkStep.Block(user(33), Duration.ofMinutes(10)))
                .key());
        assertThat(standing()).containsExactly("a-1?");

        assertThat(Recovery.settle(journal, stepDispatcher, CLOCK)).isEmpty();

        assertThat(standing()).containsExactly("a-1");
        assertThat(Files.readString(journal.file())).contains("Outguard ended before it could say so");
    }
}
