package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;
import org.outguard.app.enforce.CrashWitness;

/**
 * Outguard is killed at random moments of its commands, beside a real Postfix with a queue. After each, once what was cut
 * short has its outcome, the journal says the same as kernel and mail system: nothing is lost, and nothing stands that no
 * line explains. Where no ban stands, Postfix's configuration is that of before, file for file and byte for byte.
 *
 * <p>{@code -Doutguard.crash.rounds=1000} for the long run, {@code -Doutguard.crash.seed=N} to see one again.
 */
@WithMailSystem
class CrashIT {

    private static final int ROUNDS = Integer.getInteger("outguard.crash.rounds", 40);
    private static final long SEED = Long.getLong("outguard.crash.seed", System.nanoTime());
    private static final int MESSAGES = 12;
    private static final String BANNED = "www-data";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<List<String>> TARGETS = List.of(
            List.of("--remote", "198.51.100.1"),
            List.of("--remote", "198.51.100.2:80", "--proto", "udp"),
            List.of("--remote", "[2001:db8::1]:80", "--proto", "udp", "--uid", "33"),
            List.of("--uid", "34"));

    /** Each kind of command once; blocks have a target besides. */
    private static final List<List<String>> KINDS = List.of(
            List.of("block", "--for", "6h"),
            List.of("block", "--for", "6h", "--rate", "100/s"),
            List.of("unblock"),
            List.of("hold", "--uid", "33"),
            List.of("release", "--uid", "33"),
            List.of("ban", BANNED),
            List.of("unban", BANNED),
            List.of("lockdown", "--confirm-within", "1h"),
            List.of("lift"),
            List.of("undo", "--all"));

    private final Random random = new Random(SEED);

    /** For how long a command of a kind works after its first decision is in the journal. */
    private final Map<String, Long> nanosAfterDecision = new HashMap<>();

    private MailLab lab;
    private Process witness;
    private Map<String, String> configuration;

    @BeforeEach
    void start() throws IOException {
        lab = MailLab.start("postfix");
        lab.php(MESSAGES).await(PATIENCE);
        Patience.until("all is in the queue", PATIENCE, () -> deferred() == MESSAGES);
        configuration = configuration();
        List<String> command = new ArrayList<>(lab.program(lab.journalFile().toString(), BANNED));
        command.replaceAll(word -> word.equals(Main.class.getName()) ? CrashWitness.class.getName() : word);
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, command.get(classPath) + File.pathSeparator + testClasses());
        witness = new ProcessBuilder(command)
                .redirectError(lab.work().resolve("witness").toFile())
                .start();
    }

    private static String testClasses() {
        return CrashWitness.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    @AfterEach
    void end() {
        if (witness != null) {
            witness.descendants().forEach(ProcessHandle::destroyForcibly);
            witness.destroyForcibly();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private long deferred() {
        return MailLab.files(lab.path("/var/spool/postfix/deferred")).size();
    }

    @Test
    void afterEachKillJournalAndKernelAndMailSystemAgree() throws IOException {
        System.out.println("crash seed " + SEED + ", " + ROUNDS + " rounds");
        KINDS.forEach(this::learn);
        agree(-1, List.of());
        Map<String, Integer> cut = new TreeMap<>();
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> command = command(KINDS.get(random.nextInt(KINDS.size())));
            killAtARandomMoment(command);
            if (agree(round, command) > 0) {
                cut.merge(command.get(0), 1, Integer::sum);
            }
        }
        System.out.printf(
                "crash: %.1f s; cut short between decision and outcome: %s%n", (System.nanoTime() - start) / 1e9, cut);
        lab.act("undo", "--all", "--yes");
        agree(ROUNDS, List.of("undo", "--all"));
        assertThat(MailLab.files(lab.path("/var/spool/postfix/hold"))).isEmpty();
    }

    /* How long a command of this kind works that nobody kills: until the last line that it journals. */
    private void learn(List<String> kind) {
        // All of one target: to unblock what is not blocked takes no time.
        List<String> command = command(kind, TARGETS.get(0));
        ProgramUnderTest.Running running = ProgramUnderTest.start(lab.work(), lab.program(words(command)));
        awaitDecision(running);
        long start = System.nanoTime();
        long last = start;
        for (long length = journalLength(); isAlive(running); LockSupport.parkNanos(1_000_000)) {
            if (journalLength() != length) {
                length = journalLength();
                last = System.nanoTime();
            }
        }
        running.await(PATIENCE);
        nanosAfterDecision.merge(kind.get(0), last - start, Math::max);
    }

    private long journalLength() {
        return lab.journalFile().toFile().length();
    }

    private static boolean isAlive(ProgramUnderTest.Running running) {
        return ProcessHandle.of(running.pid()).filter(ProcessHandle::isAlive).isPresent();
    }

    private void killAtARandomMoment(List<String> command) {
        ProgramUnderTest.Running running = ProgramUnderTest.start(lab.work(), lab.program(words(command)));
        boolean anywhere = random.nextInt(8) == 0;
        double moment = random.nextDouble();
        if (anywhere) {
            LockSupport.parkNanos((long) (1_000_000_000L * moment));
        } else {
            // The moments that matter follow the line that says what is about to be done.
            awaitDecision(running);
            LockSupport.parkNanos((long) (nanosAfterDecision.get(command.get(0)) * moment));
        }
        List<ProcessHandle> killed = new ArrayList<>(commands());
        killed.forEach(ProcessHandle::destroyForcibly);
        running.kill();
        running.await(PATIENCE);
        // nsenter(1) may have made the program after that look; and its children are init's once the last thread is
        // gone.
        Patience.until("the command is dead", PATIENCE, () -> {
            List<ProcessHandle> left = commands();
            left.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(left);
            return left.isEmpty() && killed.stream().allMatch(CrashIT::isOver);
        });
        // What was begun before the kill, as an nft, goes on without us; the program itself waits for it (Orphans).
    }

    /* Outguard as it was started in there, and nsenter(1) before it became that. */
    private List<ProcessHandle> commands() {
        String journal = lab.journalFile().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String words = commandLine(process);
                    return words.contains(journal) && words.contains(Main.class.getName() + '\0');
                })
                .toList();
    }

    /* Empty of one that is gone, also where nobody has waited for it yet. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isOver(ProcessHandle process) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return commandLine(process).isEmpty() && threads.count() <= 1;
        } catch (IOException | UncheckedIOException e) {
            return true;
        }
    }

    /* Until the journal grows, or the command has ended with nothing to do. */
    private void awaitDecision(ProgramUnderTest.Running running) {
        long before = journalLength();
        while (journalLength() == before && isAlive(running)) {
            LockSupport.parkNanos(500_000);
        }
    }

    private List<String> command(List<String> kind) {
        return command(kind, TARGETS.get(random.nextInt(TARGETS.size())));
    }

    private static List<String> command(List<String> kind, List<String> target) {
        List<String> command = new ArrayList<>(kind);
        if (kind.get(0).endsWith("block")) {
            command.addAll(target);
        }
        command.add("--yes");
        return command;
    }

    private static String[] words(List<String> command) {
        return command.toArray(String[]::new);
    }

    /* How many actions had no outcome. */
    private int agree(int round, List<String> command) throws IOException {
        String when = "seed " + SEED + ", round " + round + ": " + command;
        Map<String, Object> seen = ask();
        assertThat(seen.get("kernel")).as(when).isEqualTo(seen.get("journal"));
        assertThat(seen.get("open")).as(when).isEqualTo(0);
        Set<String> held = new TreeSet<>(MailLab.files(lab.path("/var/spool/postfix/hold")));
        assertThat(held).as(when).isEqualTo(new TreeSet<>((List<?>) seen.get("held")));
        if (!((List<?>) seen.get("journal")).contains("ban " + BANNED)) {
            assertThat(configuration()).as(when).isEqualTo(configuration);
            assertThat(lab.run("nft", "list", "tables")).as(when).doesNotContain("outguard_mail");
        }
        return (int) seen.get("cut");
    }

    private Map<String, Object> ask() throws IOException {
        Writer to = witness.outputWriter(StandardCharsets.UTF_8);
        to.write("look\n");
        to.flush();
        BufferedReader from = witness.inputReader(StandardCharsets.UTF_8);
        String line = from.readLine();
        assertThat(line).as(MailLab.read(lab.work().resolve("witness"))).isNotNull();
        return JSON.std.mapFrom(line);
    }

    /* Every file of Postfix's configuration. */
    private Map<String, String> configuration() throws IOException {
        Map<String, String> all = new TreeMap<>();
        Path folder = lab.path("/etc/postfix");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all;
    }
}
