package org.outguard.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.UnitStep;
import org.outguard.headless.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands on files that an intruder has left. */
public final class FileCommands {

    private FileCommands() {}

    /** {@code outguard quarantine}. */
    @Command(
            name = "quarantine",
            description =
                    "move files to where only root can read them and nobody runs them; 'outguard undo' restores them")
    public static final class QuarantineCommand implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "regular files")
        List<Path> files = new ArrayList<>();

        @Mixin
        final ActingOptions acting = new ActingOptions();

        @Mixin
        final PlaceOptions place = new PlaceOptions();

        @Override
        public Integer call() {
            List<Step> steps = new ArrayList<>();
            files.forEach(file -> steps.add(
                    new FileStep.Quarantine(file.toAbsolutePath().normalize().toString())));
            return place.acting(spec, acting)
                    .map(executor -> executor.act(steps, acting))
                    .orElse(ExitStatus.FAILED.code());
        }
    }

    /** {@code outguard disable}. */
    @Command(
            name = "disable",
            description =
                    "comment out a line: a cron job, a key, a setting; or stop a unit of systemd, with its timers and"
                            + " sockets, and take away what has it started; 'outguard undo' restores it")
    public static final class DisableCommand implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        CommandSpec spec;

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE:LINE|UNIT",
                description = "number of the line, from 1; or a unit by the path of its file")
        List<String> lines = new ArrayList<>();

        @Mixin
        final ActingOptions acting = new ActingOptions();

        @Mixin
        final PlaceOptions place = new PlaceOptions();

        @Override
        public Integer call() {
            List<Step> steps = new ArrayList<>();
            for (String line : lines) {
                if (line.matches("(?s).*/[^/]+\\.(service|timer|socket|path)")) {
                    steps.add(new UnitStep.Disable(
                            Path.of(line).toAbsolutePath().normalize().toString()));
                    continue;
                }
                int colon = line.lastIndexOf(':');
                if (colon < 1 || !line.substring(colon + 1).matches("[1-9]\\d{0,8}")) {
                    throw new ParameterException(
                            spec.commandLine(), "'" + line + "' is neither FILE:LINE nor the path of a unit's file");
                }
                String file = Path.of(line.substring(0, colon))
                        .toAbsolutePath()
                        .normalize()
                        .toString();
                steps.add(new FileStep.Disable(file, Integer.parseInt(line.substring(colon + 1))));
            }
            return place.acting(spec, acting)
                    .map(executor -> executor.act(steps, acting))
                    .orElse(ExitStatus.FAILED.code());
        }
    }
}
