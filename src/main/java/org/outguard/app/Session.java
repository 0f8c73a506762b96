package org.outguard.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.config.PolicyFile;
import org.outguard.config.PolicyResult;
import org.outguard.config.ResolverFile;
import org.outguard.flow.IpAddress;
import org.outguard.guard.Guard;
import org.outguard.guard.Policy;
import org.outguard.guard.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.Journal;
import org.outguard.kernel.DefaultRoute;
import org.outguard.text.SafeText;

/** Makes a watcher from options, or says why not. */
sealed interface Session {

    /** Where the policy is looked for without {@code --config}. */
    Path POLICY_FILE = Path.of("/etc/outguard/outguard.toml");

    Path RESOLVER_FILE = Path.of("/etc/resolv.conf");

    /**
     * Ready to be started.
     *
     * @param watcher to be closed by whoever asked
     * @param interfaces what it will watch
     */
    record Ready(Watcher watcher, List<String> interfaces) implements Session {}

    /**
     * It cannot be; the reason was said.
     *
     * @param status what the program ends with
     */
    record Impossible(ExitStatus status) implements Session {}

    /**
     * Enters the network namespace that is asked for, and makes a watcher there.
     *
     * @param acts whether it carries commands out; where another instance does, it only watches
     */
    static Session open(CommonOptions options, boolean acts, PrintWriter err) {
        Privileges privileges = Privileges.ofThisProcess();
        if (!privileges.has(Privileges.Capability.CAP_NET_RAW)) {
            return refuse(err, ExitStatus.LACKS_PRIVILEGE, privileges.complaint());
        }
        if (options.netns != null) {
            Optional<String> problem = PlaceOptions.enter(options.netns);
            if (problem.isPresent()) {
                return refuse(err, ExitStatus.FAILED, problem.get());
            }
        }
        return open(options, Edges.journal(options.netns), acts, err);
    }

    /** Makes a watcher in the network namespace that this thread is in. */
    static Session open(CommonOptions options, Journal journal, boolean acts, PrintWriter err) {
        Optional<Policy> policy = policy(options.config, err);
        if (policy.isEmpty()) {
            return new Impossible(ExitStatus.FAILED);
        }
        List<String> interfaces = options.interfaces;
        if (interfaces.isEmpty()) {
            Optional<String> found = DefaultRoute.find();
            if (found.isEmpty()) {
                return refuse(
                        err, ExitStatus.FAILED, "there is no default route; name the interface to watch with -i NAME");
            }
            interfaces = List.of(found.get());
        }
        boolean kernel = options.eye != CommonOptions.Eye.WIRE;
        Clock clock = Clock.systemUTC();
        Inbox inbox = new Inbox();
        Machine machine = new Machine(
                inbox,
                journal,
                clock,
                Privileges.ofThisProcess(),
                new Around(policy.get().mailUsers()),
                acts);
        SecureRandom random = new SecureRandom();
        Guard guard = new Guard(
                policy.get(),
                machine.finder(),
                machine.enforcer(),
                new Ids("o", random),
                new Ids("a", random),
                kernel ? Snapshot.Eye.KERNEL : Snapshot.Eye.WIRE,
                clock.instant());
        inbox.deliverTo(guard);
        return new Ready(
                new Watcher(machine, guard, interfaces, kernel, clock, System::nanoTime), List.copyOf(interfaces));
    }

    /** The policy in force; empty after a complaint where its file is wrong. */
    static Optional<Policy> policy(@Nullable Path config, PrintWriter err) {
        Set<IpAddress> resolvers = ResolverFile.read(RESOLVER_FILE);
        Policy defaults = Policy.defaults(resolvers);
        Path file = config == null ? POLICY_FILE : config;
        if (config == null && !Files.exists(file)) {
            return Optional.of(defaults);
        }
        PolicyResult result = PolicyFile.read(file, defaults);
        if (result instanceof PolicyResult.Read read) {
            return Optional.of(read.policy());
        }
        for (PolicyResult.Fault error : ((PolicyResult.Invalid) result).errors()) {
            err.println("outguard: " + SafeText.clean(error.toString()));
        }
        return Optional.empty();
    }

    private static Impossible refuse(PrintWriter err, ExitStatus status, String reason) {
        err.println("outguard: " + SafeText.clean(reason));
        return new Impossible(status);
    }
}
