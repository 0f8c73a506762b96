package org.outguard.app.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.Ids;
import org.outguard.app.host.NamedNamespace;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ProgramLog;
import org.outguard.app.host.ProtectedResourcesReader;
import org.outguard.app.option.BtfFile;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.run.Inbox;
import org.outguard.app.run.Machine;
import org.outguard.app.run.Watcher;
import org.outguard.app.wiring.Wiring;
import org.outguard.config.FeedbackFile;
import org.outguard.config.HistoryPolicy;
import org.outguard.config.PolicyFile;
import org.outguard.config.PolicyResult;
import org.outguard.guard.Guard;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.history.HistorySettings;
import org.outguard.journal.Journal;
import org.outguard.kernel.DefaultRoute;
import org.outguard.kernel.KernelEye;
import org.outguard.text.SafeText;

/** Makes a watcher from options, or says why not. */
public sealed interface SessionFactory {

    /** Where the policy is looked for without {@code --config}. */
    Path POLICY_FILE = Path.of("/etc/outguard/outguard.toml");

    /** Why nothing can be enforced. */
    String NO_RULES = "the policy has no [[rule]], so there is nothing to enforce";

    /** What a session does beside watching. */
    enum Role {
        LOOKS,
        /** Carries out what a person asks for. */
        ACTS,
        /** Carries out what the rules of the policy say. */
        ENFORCES,
        /** Only says what the rules would do. */
        REHEARSES
    }

    /**
     * Ready to be started.
     *
     * @param watcher to be closed by whoever asked
     * @param interfaces what it will watch
     * @param policy what it was made by
     */
    record Ready(Watcher watcher, List<String> interfaces, PolicyResult.Read policy) implements SessionFactory {

        /** Keeps what leaves from the start on, unless policy or options say otherwise. */
        public void record(CommonOptions options) {
            HistoryPolicy wanted = policy.history();
            if (wanted.enabled() && !options.noHistory && Wiring.keepsHistory(options.netns)) {
                watcher.record(
                        HistorySettings.of(Wiring.historyStore(options.netns), wanted.megabytes(), wanted.days()));
            }
        }
    }

    /**
     * It cannot be; the reason was said.
     *
     * @param status what the program ends with
     */
    record Impossible(ExitStatus status) implements SessionFactory {}

    /**
     * Enters the network namespace that is asked for, and makes a watcher there.
     *
     * @param role what it does beside watching; where another instance acts, it only watches
     */
    static SessionFactory open(CommonOptions options, Role role, PrintWriter err) {
        Privileges privileges = Privileges.ofThisProcess();
        if (!privileges.has(Privileges.Capability.CAP_NET_RAW)) {
            err.println(privileges.complaint(List.of()));
            return new Impossible(ExitStatus.LACKS_PRIVILEGE);
        }
        if (options.netns != null) {
            Optional<String> problem = PlaceOptions.enter(options.netns);
            if (problem.isPresent()) {
                return refuse(err, ExitStatus.FAILED, problem.get());
            }
        }
        return open(options, Wiring.journal(options.netns), role, err);
    }

    /** Makes a watcher in the network namespace that this thread is in. */
    static SessionFactory open(CommonOptions options, Journal journal, Role role, PrintWriter err) {
        Optional<String> noBtf = Optional.ofNullable(options.btf).flatMap(BtfFile::problem);
        return noBtf.isPresent()
                ? refuse(err, ExitStatus.FAILED, "--btf " + noBtf.get())
                : open(options, journal, role, () -> Wiring.kernelEye(options.btf), err);
    }

    /**
     * The same.
     *
     * @param kernelEye opens the kernel eye, where it is wanted
     */
    static SessionFactory open(
            CommonOptions options, Journal journal, Role role, Supplier<KernelEye.Opening> kernelEye, PrintWriter err) {
        Optional<PolicyResult.Read> read = policy(options.config, new NamedNamespace(options.netns), err);
        if (read.isEmpty()) {
            return new Impossible(ExitStatus.FAILED);
        }
        Policy policy = read.get().policy();
        boolean byRules = role == Role.ENFORCES || role == Role.REHEARSES;
        if (byRules && read.get().rules().isEmpty()) {
            return refuse(err, ExitStatus.FAILED, NO_RULES);
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
                mail -> new ProtectedResourcesReader(policy, mail::relayHosts, new NamedNamespace(options.netns)),
                options.mailLogs,
                role == Role.ACTS || role == Role.ENFORCES,
                role != Role.LOOKS);
        machine.watchNamespace(new NamedNamespace(options.netns));
        FeedbackFile.mailbox(options.config == null ? POLICY_FILE : options.config)
                .ifPresent(machine::readFeedback);
        if (!read.get().feeds().files().isEmpty()) {
            machine.readFeeds(read.get().feeds().files());
        }
        SecureRandom random = new SecureRandom();
        Guard guard = new Guard(
                policy,
                machine.finder(),
                machine.enforcer(),
                new Ids("o", random),
                new Ids("a", random),
                kernel ? Snapshot.Eye.KERNEL : Snapshot.Eye.WIRE,
                clock.instant());
        ProgramLog.inForce().ifPresent(guard::logTo);
        if (byRules) {
            guard.respondBy(read.get().rules(), role == Role.REHEARSES);
        }
        inbox.deliverTo(guard);
        return new Ready(
                new Watcher(
                        machine,
                        guard,
                        interfaces,
                        Optional.of(kernelEye).filter(opener -> kernel),
                        clock,
                        System::nanoTime),
                List.copyOf(interfaces),
                read.get());
    }

    /** The policy of the machine; see {@link #policy(Path, NamedNamespace, PrintWriter)}. */
    static Optional<PolicyResult.Read> policy(@Nullable Path config, PrintWriter err) {
        return policy(config, NamedNamespace.MACHINE, err);
    }

    /**
     * The policy in force.
     *
     * @param namespace where it is in force
     * @return empty after a complaint where its file is wrong
     */
    static Optional<PolicyResult.Read> policy(@Nullable Path config, NamedNamespace namespace, PrintWriter err) {
        Policy defaults = Policy.defaults(namespace.resolvers());
        Path file = config == null ? POLICY_FILE : config;
        if (config == null && !Files.exists(file)) {
            return Optional.of(new PolicyResult.Read(defaults));
        }
        PolicyResult result = PolicyFile.read(file, defaults);
        if (result instanceof PolicyResult.Read read) {
            return Optional.of(read);
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
