package org.outguard.app.option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.app.command.CliActionExecutor;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.host.Ids;
import org.outguard.app.host.NamedNamespace;
import org.outguard.app.host.ProtectedResourcesReader;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.wiring.Wiring;
import org.outguard.config.PolicyResult;
import org.outguard.guard.policy.Policy;
import org.outguard.journal.Journal;
import org.outguard.kernel.NetworkNamespace;
import org.outguard.text.SafeText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where a one-shot command acts. */
public final class PlaceOptions {

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceConverter.class,
            description = "act in this network namespace (ip-netns(8))")
    @Nullable
    public String netns;

    private final Clock clock = Clock.systemUTC();

    private final MailSystemsProvider mail = Wiring.mail(clock);

    /** The mail systems where it acts. */
    /** The place of a command that has the option under another heading. */
    public static PlaceOptions of(Optional<String> netns) {
        PlaceOptions place = new PlaceOptions();
        place.netns = netns.orElse(null);
        return place;
    }

    public MailSystemsProvider mail() {
        return mail;
    }

    public Clock clock() {
        return clock;
    }

    public Journal journal() {
        return Wiring.journal(netns);
    }

    /** What acts in the right namespace; empty after a complaint where it cannot be entered, or the policy is wrong. */
    public Optional<CliActionExecutor> acting(CommandSpec spec, ActingOptions options) {
        PrintWriter err = spec.commandLine().getErr();
        Optional<Policy> policy = policy(options.config, err);
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        if (!entered(netns, err::println)) {
            return Optional.empty();
        }
        return Optional.of(new CliActionExecutor(
                new ProtectedResourcesReader(policy.get(), mail::relayHosts, new NamedNamespace(netns)),
                journal(),
                mail,
                clock,
                new Ids("a", new SecureRandom()),
                whoActs(),
                System.out,
                System.err));
    }

    /* Where the usual one is wrong, that is said, and nobody is kept from acting by it. */
    private static Optional<Policy> policy(@Nullable Path config, PrintWriter err) {
        Optional<Policy> read = SessionFactory.policy(config, err).map(PolicyResult.Read::policy);
        if (read.isPresent() || config != null) {
            return read;
        }
        err.println("outguard: its defaults are in force instead");
        return Optional.of(Policy.defaults(Set.of()));
    }

    /**
     * Moves into a named network namespace, as {@link #enter} does, if one is named.
     *
     * @param complaints takes the reason where that cannot be
     * @return whether it could
     */
    public static boolean entered(@Nullable String netns, Consumer<String> complaints) {
        Optional<String> problem = netns == null ? Optional.empty() : enter(netns);
        problem.ifPresent(reason -> complaints.accept("outguard: " + SafeText.clean(reason)));
        return problem.isEmpty();
    }

    /** Moves this thread, and those that it will make, into a named network namespace. */
    public static Optional<String> enter(String name) {
        return NetworkNamespace.enter(Path.of("/run/netns", name).toString());
    }

    /** Who sits at this, for the journal: the user behind sudo where there is one. */
    public static String whoActs() {
        String sudo = System.getenv("SUDO_USER");
        String user = System.getProperty("user.name", "?");
        return sudo == null || sudo.isEmpty() ? user : sudo + " (sudo)";
    }
}
