package org.outguard.app.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.Main;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.option.CompletionCandidates;
import org.outguard.app.option.ExecutionTarget;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.wiring.Wiring;
import org.outguard.console.Console;
import org.outguard.headless.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard console}: the same commands without a shell around them. */
@Command(
        name = "console",
        description = "a prompt for every command, with completion, history and pages; also for scripts")
public final class ConsoleCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(names = "-c", paramLabel = "WORDS", description = "run one line and end with its exit status")
    @Nullable
    String words;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|-",
            description = "run the lines of a file, or of standard input, up to the first that fails")
    @Nullable
    String script;

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    Path config;

    @Override
    public Integer call() throws IOException {
        if (!PlaceOptions.entered(place.netns, spec.commandLine().getErr()::println)) {
            return ExitStatus.FAILED.code();
        }
        Console console = console(Optional::empty, new ExecutionTarget(place.netns, config));
        if (words != null) {
            return console.run(words);
        }
        if (script == null && StandardStreams.isTerminal(StandardStreams.IN)) {
            return console.talk(String.valueOf(System.getenv("TERM")), "");
        }
        return console.script(lines(script == null ? "-" : script));
    }

    private static List<String> lines(String from) throws IOException {
        if (!from.equals("-")) {
            return Files.readAllLines(Path.of(from));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return in.lines().toList();
    }

    /**
     * A console whose completion knows what is on the screen, where there is one.
     *
     * @param place what its lines are meant for
     */
    public static Console console(CompletionCandidates.Screen screen, ExecutionTarget place) {
        return new Console(() -> Main.commands(place), new CompletionCandidates(screen, place), Wiring.historyFile());
    }
}
