package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Observation;
import org.outguard.guard.Step;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;
import org.outguard.nft.Hooks;
import org.outguard.nft.Listing;
import org.outguard.nft.NftEnforcer;

/**
 * Outguard is killed at random moments of its commands. After each, once what was cut short has its outcome, the journal
 * and the kernel say the same: nothing is lost, and nothing stands that no line explains.
 *
 * <p>{@code -Doutguard.crash.rounds=1000} for the long run, {@code -Doutguard.crash.seed=N} to see one again.
 */
class CrashIT {

    private static final int ROUNDS = Integer.getInteger("outguard.crash.rounds", 10);
    private static final long SEED = Long.getLong("outguard.crash.seed", System.nanoTime());
    private static final long NANOS_AFTER_DECISION = 60_000_000;
    private static final List<List<String>> TARGETS = List.of(
            List.of("--remote", "198.51.100.1"),
            List.of("--remote", "198.51.100.2:80", "--proto", "udp"),
            List.of("--remote", "[2001:db8::1]:80", "--proto", "udp", "--uid", "33"),
            List.of("--uid", "34"));

    @TempDir
    private static Path folder;

    private final Random random = new Random(SEED);
    private final String netns = "og-crash-" + ProcessHandle.current().pid();
    private final Journal journal = new Journal(ProgramUnderTest.journal(netns), BootId.read());
    private final NftEnforcer nft = new NftEnforcer(
            Programs.RUNNER,
            List.of("nsenter", "--net=/run/netns/" + netns, "--", "nft"),
            Clock.systemUTC(),
            Hooks.NONE);
    private final Runners runners =
            new Runners(nft, new Absent<>("processes", Clock.systemUTC()), new Absent<>("mail", Clock.systemUTC()));

    @BeforeEach
    void makeNamespace() {
        Programs.requireRoot();
        Programs.output("ip", "netns", "add", netns);
        Programs.output("ip", "-n", netns, "link", "set", "lo", "up");
        Programs.output("ip", "-n", netns, "link", "add", "sink", "type", "veth", "peer", "name", "beyond");
        Programs.output("ip", "-n", netns, "addr", "add", "192.0.2.2/24", "dev", "sink");
        Programs.output("ip", "-n", netns, "link", "set", "sink", "up");
    }

    @AfterEach
    void removeNamespace() {
        Programs.output("ip", "netns", "del", netns);
    }

    @Test
    void afterEachKillJournalAndKernelAgree() throws IOException {
        System.out.println("crash seed " + SEED + ", " + ROUNDS + " rounds");
        long whole = wholeRun();
        int cutShort = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<String> command = command();
            ProgramUnderTest.Running running =
                    ProgramUnderTest.start(folder, ProgramUnderTest.command(command.toArray(String[]::new)));
            boolean anywhere = random.nextInt(4) == 0;
            double moment = random.nextDouble();
            if (anywhere) {
                LockSupport.parkNanos((long) (whole * moment));
            } else {
                // The moments that matter follow the line that says what is about to be done.
                awaitDecision(running);
                LockSupport.parkNanos((long) (NANOS_AFTER_DECISION * moment));
            }
            running.kill();
            running.await(Duration.ofSeconds(20));
            awaitOrphans();
            cutShort += journal.open().size();

            Recovery.settle(journal, runners, Clock.systemUTC());

            assertThat(byKernel())
                    .as("seed %s, round %s: %s", SEED, round, command)
                    .isEqualTo(byJournal());
            assertThat(journal.open()).isEmpty();
        }
        System.out.println("crash: " + cutShort + " of " + ROUNDS + " were cut short between decision and outcome");
        ProgramUnderTest.Ended undone =
                ProgramUnderTest.run(folder, Duration.ofSeconds(60), "undo", "--all", "--netns", netns, "--yes");
        assertThat(undone.status()).as(undone.all()).isZero();
        assertThat(byKernel()).isEmpty();
    }

    /* Until the journal grows, or the command has ended with nothing to do. */
    private void awaitDecision(ProgramUnderTest.Running running) throws IOException {
        Path file = journal.file();
        long before = Files.size(file);
        while (Files.size(file) == before
                && ProcessHandle.of(running.pid())
                        .filter(ProcessHandle::isAlive)
                        .isPresent()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /* An nft that was begun before the kill goes on to its end without us. */
    private void awaitOrphans() {
        Patience.until(
                "nobody is left in the namespace",
                Duration.ofSeconds(10),
                () -> Programs.output("ip", "netns", "pids", netns).isBlank());
    }

    /* How long a command takes that nobody kills. */
    private long wholeRun() {
        long start = System.nanoTime();
        ProgramUnderTest.Ended ended =
                ProgramUnderTest.run(folder, Duration.ofSeconds(60), "block", "--netns", netns, "--uid", "34", "--yes");
        assertThat(ended.status()).as(ended.all()).isZero();
        return System.nanoTime() - start;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        int kind = random.nextInt(6);
        if (kind == 5) {
            command.addAll(List.of("undo", "--all"));
        } else {
            command.add(kind == 4 ? "unblock" : "block");
            command.addAll(TARGETS.get(random.nextInt(TARGETS.size())));
            if (kind == 3) {
                command.addAll(List.of("--rate", "100/s"));
            }
        }
        command.addAll(List.of("--netns", netns, "--yes"));
        return command;
    }

    private Set<String> byKernel() {
        Listing listing = nft.list();
        assertThat(listing).isInstanceOf(Listing.Seen.class);
        Set<String> all = new TreeSet<>();
        for (Observation.BlockCounter block : ((Listing.Seen) listing).blocks().blocks()) {
            all.add((block.rate().isPresent() ? "limit " : "block ") + block.target());
        }
        return all;
    }

    private Set<String> byJournal() throws IOException {
        Set<String> all = new TreeSet<>();
        for (StandingByJournal known : journal.standing(Clock.systemUTC().instant())) {
            Step step = known.action().step();
            assertThat(step).isInstanceOf(NetworkStep.Timed.class);
            all.add(step.key());
        }
        return all;
    }
}
