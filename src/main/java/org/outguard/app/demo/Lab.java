package org.outguard.app.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandRunner;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;

/**
 * A server under suspicion, in network namespaces: a user's program floods a web server with 29-byte packets, another
 * floods a game server more slowly, and an innocent program asks DNS.
 *
 * <p>Safe from any thread, so that a shutdown hook may close it.
 */
public final class Lab implements AutoCloseable {

    /** www-data on Debian (base-passwd): the user of the floods. */
    public static final int FLOOD_UID = 33;

    /** nobody: the user of the bystander. */
    public static final int BYSTANDER_UID = 65534;

    /** Where the large flood goes. */
    public static final Endpoint LARGE_FLOOD = endpoint("203.0.113.80", 80);

    /** Where the small flood goes. */
    public static final Endpoint SMALL_FLOOD = endpoint("203.0.113.81", 9987);

    /** Whom the bystander asks. */
    public static final Endpoint RESOLVER = endpoint("203.0.113.53", 53);

    /** Packets a second of the large flood: those of the incident that Outguard was made for. */
    public static final int LARGE_FLOOD_PPS = 173_000;

    /** Packets a second of the small flood. */
    public static final int SMALL_FLOOD_PPS = 12_000;

    /** Queries a second of the bystander. */
    public static final int BYSTANDER_PPS = 20;

    /** The longest that a sender sends; it refuses more. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    /** An IPv4 header, a UDP header and this make the 29 bytes. */
    private static final int PAYLOAD_BYTES = 1;

    private final LabNetwork network;
    private final Path program;
    private final List<DemoSender> bystanders = new ArrayList<>();
    private final List<DemoSender> floods = new ArrayList<>();

    private Lab(LabNetwork network, Path program) {
        this.network = network;
        this.program = program;
    }

    /**
     * Builds a lab, without any traffic yet, after it has taken down what killed demonstrations have left.
     *
     * @param runner runs {@code ip}
     * @param senderProgram the executable outguard-lab-sender; a second one called {@code x7} lies beside it
     * @param pid our own process number, which goes into the names
     */
    public static LabResult build(CommandRunner runner, Path senderProgram, long pid) {
        if (!Files.isExecutable(senderProgram)) {
            return new LabResult.NotBuilt(false, "there is no program " + senderProgram);
        }
        LabNetwork.removeLeftOver(runner);
        LabNetwork network = new LabNetwork(runner, pid);
        Optional<String> problem = network.build();
        if (problem.isPresent()) {
            network.remove();
            String reason = problem.get();
            boolean lacksPrivilege = reason.contains("Operation not permitted") || reason.contains("Permission denied");
            String advice = lacksPrivilege ? "run as root, or with CAP_SYS_ADMIN and CAP_NET_ADMIN; " : "";
            return new LabResult.NotBuilt(lacksPrivilege, advice + reason);
        }
        return new LabResult.Ready(new Lab(network, senderProgram.toAbsolutePath()));
    }

    /** The server's network namespace, for setns(2): what is to be watched goes on in there. */
    public Path serverNamespace() {
        return network.serverNamespace();
    }

    /** The namespace at the other end of the cable. */
    public Path worldNamespace() {
        return network.worldNamespace();
    }

    /** The folder of the lab's programs. */
    Path programs() {
        return program.resolveSibling("");
    }

    /** The server's interface to the world. */
    public String uplink() {
        return LabNetwork.UPLINK;
    }

    /**
     * Starts the DNS queries, and returns when they begin; the reason where they do not.
     *
     * @param length for how long, 1 s up to {@link #LONGEST}
     */
    public synchronized Optional<String> startBystander(Duration length) {
        return start(
                bystanders,
                new DemoSender.Job(
                        SenderReport.Role.BYSTANDER, program, BYSTANDER_UID, RESOLVER, BYSTANDER_PPS, PAYLOAD_BYTES),
                length);
    }

    /**
     * Starts both floods, and returns when they begin; the reason where one does not.
     *
     * @param length for how long, 1 s up to {@link #LONGEST}
     */
    public synchronized Optional<String> startFloods(Duration length) {
        return startFlood(LARGE_FLOOD, LARGE_FLOOD_PPS, length)
                .or(() -> startFlood(SMALL_FLOOD, SMALL_FLOOD_PPS, length));
    }

    /**
     * Starts one flood, and returns when it begins; the reason where it does not.
     *
     * @param remote where to: a documentation address. The program is another one for {@link #SMALL_FLOOD}
     * @param packetsPerSecond 1 up to 1,000,000
     * @param length for how long, 1 s up to {@link #LONGEST}
     */
    public synchronized Optional<String> startFlood(Endpoint remote, int packetsPerSecond, Duration length) {
        Path other = program.resolveSibling("x7");
        Path sender = remote.equals(SMALL_FLOOD) && Files.isExecutable(other) ? other : program;
        return start(
                floods,
                new DemoSender.Job(SenderReport.Role.FLOOD, sender, FLOOD_UID, remote, packetsPerSecond, PAYLOAD_BYTES),
                length);
    }

    private Optional<String> start(List<DemoSender> senders, DemoSender.Job job, Duration length) {
        DemoSender.Start start = DemoSender.start(job, network.serverNamespace(), length);
        if (start instanceof DemoSender.Start.Running running) {
            senders.add(running.sender());
            return Optional.empty();
        }
        return Optional.of(((DemoSender.Start.Failed) start).reason());
    }

    /** What is known of every sender so far, running ones without counts. */
    public synchronized List<SenderReport> reports() {
        List<SenderReport> reports = new ArrayList<>();
        floods.forEach(sender -> reports.add(sender.report()));
        bystanders.forEach(sender -> reports.add(sender.report()));
        return List.copyOf(reports);
    }

    /** Ends the floods; what they have sent. */
    public synchronized List<SenderReport> stopFloods() {
        return floods.stream().map(DemoSender::stop).toList();
    }

    /** Ends the queries; what was sent. */
    public synchronized List<SenderReport> stopBystander() {
        return bystanders.stream().map(DemoSender::stop).toList();
    }

    /** Ends every sender and takes the network down. Whoever watches the uplink sees it vanish. */
    @Override
    public synchronized void close() {
        floods.forEach(DemoSender::stop);
        bystanders.forEach(DemoSender::stop);
        network.remove();
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }
}
