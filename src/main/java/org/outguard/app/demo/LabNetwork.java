package org.outguard.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Two network namespaces and the cable between them: the server, which Outguard watches, and the world, which swallows
 * what it is sent.
 *
 * <p>Neighbours are entered by hand, so that no packet waits for ARP or neighbour discovery, and what waits is sent by
 * whoever resolves it and not by its owner. The world has none of the addresses that are flooded and forwards nothing,
 * so it answers nothing: ICMP errors would come back as errors of the sender's socket. The one address that it has beside its
 * own is the {@link MailSink}'s.
 */
final class LabNetwork {

    static final String UPLINK = "uplink0";

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Pattern NAME = Pattern.compile("outguard-demo-(?:server|world)-(\\d{1,10})");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String DOWNLINK = "downlink0";
    private static final String SERVER_MAC = "02:00:5e:00:53:0a";
    private static final String WORLD_MAC = "02:00:5e:00:53:01";
    private static final String SERVER_V4 = "198.51.100.10";
    private static final String WORLD_V4 = "198.51.100.1";
    private static final String SERVER_V6 = "2001:db8::10";
    private static final String WORLD_V6 = "2001:db8::1";

    private final CommandRunner runner;
    private final String server;
    private final String world;

    LabNetwork(CommandRunner runner, long pid) {
        this.runner = runner;
        this.server = "outguard-demo-server-" + pid;
        this.world = "outguard-demo-world-" + pid;
    }

    Path serverNamespace() {
        return NAMESPACES.resolve(server);
    }

    Path worldNamespace() {
        return NAMESPACES.resolve(world);
    }

    /** Builds it; the reason where that failed. */
    Optional<String> build() {
        for (List<String> arguments : steps()) {
            Optional<String> problem = ip(arguments);
            if (problem.isPresent()) {
                return problem;
            }
        }
        // A machine without IPv6 has a lab without IPv6.
        for (List<String> arguments : stepsOfVersion6()) {
            if (ip(arguments).isPresent()) {
                break;
            }
        }
        return Optional.empty();
    }

    private List<List<String>> steps() {
        return List.of(
                words("netns add " + server),
                words("netns add " + world),
                words("link add name " + UPLINK + " address " + SERVER_MAC + " netns " + server
                        + " type veth peer name " + DOWNLINK + " address " + WORLD_MAC + " netns " + world),
                words("-n " + server + " link set dev lo up"),
                words("-n " + server + " link set dev " + UPLINK + " addrgenmode none"),
                words("-n " + server + " link set dev " + UPLINK + " up"),
                words("-n " + world + " link set dev " + DOWNLINK + " addrgenmode none"),
                words("-n " + world + " link set dev " + DOWNLINK + " up"),
                words("-n " + server + " address add " + SERVER_V4 + "/24 dev " + UPLINK),
                words("-n " + server + " neighbour add " + WORLD_V4 + " lladdr " + WORLD_MAC + " dev " + UPLINK
                        + " nud permanent"),
                words("-n " + server + " route add default via " + WORLD_V4 + " dev " + UPLINK),
                words("-n " + world + " address add " + WORLD_V4 + "/24 dev " + DOWNLINK),
                words("-n " + world + " address add " + MailSink.ADDRESS.address() + "/32 dev " + DOWNLINK),
                words("-n " + world + " neighbour add " + SERVER_V4 + " lladdr " + SERVER_MAC + " dev " + DOWNLINK
                        + " nud permanent"),
                // Forwarding is inherited from the machine, and one that forwards says "unreachable".
                words("-n " + world + " route add blackhole default"));
    }

    private List<List<String>> stepsOfVersion6() {
        return List.of(
                words("-n " + server + " address add " + SERVER_V6 + "/64 dev " + UPLINK + " nodad"),
                words("-n " + server + " neighbour add " + WORLD_V6 + " lladdr " + WORLD_MAC + " dev " + UPLINK
                        + " nud permanent"),
                words("-n " + server + " route add default via " + WORLD_V6 + " dev " + UPLINK),
                words("-n " + world + " address add " + WORLD_V6 + "/64 dev " + DOWNLINK + " nodad"),
                words("-n " + world + " neighbour add " + SERVER_V6 + " lladdr " + SERVER_MAC + " dev " + DOWNLINK
                        + " nud permanent"),
                words("-n " + world + " -6 route add blackhole default"));
    }

    /** Takes it down, as far as it stands. Processes that are inside keep their network until they end. */
    void remove() {
        List.of(server, world).forEach(this::removeNamespace);
    }

    /**
     * Takes down what demonstrations that were killed have left: namespaces that bear the number of a process that is
     * no more.
     */
    static void removeLeftOver(CommandRunner runner) {
        try (Stream<Path> names = Files.list(NAMESPACES)) {
            names.map(path -> NAME.matcher(String.valueOf(path.getFileName())))
                    .filter(Matcher::matches)
                    .filter(name -> Files.notExists(Path.of("/proc", name.group(1))))
                    .map(name -> new LabNetwork(runner, Long.parseLong(name.group(1))))
                    .toList()
                    .forEach(LabNetwork::remove);
        } catch (IOException e) {
            // Without the folder there are no namespaces with names.
            return;
        }
    }

    private void removeNamespace(String name) {
        if (Files.exists(NAMESPACES.resolve(name))) {
            // What cannot be removed now is left over for the next start, which is all that could be done about it.
            ip(List.of("netns", "delete", name));
        }
    }

    private Optional<String> ip(List<String> arguments) {
        List<String> argv = Stream.concat(Stream.of("ip"), arguments.stream()).toList();
        CommandResult result = runner.run(argv, "", LIMIT);
        String command = CommandRunner.describe(argv);
        if (result instanceof CommandResult.Finished finished) {
            return finished.exitStatus() == 0
                    ? Optional.empty()
                    : Optional.of(command + ": " + finished.stderr().strip());
        }
        if (result instanceof CommandResult.NotFound notFound) {
            return Optional.of(notFound.reason());
        }
        if (result instanceof CommandResult.Failed failed) {
            return Optional.of(command + ": " + failed.reason());
        }
        return Optional.of(command + " took longer than " + LIMIT.toSeconds() + " s");
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }
}
