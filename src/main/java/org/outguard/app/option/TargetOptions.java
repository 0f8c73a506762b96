package org.outguard.app.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.SenderScope;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What is to be blocked or not any more. */
public final class TargetOptions {

    @Option(
            names = "--remote",
            paramLabel = "ADDR[/LEN][:PORT]",
            converter = RemoteArgument.Word.class,
            description = "destination; IPv6 with a port as [ADDR]:PORT")
    @Nullable
    RemoteArgument remote;

    @Option(
            names = "--from",
            paramLabel = "ADDR[/LEN]",
            converter = RemoteArgument.Word.class,
            description = "a client: all that arrives from it, here and on the way to a container, is dropped")
    @Nullable
    RemoteArgument from;

    @Option(
            names = "--uid",
            paramLabel = "UID",
            converter = UserConverter.class,
            description = "what this user's sockets send, by number or name")
    @Nullable
    Integer uid;

    @Option(
            names = "--cgroup",
            paramLabel = "PATH",
            description = "what sockets made in this control group send, as system.slice/apache2.service")
    @Nullable
    String cgroup;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "the control group of this process, or its user where it has none of its own;"
                    + " nft knows no single process")
    @Nullable
    Integer pid;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "destination port, where --remote names none; with --uid alone it holds on loopback too")
    @Nullable
    Integer port;

    @Option(
            names = "--proto",
            paramLabel = "NAME|NUMBER",
            completionCandidates = ProtocolWords.class,
            converter = ProtocolWord.class,
            description = "udp, tcp, icmp, gre, ipip, sctp, esp or another protocol of IP, by name or number;"
                    + " udp and tcp both if a port is given without it")
    @Nullable
    Protocol protocol;

    /** What a shell completes after {@code --proto}. */
    static final class ProtocolWords implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return words().iterator();
        }
    }

    private static List<String> words() {
        return Arrays.stream(Protocol.values())
                .filter(known -> known != Protocol.OTHER)
                .map(Protocol::word)
                .toList();
    }

    /** Reads the word after {@code --proto}. */
    static final class ProtocolWord implements ITypeConverter<Protocol> {
        @Override
        public Protocol convert(String word) {
            String name = word.toLowerCase(Locale.ROOT);
            return Arrays.stream(Protocol.values())
                    .filter(known -> known != Protocol.OTHER)
                    .filter(known -> known.word().equals(name) || name.equals(Integer.toString(known.number())))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + word + "' is none of "
                            + String.join(", ", words())
                            + ", or the number of one of these"));
        }
    }

    /**
     * One target, or one for each protocol that is meant.
     *
     * @throws ParameterException where the options do not make one
     */
    public List<BlockTarget> targets(CommandSpec spec) {
        int senders = (uid == null ? 0 : 1) + (cgroup == null ? 0 : 1) + (pid == null ? 0 : 1);
        RemoteArgument client = from;
        if (client != null) {
            if (remote != null || senders > 0 || port != null || protocol != null) {
                throw wrong(spec, "--from stands alone: all that comes from there is meant");
            }
            if (client.port().isPresent()) {
                throw wrong(spec, "--from takes no port: all that comes from there is meant");
            }
            return List.of(BlockTarget.ofClient(client.remote()));
        }
        if (remote == null && senders == 0) {
            throw wrong(spec, "needs --remote, --from, --uid, --cgroup or --pid");
        }
        if (senders > 1) {
            throw wrong(spec, "takes one of --uid, --cgroup and --pid");
        }
        if (cgroup != null && !BlockTarget.namesCgroup(cgroupPath())) {
            throw wrong(
                    spec,
                    "--cgroup is a path from the root of cgroup2, of at most " + BlockTarget.MOST_CGROUP_LEVELS
                            + " parts, as system.slice/apache2.service");
        }
        OptionalInt number = number(spec);
        if (number.isPresent() && protocol != null && !protocol.hasPorts()) {
            throw wrong(spec, protocol.word() + " has no ports");
        }
        SenderScope sender = sender(spec);
        Optional<BlockTarget.Remote> network = Optional.ofNullable(remote).map(RemoteArgument::remote);
        return protocols(number, network).stream()
                .map(over -> new BlockTarget(network, number, over, sender.uid(), sender.cgroup()))
                .toList();
    }

    private String cgroupPath() {
        return cgroup == null ? "" : cgroup.replaceFirst("^/+", "");
    }

    private OptionalInt number(CommandSpec spec) {
        OptionalInt inRemote = remote == null ? OptionalInt.empty() : remote.port();
        if (port == null) {
            return inRemote;
        }
        if (inRemote.isPresent()) {
            throw wrong(spec, "--remote has a port already");
        }
        if (port < 1 || port > 65535) {
            throw wrong(spec, "--port must be 1 to 65535");
        }
        return OptionalInt.of(port);
    }

    private List<Optional<Protocol>> protocols(OptionalInt number, Optional<BlockTarget.Remote> network) {
        if (protocol == Protocol.ICMP) {
            // The two versions of ICMP are two protocols.
            List<Optional<Protocol>> versions = new ArrayList<>();
            if (network.isEmpty() || !network.get().address().v6()) {
                versions.add(Optional.of(Protocol.ICMP));
            }
            if (network.isEmpty() || network.get().address().v6()) {
                versions.add(Optional.of(Protocol.ICMPV6));
            }
            return versions;
        }
        if (protocol != null || number.isEmpty()) {
            return List.of(Optional.ofNullable(protocol));
        }
        return List.of(Optional.of(Protocol.UDP), Optional.of(Protocol.TCP));
    }

    /** What {@code --pid} comes to, in words, since nft knows no single process; empty where no process was named. */
    public Optional<String> widened() {
        return Optional.ofNullable(pid)
                .flatMap(process -> SenderScope.ofProcess(process)
                        .map(sender -> "--pid " + process + " is blocked by "
                                + sender.cgroup()
                                        .map(path -> "its control group " + path
                                                + ": other processes in it, or in groups below it, are blocked too")
                                        .orElseGet(() -> "its user, since it is in no control group that nft can match:"
                                                + " everything that user sends is blocked too")
                                + "; the screen can block a process alone (key b)"));
    }

    private SenderScope sender(CommandSpec spec) {
        if (pid != null) {
            Optional<SenderScope> found = SenderScope.ofProcess(pid);
            if (found.isEmpty()) {
                throw wrong(spec, "there is no process " + pid + ", or it has no user that could be blocked");
            }
            return found.get();
        }
        return new SenderScope(
                uid == null ? OptionalInt.empty() : OptionalInt.of(uid),
                Optional.ofNullable(cgroup).map(path -> cgroupPath()));
    }

    private static ParameterException wrong(CommandSpec spec, String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }
}
