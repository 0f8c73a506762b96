package org.outguard.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Patience;
import org.outguard.app.ProgramUnderTest;
import org.outguard.app.Programs;
import org.outguard.app.host.BootId;
import org.outguard.app.option.WatchedNamespace;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.journal.Journal;
import org.outguard.kernel.EyeBed;
import org.outguard.kernel.TwoSenders;
import org.outguard.owner.ProcessId;

/**
 * Two programs of one user send to the same remote and port. A block of one process silences that one, is counted while it
 * stands, is undone, also by a command beside it, and is gone with the Outguard that made it, which the next one says.
 */
class OnlyThisProcessIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private EyeBed bed;
    private TwoSenders senders;
    private WatchedNamespace host;
    private Watcher watcher;

    @BeforeEach
    void watch() throws Exception {
        Programs.requireRoot();
        bed = new EyeBed();
        senders = new TwoSenders(bed);
        host = new WatchedNamespace(bed.host, "og0", new Journal(ProgramUnderTest.journal(bed.host), BootId.read()));
        watcher = host.watch();
    }

    @AfterEach
    void tidyUp() throws IOException {
        if (senders != null) {
            senders.close();
        }
        if (watcher != null) {
            watcher.close();
        }
        if (host != null) {
            host.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void anotherProgramOfTheSameUserGoesOn() throws Exception {
        ProcessId flood = senders.start();
        NetworkStep.Block block = new NetworkStep.Block(BlockTarget.ofProcess(flood, 33), Duration.ofMinutes(10));

        watcher.guardClient().submit(new Command.Perform(block, "it floods", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 400);
        senders.assertOnlyTheBystanderArrives();

        watcher.guardClient().submit(new Command.Undo(standing().actionId(), "test"));
        senders.awaitMoreOfTheFlood();

        watcher.guardClient().submit(new Command.Perform(block, "it floods again", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 0);
        ProgramUnderTest.Ended undone =
                ProgramUnderTest.run(folder, LIMIT, "undo", standing().actionId(), "--yes", "--netns", bed.host);
        assertThat(undone.status()).as(undone.all()).isZero();
        senders.awaitMoreOfTheFlood();
        Patience.until(
                this::notices,
                LIMIT,
                () -> watcher.guardClient().snapshot().blocks().isEmpty());

        watcher.guardClient().submit(new Command.Perform(block, "and once more", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 0);
        watcher.close();
        senders.awaitMoreOfTheFlood();

        watcher = host.watch();
        Patience.until(this::notices, LIMIT, () -> notices().contains("is gone with the Outguard that made it"));
        assertThat(watcher.guardClient().snapshot().actions())
                .filteredOn(row -> row.action().step() instanceof NetworkStep.Block)
                .extracting(ActionRow::state)
                .contains(ActionRow.State.GONE);
    }

    private String notices() {
        return watcher.guardClient().snapshot().notices().toString();
    }

    private ActiveBlock standing() {
        return watcher.guardClient().snapshot().blocks().get(0);
    }

    private long counted() {
        return watcher.guardClient().snapshot().blocks().stream()
                .filter(block -> block.state() == ActiveBlock.State.STANDING)
                .mapToLong(ActiveBlock::packets)
                .sum();
    }
}
