package org.outguard.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.ProcessOptions;
import org.outguard.guard.action.ProcessStep;
import org.outguard.owner.Owner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard freeze}: stops a process without ending it. */
@Command(name = "freeze", description = "stop a process without ending it, so that it can be looked at and let go on")
public final class FreezeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ProcessOptions process = new ProcessOptions();

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "then keep what is known of it, in a new folder there")
    @Nullable
    Path evidence;

    @Override
    public Integer call() {
        return process.act(spec, acting, CliActionExecutor.Question.PLAIN, match -> {
            Owner owner = match.owner();
            List<ProcessStep> steps =
                    new ArrayList<>(List.of(new ProcessStep.Freeze(owner.id(), owner.command(), process.scope())));
            if (evidence != null) {
                steps.add(new ProcessStep.Keep(
                        owner.id(), owner.command(), evidence.toAbsolutePath().toString()));
            }
            return steps;
        });
    }
}
