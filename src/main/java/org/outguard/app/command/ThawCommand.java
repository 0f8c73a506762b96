package org.outguard.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.ProcessOptions;
import org.outguard.guard.action.ProcessStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outguard thaw}: lets a frozen process go on. */
@Command(name = "thaw", description = "let a frozen process go on")
public final class ThawCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ProcessOptions process = new ProcessOptions();

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Override
    public Integer call() {
        return process.act(
                spec,
                acting,
                CliActionExecutor.Question.PLAIN,
                match -> List.of(
                        new ProcessStep.Thaw(match.owner().id(), match.owner().command(), process.scope(), "")));
    }
}
