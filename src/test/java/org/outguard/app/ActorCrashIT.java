package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.host.BootId;
import org.outguard.guard.action.NetworkStep;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;

/**
 * The actor or whoever asks it is killed at random moments of a request. Asked once more with the same id, the actor says what became of it;
 * the journal and the kernel agree, and nothing was done twice.
 *
 * <p>{@code -Doutguard.actor.rounds=1000} for the long run, {@code -Doutguard.crash.seed=N} to see one again.
 */
class ActorCrashIT {

    private static final int ROUNDS = Integer.getInteger("outguard.actor.rounds", 3);
    private static final long SEED = Long.getLong("outguard.crash.seed", System.nanoTime());
    private static final int TARGETS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Random random = new Random(SEED);

    @TempDir
    private Path folder;

    private OwnNamespace namespace;
    private ProgramUnderTest.Running actor;
    private Journal journal;
    private Path socket;

    @BeforeEach
    void start() {
        namespace = new OwnNamespace("actor-crash").withWayOut("uplink");
        journal = new Journal(folder.resolve("state/journal.ndjson"), BootId.read());
        socket = folder.resolve("actor.sock");
        startActor();
    }

    @AfterEach
    void end() {
        if (actor != null) {
            actor.kill();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void startActor() {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name));
        command.addAll(ProgramUnderTest.command("actor", "--socket", socket.toString()));
        command.replaceAll(
                word -> word.startsWith("-Doutguard.journal=") ? "-Doutguard.journal=" + journal.file() : word);
        actor = ProgramUnderTest.start(folder, command);
        Patience.until(actor::all, PATIENCE, () -> Files.exists(socket));
    }

    @Test
    void afterEachKillJournalAndKernelAgree() throws IOException, InterruptedException {
        System.out.println("actor crash seed " + SEED + ", " + ROUNDS + " rounds");
        long begun = System.nanoTime();
        ask(request(-1));
        long whole = System.nanoTime() - begun;
        for (int round = 0; round < ROUNDS; round++) {
            String line = request(round);
            Process client = client(line);
            // Beyond its end now and then: then it was done, and the answer is lost.
            LockSupport.parkNanos((long) (whole * 1.2 * random.nextDouble()));
            if (random.nextInt(4) > 0) {
                actor.kill();
                actor.await(PATIENCE);
                client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                Files.delete(socket);
                startActor();
            } else {
                client.destroyForcibly();
            }
            String when = "seed " + SEED + ", round " + round + ": " + line;
            String first = ask(line);
            assertThat(first).as(when).contains("\"type\":\"outcome\"", "\"id\":\"a-r-" + round + "\"");
            assertThat(ask(line)).as(when).isEqualTo(first);
            agree(when);
        }
    }

    /* A block, or the undo of one. */
    private String request(int round) throws IOException {
        List<StandingByJournal> standing = journal.standing(Instant.now());
        Map<String, Object> fields = new LinkedHashMap<>();
        boolean undoes = !standing.isEmpty() && random.nextInt(3) == 0;
        fields.put("request", undoes ? "undo" : "perform");
        fields.put("id", round < 0 ? "a-first" : "a-r-" + round);
        fields.put("by", "test");
        fields.put("why", "");
        if (undoes) {
            fields.put(
                    "undoes",
                    standing.get(random.nextInt(standing.size())).action().id());
        } else {
            fields.put("anyway", false);
            fields.put("action", "block");
            fields.put("remote", "198.51.100." + (1 + random.nextInt(TARGETS)));
            fields.put("protocol", "udp");
            fields.put("length", "PT6H");
        }
        return JSON.std.asString(fields);
    }

    private Process client(String line) throws IOException {
        Process client = new ProcessBuilder("perl", "-e", ActorIT.SENDER, socket.toString())
                .redirectErrorStream(true)
                .start();
        try (var to = client.outputWriter(StandardCharsets.UTF_8)) {
            to.write(line + "\n");
        }
        return client;
    }

    private String ask(String line) throws IOException {
        try (var from = client(line).inputReader(StandardCharsets.UTF_8)) {
            return from.readLine();
        }
    }

    private void agree(String when) throws IOException {
        List<StandingByJournal> standing = journal.standing(Instant.now());
        assertThat(standing).as(when).allMatch(StandingByJournal::confirmed);
        assertThat(journal.open()).as(when).isEmpty();
        Stream<String> kernel = ActorIT.ELEMENTS
                .matcher(namespace.nft("list", "ruleset"))
                .results()
                .flatMap(set -> ActorIT.ADDRESS.matcher(set.group()).results().map(MatchResult::group))
                .distinct();
        assertThat(kernel)
                .as(when)
                .containsExactlyInAnyOrderElementsOf(standing.stream()
                        .map(one -> ((NetworkStep.OnTarget) one.action().step())
                                .target()
                                .remote()
                                .orElseThrow()
                                .toString())
                        .toList());
    }
}
