package org.outguard.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.Alone;
import org.outguard.app.OwnNamespace;
import org.outguard.app.Patience;
import org.outguard.app.Programs;
import org.outguard.app.host.BootId;
import org.outguard.app.option.WatchedNamespace;
import org.outguard.flow.Protocol;
import org.outguard.guard.Guard;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/**
 * How long it takes from a command of the screen, which is where a key leads, until the element is in the kernel: by the
 * journal, which has the time at which nft was through. Beside it the time of a plain {@code nft add element}, which is
 * what a person would type: machines differ, the ratio does not.
 */
@Alone("milliseconds are compared with those of a plain nft")
class KeyToKernelIT {

    private static final int BLOCKS = 21;

    /** What a command waited for on average while the guard took commands up with its beat only. */
    private static final long HALF_BEAT_MILLIS = Guard.TICK_NANOS / 2 / 1_000_000;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private OwnNamespace own;
    private WatchedNamespace namespace;
    private Watcher watcher;
    private Journal journal;

    @BeforeEach
    void watch() throws Exception {
        own = new OwnNamespace("key").withWayOut("out");
        journal = new Journal(folder.resolve("journal-netns-" + own.name + ".ndjson"), BootId.read());
        namespace = new WatchedNamespace(own.name, "out", journal);
        watcher = namespace.watch();
    }

    @AfterEach
    void tidyUp() {
        if (watcher != null) {
            watcher.close();
        }
        if (namespace != null) {
            namespace.close();
        }
        own.close();
    }

    @Test
    void aCommandIsInTheKernelAtOnce() throws Exception {
        List<Long> micros = new ArrayList<>();
        List<Long> plain = new ArrayList<>();
        for (int i = 1; i <= BLOCKS; i++) {
            micros.add(block("203.0.113." + i));
            plain.add(byHand("198.51.100." + i));
        }
        double median = median(micros);
        double hand = median(plain);
        System.out.printf(
                "from command to element in the kernel: median %.1f ms of %d, %.1f to %.1f ms; a plain nft add element"
                        + " of the same run %.1f ms: %.2f times as long%n",
                median, BLOCKS, lowest(micros), highest(micros), hand, median / hand);
        // What is ours beside nft: the beat of the guard is not in it, nor is a reading of the counters.
        assertThat(median - hand).as("beyond a plain nft, ms").isLessThan(HALF_BEAT_MILLIS);
    }

    private static NetworkStep.Block toRemote(String remote) {
        BlockTarget target = new BlockTarget(
                BlockTarget.Remote.parse(remote), OptionalInt.of(80), Optional.of(Protocol.UDP), OptionalInt.of(33));
        return new NetworkStep.Block(target, Duration.ofMinutes(10));
    }

    /* In microseconds. */
    private long block(String remote) {
        Instant start = Instant.now();
        watcher.guardClient().submit(new Command.Perform(toRemote(remote), remote, "test", true));
        Outcome[] outcome = new Outcome[1];
        Patience.until("an outcome of " + remote, LIMIT, () -> {
            outcome[0] = outcomeOf(remote).orElse(null);
            return outcome[0] != null;
        });
        assertThat(outcome[0].result()).as(outcome[0].detail()).isEqualTo(Outcome.Result.DONE);
        return Duration.between(start, outcome[0].at()).toNanos() / 1_000;
    }

    private Optional<Outcome> outcomeOf(String why) {
        List<JournalEntry> entries;
        try {
            entries = journal.read().entries();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Optional<String> id = entries.stream()
                .filter(JournalEntry.Decided.class::isInstance)
                .map(entry -> ((JournalEntry.Decided) entry).action())
                .filter(action -> action.why().equals(why))
                .map(Action::id)
                .findFirst();
        return entries.stream()
                .filter(JournalEntry.Ended.class::isInstance)
                .map(entry -> ((JournalEntry.Ended) entry).outcome())
                .filter(outcome -> id.equals(Optional.of(outcome.actionId())))
                .findFirst();
    }

    /* In microseconds; the very line that the plan shows, from the same namespace. */
    private long byHand(String remote) throws Exception {
        String line = watcher.guardClient().preview(toRemote(remote)).command();
        String element = line.substring(line.indexOf("add element")).replace("'", "");
        return namespace.call(() -> {
            long start = System.nanoTime();
            Programs.output("", List.of("nft", element));
            return (System.nanoTime() - start) / 1_000;
        });
    }

    private static double median(List<Long> micros) {
        return micros.stream().sorted().toList().get(micros.size() / 2) / 1_000.0;
    }

    private static double lowest(List<Long> micros) {
        return Collections.min(micros) / 1_000.0;
    }

    private static double highest(List<Long> micros) {
        return Collections.max(micros) / 1_000.0;
    }
}
