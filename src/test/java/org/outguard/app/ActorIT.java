package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.Steps;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;
import org.outguard.owner.ProcessId;

/** A watcher that somebody has taken over sends the actor what it likes: nothing is done but what a rule does. */
class ActorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLIENT = "nobody";
    private static final String ALLOWED = "203.0.113.80";
    private static final int REQUESTS = 10_000;
    private static final int MOST_AN_HOUR = 20;
    static final Pattern ELEMENTS = Pattern.compile("elements = \\{[^}]*\\}");
    static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+(/\\d+)?");

    private static final List<Object> VALUES = List.of(
            0L,
            -1L,
            1L,
            4_294_967_296L,
            Long.MAX_VALUE,
            1.5,
            true,
            "",
            "../../etc/shadow",
            "; reboot",
            "\u0000\n\u202e",
            "0.0.0.0/0",
            "::/0",
            "PT2562047788015215H",
            "/etc",
            "root",
            List.of(),
            List.of("x"),
            Map.of(),
            List.of(Map.of()));

    /* One connection a line of its input; what is answered, a line each. */
    static final String SENDER = """
            use IO::Socket::UNIX;
            $SIG{PIPE} = 'IGNORE';
            while (<STDIN>) {
                chomp;
                my $half = s/^HALF //;
                my $to = IO::Socket::UNIX->new(Peer => $ARGV[0]) or do { print "unreachable: $!\\n"; next };
                print $to $_, $half ? '' : "\\n";
                $to->flush;
                $to->shutdown(1);
                my $answer = <$to>;
                print defined $answer ? $answer : "none\\n";
            }
            """;

    /* A connection to port 22 of this machine, which is a session of SSH to whoever looks at sockets. */
    private static final String SESSION = """
            use IO::Socket::INET;
            my $port = IO::Socket::INET->new(LocalAddr => '192.0.2.2', LocalPort => 22, Listen => 1, ReuseAddr => 1) or die $!;
            my $client = IO::Socket::INET->new(PeerAddr => '192.0.2.2', PeerPort => 22) or die $!;
            my $server = $port->accept;
            $| = 1;
            print "there\\n";
            <STDIN>;
            """;

    @TempDir
    private Path folder;

    private OwnNamespace namespace;
    private Path resolvers;
    private Process session;
    private Process victim;
    private ProgramUnderTest.Running actor;
    private Path socket;
    private Path journal;
    private Path victimFile;

    @BeforeEach
    void start() throws IOException {
        namespace = new OwnNamespace("actor").withWayOut("uplink");
        resolvers = Files.createDirectories(Path.of("/etc/netns", namespace.name));
        Files.writeString(resolvers.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        session = new ProcessBuilder(within("perl", "-e", SESSION)).start();
        assertThat(session.inputReader().readLine()).isEqualTo("there");
        victim = new ProcessBuilder("sleep", "600").start();
        victimFile = Files.writeString(folder.resolve("victim"), "* * * * * root true\n");
        socket = folder.resolve("actor.sock");
        journal = folder.resolve("state/journal.ndjson");
        Path policy = Files.writeString(folder.resolve("policy.toml"), """
                [[rule]]
                kind = "UDP_FLOOD"
                do = "block"
                for = "1m"
                at_most_per_hour = %d
                """.formatted(MOST_AN_HOUR));
        List<String> command = new ArrayList<>(within(ProgramUnderTest.command(
                        "actor", "--socket", socket.toString(), "--user", CLIENT, "--config", policy.toString())
                .toArray(String[]::new)));
        command.replaceAll(word -> word.startsWith("-Doutguard.journal=") ? "-Doutguard.journal=" + journal : word);
        actor = ProgramUnderTest.start(folder, command);
        Patience.until(actor::all, PATIENCE, () -> Files.exists(socket));
        Programs.output("chgrp", "nogroup", socket.toString());
    }

    @AfterEach
    void end() throws IOException {
        if (actor != null) {
            actor.kill();
        }
        Stream.of(session, victim).filter(process -> process != null).forEach(Process::destroyForcibly);
        if (resolvers != null) {
            Files.deleteIfExists(resolvers.resolve("resolv.conf"));
            Files.deleteIfExists(resolvers);
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private List<String> within(String... argv) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name));
        command.addAll(Arrays.asList(argv));
        return command;
    }

    /** What a user gets for these lines. */
    private List<String> send(String user, List<String> lines) {
        CommandResult result = Programs.RUNNER.run(
                List.of(
                        "setpriv",
                        "--reuid=" + user,
                        "--regid=nogroup",
                        "--clear-groups",
                        "perl",
                        "-e",
                        SENDER,
                        socket.toString()),
                String.join("\n", lines) + "\n",
                PATIENCE);
        assertThat(result).isInstanceOf(CommandResult.Finished.class);
        List<String> answers =
                ((CommandResult.Finished) result).stdout().lines().toList();
        assertThat(answers).as(actor.all() + result).hasSameSizeAs(lines);
        return answers;
    }

    private static Map<String, Object> request(int number, Step step, Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("request", "perform");
        all.put("id", "a-h-" + number);
        all.put("by", "policy");
        all.put("why", "\u001b]0;o-1");
        all.put("anyway", true);
        all.put("action", step.word());
        all.putAll(fields);
        return all;
    }

    private static BlockTarget target(String remote, int port, String protocol, long uid) {
        return BlockTarget.parse(remote, port, protocol, uid).orElseThrow();
    }

    private static NetworkStep.Block block(String remote, int port, String protocol, long uid) {
        return new NetworkStep.Block(target(remote, port, protocol, uid), Duration.ofMinutes(1));
    }

    private List<Step> steps() throws IOException {
        String[] stat =
                Files.readString(Path.of("/proc/" + victim.pid() + "/stat")).split(" ");
        ProcessId process = new ProcessId((int) victim.pid(), Long.parseLong(stat[21]));
        FileStep.Kept kept = new FileStep.Kept(
                "/etc/hostname", 0777, 0, 0, 1, "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "0".repeat(64));
        List<Step> steps = new ArrayList<>(List.of(
                block(ALLOWED, 80, "udp", -1),
                block("192.0.2.2", -1, "tcp", -1),
                block("192.0.2.53", 53, "udp", -1),
                block("0.0.0.0/0", -1, "tcp", -1),
                block("", 22, "tcp", 0),
                new NetworkStep.Limit(target("", -1, "", 33), 1, Duration.ofMinutes(1)),
                new NetworkStep.Unblock(target(ALLOWED, 80, "udp", -1), ""),
                new NetworkStep.Block(BlockTarget.ofProcess(process, 0), Duration.ofMinutes(1)),
                new LockdownStep.Lockdown(List.of(), Optional.empty()),
                new LockdownStep.Lift(""),
                new ProcessStep.Freeze(process, "sleep", ProcessStep.Scope.PROCESS),
                new ProcessStep.Kill(KillTarget.journaled(process, "sleep"), ProcessStep.Scope.PROCESS, "/root"),
                new ProcessStep.Keep(process, "sleep", "/etc"),
                new FileStep.Quarantine(victimFile.toString()),
                new FileStep.Restore(victimFile.toString(), kept, ""),
                new FileStep.Disable(victimFile.toString(), 1),
                new FileStep.Enable(victimFile.toString(), 1, "* * * * * root reboot", "")));
        steps.addAll(Steps.all(new Random(7), random -> "x" + random.nextInt(1_000)));
        return steps;
    }

    /** Every step with every field changed. */
    private List<String> requests() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Step step : steps()) {
            lines.add(JSON.std.asString(request(lines.size(), step, step.fields())));
            for (String name : step.fields().keySet()) {
                for (Object value : VALUES) {
                    Map<String, Object> changed = new LinkedHashMap<>(step.fields());
                    changed.put(name, value);
                    lines.add(JSON.std.asString(request(lines.size(), step, changed)));
                }
            }
            Map<String, Object> more = new LinkedHashMap<>(step.fields());
            more.put("command", "reboot");
            lines.add(JSON.std.asString(request(lines.size(), step, more)));
        }
        lines.add("{\"request\":\"undo\",\"id\":\"a-h-u\",\"by\":\"\",\"why\":\"\",\"undoes\":\"a-root-1\"}");
        lines.add("{\"request\":\"run\",\"argv\":[\"reboot\"]}");
        lines.add("HALF " + lines.get(0));
        while (lines.size() < REQUESTS) {
            lines.add("\u0001".repeat(lines.size() % 300) + "{\"request\":");
        }
        return lines;
    }

    @Test
    void whateverAWatcherSendsNothingIsDoneThatNoRuleDoes() throws IOException {
        List<String> lines = requests();
        List<String> answers = send(CLIENT, lines);
        List<String> done = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (answers.get(i).contains("\"type\":\"outcome\"")) {
                done.add(lines.get(i));
            } else if (!lines.get(i).startsWith("HALF ")) {
                assertThat(answers.get(i)).as(lines.get(i)).contains("\"type\":\"refusal\"");
            }
        }
        assertThat(done)
                .as("what was allowed")
                .hasSizeBetween(1, MOST_AN_HOUR)
                .allMatch(line -> line.contains("\"action\":\"block\"")
                        // A rule blocks an address, or a port of a user that is not root.
                        && (line.contains(ALLOWED) || line.contains("\"uid\":1,")));
        assertThat(send("daemon", List.of(lines.get(0))))
                .singleElement()
                .asString()
                .contains("user daemon may not ask for anything");
        nothingElseIsBlocked();
        assertThat(Files.readString(Path.of("/proc/" + victim.pid() + "/stat"))).contains(") S ");
        assertThat(victimFile).hasContent("* * * * * root true\n");
        assertThat(session.isAlive()).isTrue();
        actor.terminate();
        ProgramUnderTest.Ended ended = actor.await(PATIENCE).withoutStackTrace();
        assertThat(ended.stderr()).isEmpty();
        everyAttemptIsInTheJournal(lines.size() + 1, done.size());
    }

    private void nothingElseIsBlocked() {
        String elements = String.join(
                " ",
                ELEMENTS.matcher(namespace.nft("list", "ruleset"))
                        .results()
                        .map(MatchResult::group)
                        .toList());
        assertThat(ADDRESS.matcher(elements).results().map(MatchResult::group))
                .isNotEmpty()
                .containsOnly(ALLOWED);
    }

    private void everyAttemptIsInTheJournal(int attempts, int done) throws IOException {
        List<JournalEntry> entries = new Journal(journal).read().entries();
        assertThat(entries.stream().filter(JournalEntry.Decided.class::isInstance))
                .hasSize(done);
        assertThat(entries.stream().filter(JournalEntry.Ended.class::isInstance))
                .hasSize(done);
        long refused = entries.stream()
                .filter(JournalEntry.Refused.class::isInstance)
                .map(JournalEntry.Refused.class::cast)
                .mapToLong(one -> one.unlisted() + (one.by().isEmpty() ? 0 : 1))
                .sum();
        assertThat(refused).isEqualTo(attempts - done);
        assertThat(Files.size(journal)).isLessThan(1 << 20);
    }
}
