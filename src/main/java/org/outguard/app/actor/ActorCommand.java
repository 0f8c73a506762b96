package org.outguard.app.actor;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.ExternalActionTail;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ShutdownSignal;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.Journal;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard actor}: the process that alone acts, on requests of a watcher without privileges. */
@Command(
        name = "actor",
        description =
                "carry out what a watcher without privileges asks for; outguard-actor.socket starts it when that is")
public final class ActorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "listen there; without it at standard input, which systemd has made a socket")
    @Nullable
    Path path;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "who may ask beside root, for what a rule of the policy does; outguard if not given")
    String user = "outguard";

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    Path config;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Privileges privileges = Privileges.ofThisProcess();
        if (!privileges.has(Privileges.Capability.CAP_NET_ADMIN) || !privileges.has(Privileges.Capability.CAP_KILL)) {
            err.println(privileges.complaint(List.of()));
            return ExitStatus.LACKS_PRIVILEGE.code();
        }
        ServerSocketChannel socket = path == null ? given() : listening(path);
        if (socket == null) {
            err.println("outguard: standard input is no socket that listens: 'systemctl start outguard-actor.socket',"
                    + " or name one with --socket");
            return ExitStatus.USAGE.code();
        }
        try {
            answer(socket, err);
        } finally {
            if (path != null) {
                Files.deleteIfExists(path);
            }
        }
        return ExitStatus.DONE.code();
    }

    private void answer(ServerSocketChannel socket, PrintWriter err) throws IOException {
        Clock clock = Clock.systemUTC();
        Journal journal = Wiring.journal(null);
        MailSystemsProvider mail = Wiring.mail(clock);
        Enforcement enforcement =
                Wiring.enforcement(journal, ProcessWiring.respawns(), mail, clock, seen -> complain(seen, err));
        enforcement.recover(journal);
        ExternalActionTail others = new ExternalActionTail(journal, seen -> complain(seen, err));
        enforcement.readCounters(others::did, () -> false);
        ActorService service = new ActorService(
                enforcement,
                journal,
                new PolicyInForce(
                        config == null ? SessionFactory.POLICY_FILE : config,
                        () -> SessionFactory.policy(config, err),
                        mail),
                user,
                clock,
                problem -> err.println("outguard: refusals " + SafeText.clean(problem)));
        try (ShutdownSignal interruption = new ShutdownSignal();
                ActorServer server = new ActorServer(socket, service, System::nanoTime)) {
            server.run(() -> isAskedFor(interruption));
        } finally {
            enforcement.stop();
        }
    }

    private static boolean isAskedFor(ShutdownSignal interruption) {
        try {
            return interruption.await(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void complain(Observation seen, PrintWriter err) {
        if (seen instanceof HostObservation.Degraded limit && !limit.reason().isEmpty()) {
            err.println("outguard: " + SafeText.clean(limit.reason()));
        }
    }

    /* What systemd hands over as standard input (StandardInput=socket in systemd.exec(5)). */
    private static @Nullable ServerSocketChannel given() throws IOException {
        Channel inherited = System.inheritedChannel();
        return inherited instanceof ServerSocketChannel socket
                        && socket.getLocalAddress() instanceof UnixDomainSocketAddress
                ? socket
                : null;
    }

    private static ServerSocketChannel listening(Path path) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
        // Who may connect is told by the kernel; this keeps others from trying.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        return socket;
    }
}
