package org.outguard.app;

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
import org.outguard.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code outguard console}: the same commands without a shell around them. */
@Command(name = "console", description = "every command by word, with completion, history and pages; for scripts too")
final class ConsoleCommand implements Callable<Integer> {

    @Option(names = "-c", paramLabel = "WORDS", description = "run one line and end with its exit status")
    @Nullable
    String words;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|-",
            description = "run the lines of a file, or of standard input, up to the first that fails")
    @Nullable
    String script;

    @Override
    public Integer call() throws IOException {
        Console console = console(Optional::empty);
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

    /** A console whose completion knows what is on the screen, where there is one. */
    static Console console(Nameable.Screen screen) {
        return new Console(Main::commands, new Nameable(screen), Edges.historyFile());
    }
}
