package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.ActionRow;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.Command;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.StandingBlock;
import org.outguard.journal.Journal;
import org.outguard.kernel.EyeBed;
import org.outguard.owner.ProcessId;

/**
 * Two programs of one user send to the same remote and port. A block of one process silences that one, is counted while it
 * stands, is undone, also by a command beside it, and is gone with the Outguard that made it, which the next one says.
 */
class OnlyThisProcessIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int FLOOD_BYTES = 100;
    private static final int BYSTANDER_BYTES = 200;
    private static final int UDP_HEADER = 8;

    @TempDir
    private Path folder;

    private final List<Process> senders = new ArrayList<>();

    /** A thread of its own, since it stays in the namespace with all that it starts. */
    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    private EyeBed bed;
    private Journal journal;
    private Watcher watcher;

    @BeforeEach
    void watch() throws Exception {
        Programs.requireRoot();
        bed = new EyeBed();
        Programs.output(
                "table inet count { chain in { type filter hook prerouting priority -300; udp length "
                        + (FLOOD_BYTES + UDP_HEADER) + " counter; udp length " + (BYSTANDER_BYTES + UDP_HEADER)
                        + " counter; }; }",
                List.of("ip", "netns", "exec", bed.far, "nft", "-f", "-"));
        journal = new Journal(ProgramUnderTest.journal(bed.host), BootId.read());
        open();
    }

    private void open() throws Exception {
        watcher = inside.submit(this::start).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Patience.until("the guard ticks", LIMIT, () -> watcher.desk().snapshot().sequence() > 4);
    }

    private Watcher start() {
        assertThat(PlaceOptions.enter(bed.host)).isEmpty();
        CommonOptions options = new CommonOptions();
        options.interfaces = List.of("og0");
        options.eye = CommonOptions.Eye.WIRE;
        StringWriter complaints = new StringWriter();
        Session session = Session.open(options, journal, Session.Role.ACTS, new PrintWriter(complaints));
        assertThat(session).as(complaints.toString()).isInstanceOf(Session.Ready.class);
        Watcher made = ((Session.Ready) session).watcher();
        made.start();
        return made;
    }

    @AfterEach
    void tidyUp() throws IOException {
        senders.forEach(Process::destroyForcibly);
        if (watcher != null) {
            watcher.close();
        }
        inside.shutdown();
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void anotherProgramOfTheSameUserGoesOn() throws Exception {
        ProcessId flood = send(FLOOD_BYTES, "400");
        send(BYSTANDER_BYTES, "100");
        NetworkStep.Block block = new NetworkStep.Block(BlockTarget.ofProcess(flood, 33), Duration.ofMinutes(10));

        watcher.desk().submit(new Command.Perform(block, "it floods", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 400);
        assertOnlyTheBystanderArrives();

        watcher.desk().submit(new Command.Undo(standing().actionId(), "test"));
        awaitMore(FLOOD_BYTES);

        watcher.desk().submit(new Command.Perform(block, "it floods again", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 0);
        ProgramUnderTest.Ended undone =
                ProgramUnderTest.run(folder, LIMIT, "undo", standing().actionId(), "--yes", "--netns", bed.host);
        assertThat(undone.status()).as(undone.all()).isZero();
        awaitMore(FLOOD_BYTES);
        Patience.until(
                this::notices, LIMIT, () -> watcher.desk().snapshot().blocks().isEmpty());

        watcher.desk().submit(new Command.Perform(block, "and once more", "test"));
        Patience.until(this::notices, LIMIT, () -> counted() > 0);
        watcher.close();
        awaitMore(FLOOD_BYTES);

        open();
        Patience.until(this::notices, LIMIT, () -> notices().contains("is gone with the Outguard that made it"));
        assertThat(watcher.desk().snapshot().actions())
                .filteredOn(row -> row.action().step() instanceof NetworkStep.Block)
                .extracting(ActionRow::state)
                .contains(ActionRow.State.GONE);
    }

    private String notices() {
        return watcher.desk().snapshot().notices().toString();
    }

    private StandingBlock standing() {
        return watcher.desk().snapshot().blocks().get(0);
    }

    private long counted() {
        return watcher.desk().snapshot().blocks().stream()
                .filter(block -> block.state() == StandingBlock.State.STANDING)
                .mapToLong(StandingBlock::packets)
                .sum();
    }

    private ProcessId send(int bytes, String pps) throws IOException {
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        bed.host,
                        EyeBed.ATTACKS.resolve("b_sendto").toString(),
                        "10.99.0.2",
                        "80",
                        pps,
                        "60",
                        "" + bytes)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        senders.add(process);
        awaitMore(bytes);
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // Field 22; the name, field 2, may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcessId((int) process.pid(), Long.parseLong(fields[19]));
    }

    private void awaitMore(int bytes) {
        long before = arrived(bytes);
        Patience.until("packets of " + bytes + " bytes arrive", LIMIT, () -> arrived(bytes) > before + 10);
    }

    private void assertOnlyTheBystanderArrives() {
        long flood = arrived(FLOOD_BYTES);
        long bystander = arrived(BYSTANDER_BYTES);
        Patience.until("the bystander goes on", LIMIT, () -> arrived(BYSTANDER_BYTES) > bystander + 100);
        assertThat(arrived(FLOOD_BYTES) - flood).isLessThanOrEqualTo(2);
    }

    private long arrived(int bytes) {
        String rules = Programs.output("ip", "netns", "exec", bed.far, "nft", "list", "table", "inet", "count");
        Matcher matcher = Pattern.compile("udp length " + (bytes + UDP_HEADER) + " counter packets (\\d+)")
                .matcher(rules);
        assertThat(matcher.find()).as(rules).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
