package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.OwnNamespace;
import org.outguard.app.Patience;
import org.outguard.app.ProgramUnderTest;
import org.outguard.app.Programs;
import org.outguard.journal.Journal;
import org.outguard.nft.Hooks;
import org.outguard.nft.Listing;
import org.outguard.nft.NftEnforcer;

/** Commands by word at the same moment, beside an instance that acts: they take turns, and the instance learns of each. */
class TwoAtOnceIT {

    private static final List<String> REMOTES = List.of("198.51.100.1", "198.51.100.2", "198.51.100.3");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private OwnNamespace namespace;
    private Journal journal;
    private ProgramUnderTest.Running watch;

    @BeforeEach
    void watchAndAct() throws IOException {
        namespace = new OwnNamespace("two").withWayOut("sink");
        journal = new Journal(ProgramUnderTest.journal(namespace.name), BootId.read());
        Path policy = folder.resolve("policy.toml");
        Files.writeString(policy, """
                [[rule]]
                name = "floods"
                kind = "UDP_FLOOD"
                do = "block"
                for = "1m"
                """);
        watch = ProgramUnderTest.watch(
                folder, "wire", command("watch", "-i", "sink", "--enforce", "--config", policy.toString()));
        Path lock = Instance.lockOf(journal);
        Patience.until(watch::all, PATIENCE, () -> Files.exists(lock));
    }

    @AfterEach
    void tidyUp() {
        if (watch != null) {
            watch.kill();
            watch.await(PATIENCE);
        }
        namespace.close();
    }

    @Test
    void commandsAtTheSameMomentAreAllDoneAndTheActingInstanceLearnsOfThem() throws IOException {
        List<ProgramUnderTest.Running> commands = new ArrayList<>();
        for (String remote : REMOTES) {
            commands.add(start("block", "--remote", remote, "--yes"));
            // The same once more: there is one block a target, and the later command has the last word.
            commands.add(start("block", "--remote", remote, "--for", "20m", "--yes"));
        }
        for (ProgramUnderTest.Running command : commands) {
            ProgramUnderTest.Ended ended = command.await(PATIENCE).withoutStackTrace();
            assertThat(ended.status()).as(ended.all()).isZero();
        }

        Journal.Contents contents = journal.read();
        assertThat(contents.damagedLines()).isEmpty();
        assertThat(contents.torn()).isFalse();
        assertThat(contents.entries()).as("a decision and an outcome each").hasSize(2 * commands.size());
        assertThat(journal.open()).isEmpty();
        assertThat(byKernel()).isEqualTo(byJournal()).hasSize(REMOTES.size());
        REMOTES.forEach(
                remote -> Patience.until(watch::all, PATIENCE, () -> watch.all().contains("blocked to " + remote)));

        ProgramUnderTest.Ended undone = start("undo", "--all", "--yes").await(PATIENCE);
        assertThat(undone.status()).as(undone.all()).isZero();
        REMOTES.forEach(
                remote -> Patience.until(watch::all, PATIENCE, () -> watch.all().contains("unblocked to " + remote)));
        assertThat(byKernel()).isEmpty();
        assertThat(watch.all()).doesNotContain("somebody else");
    }

    private ProgramUnderTest.Running start(String... words) {
        return ProgramUnderTest.start(folder, command(words));
    }

    private List<String> command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--netns", namespace.name));
        return ProgramUnderTest.command(arguments.toArray(String[]::new));
    }

    private Set<String> byKernel() {
        NftEnforcer nft = new NftEnforcer(
                Programs.RUNNER,
                List.of("nsenter", "--net=/run/netns/" + namespace.name, "--", "nft"),
                Clock.systemUTC(),
                Hooks.NONE);
        Listing listing = nft.list();
        assertThat(listing).isInstanceOf(Listing.Seen.class);
        return ((Listing.Seen) listing)
                .blocks().blocks().stream()
                        .map(block -> "block " + block.target())
                        .collect(Collectors.toSet());
    }

    private Set<String> byJournal() throws IOException {
        return journal.standing(Clock.systemUTC().instant()).stream()
                .map(known -> known.action().step().key())
                .collect(Collectors.toSet());
    }
}
