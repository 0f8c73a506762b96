package org.outguard.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.Action;
import org.outguard.guard.MailStep;
import org.outguard.guard.Outcome;
import org.outguard.guard.StepRunner;
import org.outguard.mta.HeadReaders;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystems;
import org.outguard.mta.Surroundings;
import org.outguard.mta.UserNames;
import org.outguard.mta.exim.EximSystem;
import org.outguard.mta.postfix.PostfixSystem;
import org.outguard.procfs.PasswdFile;

/** The mail systems of this machine, looked for when they are first asked for: that runs programs. */
final class MailEdge implements StepRunner<MailStep> {

    /* Beyond these the file system is what is waited for. */
    private static final int MOST_HELPERS = 7;

    private final CommandRunner runner;
    private final Path deleted;
    private final Clock clock;
    private final UserNames users = new LocalUsers(new PasswdFile(Path.of("/etc/passwd")));
    private @Nullable List<MailSystem> found;

    MailEdge(CommandRunner runner, Path deleted, Clock clock) {
        this.runner = runner;
        this.deleted = deleted;
        this.clock = clock;
    }

    /** Every mail system; none where there is none. */
    synchronized List<MailSystem> systems() {
        if (found == null) {
            int helpers =
                    Math.max(1, Math.min(MOST_HELPERS, Runtime.getRuntime().availableProcessors() - 1));
            ExecutorService threads = Executors.newFixedThreadPool(helpers, Edges.daemons("queue files"));
            Surroundings surroundings =
                    new Surroundings(runner, users, new HeadReaders.Helpers(threads, helpers), clock, System::nanoTime);
            List<MailSystem> all = new ArrayList<>(PostfixSystem.all(surroundings));
            all.addAll(EximSystem.all(surroundings));
            found = List.copyOf(all);
        }
        return found;
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
