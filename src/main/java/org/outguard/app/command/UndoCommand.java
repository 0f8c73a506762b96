package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.StandingByJournal;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard undo}: undoes what the journal says still stands. */
@Command(name = "undo", description = "undo an action of the journal")
public final class UndoCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "see 'outguard journal'")
    @Nullable
    String id;

    @Option(names = "--all", description = "all that is still in effect")
    boolean all;

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        if ((id == null) == !all) {
            throw new ParameterException(spec.commandLine(), "needs an ID or --all");
        }
        Optional<CliActionExecutor> executor = place.acting(spec, acting);
        if (executor.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        Instant now = place.clock().instant();
        List<StandingByJournal> standing = ProcessWiring.standing(place.journal(), now).stream()
                .filter(block -> all || block.action().id().equals(id))
                .toList();
        if (standing.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    all
                            ? "outguard: nothing stands"
                            : "outguard: refused: nothing that stands has the id "
                                    + SafeText.clean(String.valueOf(id)));
            return all ? ExitStatus.DONE.code() : ExitStatus.REFUSED.code();
        }
        List<CliActionExecutor.Wanted> ended = standing.stream()
                .flatMap(one -> CliActionExecutor.Wanted.ending(one, now).stream())
                .toList();
        return executor.get().end(ended, acting);
    }
}
