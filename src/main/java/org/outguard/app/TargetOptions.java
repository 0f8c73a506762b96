package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Protocol;
import org.outguard.guard.BlockTarget;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What is to be blocked or not any more. */
final class TargetOptions {

    @Option(
            names = "--remote",
            paramLabel = "ADDR[/LEN][:PORT]",
            converter = RemoteArgument.Word.class,
            description = "destination; IPv6 with a port as [ADDR]:PORT")
    @Nullable
    RemoteArgument remote;

    @Option(names = "--uid", paramLabel = "UID", description = "what this user's sockets send")
    @Nullable
    Integer uid;

    @Option(
            names = "--proto",
            paramLabel = "udp|tcp",
            converter = ProtocolWord.class,
            description = "only with a port; both if not given")
    @Nullable
    Protocol protocol;

    /** Reads the word after {@code --proto}. */
    static final class ProtocolWord implements ITypeConverter<Protocol> {
        @Override
        public Protocol convert(String word) {
            return switch (word) {
                case "udp" -> Protocol.UDP;
                case "tcp" -> Protocol.TCP;
                default -> throw new TypeConversionException("'" + word + "' is none of udp, tcp");
            };
        }
    }

    /**
     * One target, or two where a port is given without a protocol.
     *
     * @throws ParameterException where the options do not make one
     */
    List<BlockTarget> targets(CommandSpec spec) {
        if (remote == null && uid == null) {
            throw new ParameterException(spec.commandLine(), "needs --remote or --uid");
        }
        if (uid != null && uid < 0) {
            throw new ParameterException(spec.commandLine(), "--uid must not be negative");
        }
        OptionalInt port = remote == null ? OptionalInt.empty() : remote.port();
        if (protocol != null && port.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--proto needs a port in --remote");
        }
        OptionalInt user = uid == null ? OptionalInt.empty() : OptionalInt.of(uid);
        Optional<BlockTarget.Remote> network = Optional.ofNullable(remote).map(RemoteArgument::remote);
        if (port.isEmpty()) {
            return List.of(new BlockTarget(network, port, Optional.empty(), user));
        }
        List<BlockTarget> targets = new ArrayList<>();
        for (Protocol each : protocol == null ? List.of(Protocol.UDP, Protocol.TCP) : List.of(protocol)) {
            targets.add(new BlockTarget(network, port, Optional.of(each), user));
        }
        return targets;
    }
}
