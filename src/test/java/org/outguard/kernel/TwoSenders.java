package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.app.Patience;
import org.outguard.app.Programs;
import org.outguard.owner.ProcessId;

/**
 * Two programs of one user that send from the host of a bed to the same remote and port. By the sizes of their packets the
 * far side tells them apart and counts what arrives.
 */
public final class TwoSenders implements AutoCloseable {

    /** Where they send to. */
    public static final String REMOTE = "10.99.0.2";

    private static final int FLOOD_BYTES = 100;
    private static final int BYSTANDER_BYTES = 200;
    private static final int UDP_HEADER = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EyeBed bed;
    private final List<Process> processes = new ArrayList<>();

    /** Sends nothing yet. */
    public TwoSenders(EyeBed bed) {
        this.bed = bed;
        StringBuilder rules =
                new StringBuilder("table inet count { chain in { type filter hook prerouting priority -300;");
        for (int bytes : List.of(FLOOD_BYTES, BYSTANDER_BYTES)) {
            rules.append(" udp length ").append(bytes + UDP_HEADER).append(" counter;");
        }
        Programs.output(rules.append("}; }").toString(), List.of("ip", "netns", "exec", bed.far, "nft", "-f", "-"));
    }

    /** Starts both and waits until packets of both have arrived. Which process floods. */
    public ProcessId start() throws IOException {
        return start(List.of());
    }

    /**
     * The same with the flooding program started by another one.
     *
     * @param by its words, in front of the program's own
     */
    ProcessId start(List<String> by) throws IOException {
        Process flood = send(by, FLOOD_BYTES, "400");
        send(List.of(), BYSTANDER_BYTES, "100");
        return id(flood.descendants().findFirst().orElse(flood.toHandle()).pid());
    }

    private Process send(List<String> by, int bytes, String pps) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", bed.host));
        command.addAll(by);
        command.addAll(List.of(EyeBed.ATTACKS.resolve("b_sendto").toString(), REMOTE, "80", pps, "60", "" + bytes));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        awaitMore(bytes);
        return process;
    }

    /** A process that lives. */
    public static ProcessId id(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // Field 22; the name, field 2, may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcessId((int) pid, Long.parseLong(fields[19]));
    }

    /** Waits until more of the flood arrives. */
    public void awaitMoreOfTheFlood() {
        awaitMore(FLOOD_BYTES);
    }

    /** Waits until more of the other one arrives. */
    public void awaitMoreOfTheBystander() {
        awaitMore(BYSTANDER_BYTES);
    }

    private void awaitMore(int bytes) {
        long before = arrived(bytes);
        Patience.until("packets of " + bytes + " bytes arrive", PATIENCE, () -> arrived(bytes) > before + 10);
    }

    /** While the bystander goes on nothing of the flood arrives. */
    public void assertOnlyTheBystanderArrives() {
        long flood = arrived(FLOOD_BYTES);
        long bystander = arrived(BYSTANDER_BYTES);
        Patience.until("the bystander goes on", PATIENCE, () -> arrived(BYSTANDER_BYTES) > bystander + 100);
        // What was under way when it began.
        assertThat(arrived(FLOOD_BYTES) - flood).isLessThanOrEqualTo(2);
    }

    private long arrived(int bytes) {
        String rules = Programs.output("ip", "netns", "exec", bed.far, "nft", "list", "table", "inet", "count");
        Matcher matcher = Pattern.compile("udp length " + (bytes + UDP_HEADER) + " counter packets (\\d+)")
                .matcher(rules);
        assertThat(matcher.find()).as(rules).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() {
        processes.forEach(PidNamespace::end);
    }
}
