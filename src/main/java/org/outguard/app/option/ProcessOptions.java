package org.outguard.app.option;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.outguard.app.command.CliActionExecutor;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.text.SafeText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which process a command is about. The number that was typed is tied to a start time at once. */
public final class ProcessOptions {

    private static final String MATCHED_BY = "named by its number";

    @Parameters(index = "0", paramLabel = "PID", description = "number of the process")
    public int pid;

    @Option(names = "--tree", description = "with all that descends from it")
    boolean tree;

    @Option(names = "--cgroup", description = "with all of its control group, where that is one user's")
    boolean cgroup;

    private final PlaceOptions place = new PlaceOptions();
    private @Nullable CliActionExecutor executor;

    public ProcessStep.Scope scope() {
        if (tree) {
            return ProcessStep.Scope.TREE;
        }
        return cgroup ? ProcessStep.Scope.CGROUP : ProcessStep.Scope.PROCESS;
    }

    /**
     * Acts on the process that has this number at this moment.
     *
     * @param make the steps; the first one is what may be refused
     */
    public int act(
            CommandSpec spec,
            ActingOptions options,
            CliActionExecutor.Question question,
            Function<Attribution.Exact, List<ProcessStep>> make) {
        PrintWriter err = spec.commandLine().getErr();
        if (tree && cgroup) {
            throw new ParameterException(spec.commandLine(), "--tree and --cgroup are two different things");
        }
        if (pid <= 0) {
            throw new ParameterException(spec.commandLine(), pid + " is no number of a process");
        }
        Optional<Owner> owner = ProcessWiring.facts().read(pid);
        if (owner.isEmpty()) {
            err.println("outguard: there is no process " + pid);
            return ExitStatus.FAILED.code();
        }
        List<ProcessStep> steps = make.apply(new Attribution.Exact(owner.get(), MATCHED_BY));
        Optional<String> refusal = ProcessWiring.rails().refusal(steps.get(0));
        if (refusal.isPresent()) {
            err.println("outguard: refused: " + SafeText.clean(refusal.get()));
            return ExitStatus.REFUSED.code();
        }
        spec.commandLine().getOut().println(describe(owner.get()));
        spec.commandLine().getOut().flush();
        Optional<CliActionExecutor> acting = place.acting(spec, options);
        if (acting.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        executor = acting.get();
        List<Step> all = new ArrayList<>(steps);
        return executor.act(all, options, question);
    }

    /** What acted; empty before {@link #act}, or where it was refused. */
    public Optional<CliActionExecutor> executor() {
        return Optional.ofNullable(executor);
    }

    private static String describe(Owner owner) {
        StringBuilder words = new StringBuilder("process " + owner.pid() + ": ");
        words.append(String.join(" ", owner.commandLine().isEmpty() ? List.of(owner.command()) : owner.commandLine()));
        words.append("\n  program: ").append(owner.exe().isEmpty() ? "?" : owner.exe());
        words.append(owner.exeDeleted() ? " (deleted)" : "").append(", user: ").append(owner.user());
        if (!owner.parents().isEmpty()) {
            Owner.Ancestor parent = owner.parents().get(0);
            words.append(", started by: ").append(parent.id().pid()).append(' ').append(parent.command());
        }
        return words.toString()
                .lines()
                .map(SafeText::clean)
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }
}
