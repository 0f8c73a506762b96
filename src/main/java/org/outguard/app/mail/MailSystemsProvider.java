package org.outguard.app.mail;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.LocalUsers;
import org.outguard.app.wiring.Wiring;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.MailStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.port.StepRunner;
import org.outguard.mail.MailRunner;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystemContext;
import org.outguard.mta.MailSystems;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.UserNames;
import org.outguard.mta.panel.PanelMailSystem;
import org.outguard.procfs.PasswdFile;

/** The mail systems of the {@link MailEnvironment}, looked for when they are first asked for: that runs programs. */
public final class MailSystemsProvider implements StepRunner<MailStep> {

    /* Beyond these the file system is what is waited for. */
    private static final int MOST_HELPERS = 7;

    private static final long LOOK_MILLIS = 100;

    private final CommandRunner runner;
    private final Path deleted;
    private final Clock clock;
    private final UserNames users = new LocalUsers(new PasswdFile(Path.of("/etc/passwd")));
    private final MailEnvironment environment = Wiring.mailEnvironment();
    private @Nullable MailSystemContext context;
    private @Nullable List<MailSystem> found;

    public MailSystemsProvider(CommandRunner runner, Path deleted, Clock clock) {
        this.runner = runner;
        this.deleted = deleted;
        this.clock = clock;
    }

    /** Every mail system; none where there is none, or none yet. */
    public synchronized List<MailSystem> systems() {
        if (found == null) {
            found = environment.systems(context()).map(this::withContainers).orElse(null);
        }
        return found == null ? List.of() : found;
    }

    /* Those of containers that are known are not looked for again. */
    private List<MailSystem> withContainers(List<MailSystem> known) {
        List<MailSystem> all = new ArrayList<>(known);
        for (ContainerHost container : environment.containers(context())) {
            if (known.stream().noneMatch(system -> container.isSame(system.host()))) {
                all.addAll(MailEnvironment.in(container, context()));
            }
        }
        return List.copyOf(all);
    }

    /**
     * Looks for containers that have come or gone since; that runs programs in new ones, so others are not kept waiting. One thread
     * calls it.
     */
    void refresh() {
        List<MailSystem> before = systems();
        List<MailSystem> now = withContainers(before.stream()
                .filter(system -> system.host().problem().isEmpty())
                .toList());
        if (!now.equals(before)) {
            synchronized (this) {
                found = now;
            }
        }
    }

    /** The users as which they run, as far as they say. */
    public Set<MailRunner> runners() {
        Set<MailRunner> runners = new HashSet<>();
        for (MailSystem system : systems()) {
            if (!(system.host() instanceof ContainerHost host)) {
                system.uids().forEach(uid -> runners.add(new MailRunner("", uid, users.nameOf(uid))));
            } else if (host.sharesUsers()) {
                system.uids().forEach(uid -> runners.add(new MailRunner(host.id(), uid, users.nameOf(uid))));
            }
        }
        return runners;
    }

    /** Whose domains are, by the machine's hosting panel; empty where there is none. */
    public Map<String, String> accounts() {
        return systems().stream()
                .filter(PanelMailSystem.class::isInstance)
                .findFirst()
                .map(system -> ((PanelMailSystem) system).panel().accounts())
                .orElse(Map.of());
    }

    /** Hosts that all mail goes to, see {@link MailSystem#relayHosts}. */
    public Set<String> relayHosts() {
        return systems().stream()
                .flatMap(system -> system.relayHosts().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private MailSystemContext context() {
        if (context == null) {
            int helpers =
                    Math.max(1, Math.min(MOST_HELPERS, Runtime.getRuntime().availableProcessors() - 1));
            ExecutorService threads = Executors.newFixedThreadPool(helpers, Wiring.daemons("queue files"));
            context = new MailSystemContext(
                    runner, users, new ParallelHeaderReader.Helpers(threads, helpers), clock, System::nanoTime);
        }
        return context;
    }

    /**
     * The same, waited for where they are being started.
     *
     * @param stopped whether nobody wants them any more
     */
    List<MailSystem> awaited(BooleanSupplier stopped) {
        while (isComing() && problem().isEmpty() && !stopped.getAsBoolean()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
        return systems();
    }

    private synchronized boolean isComing() {
        return systems().isEmpty() && found == null;
    }

    /** Why there is no mail system where there should be one; empty where there may be. */
    Optional<String> problem() {
        return environment.problem();
    }

    /** What there is to say as long as no mail is watched; empty where nothing is known. */
    Optional<List<String>> unwatched() {
        return environment.unwatched();
    }

    UserNames users() {
        return users;
    }

    private MailSystems steps() {
        return new MailSystems(systems(), deleted, clock);
    }

    @Override
    public Action.Plan plan(MailStep step) {
        return steps().plan(step);
    }

    @Override
    public MailStep prepare(MailStep step) {
        return steps().prepare(step);
    }

    @Override
    public Optional<Extent> happened(MailStep step) {
        return steps().happened(step);
    }

    @Override
    public Outcome run(Action action, MailStep step) {
        return steps().run(action, step);
    }
}
