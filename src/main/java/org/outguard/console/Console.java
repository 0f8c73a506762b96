package org.outguard.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.outguard.console.CompletionSource.Suggestion;
import org.outguard.text.Columns;
import org.outguard.text.SafePrinting;
import picocli.CommandLine;

/**
 * A console: lines are read with completion and history, and run. Nothing is drawn but lines, one below the other, so that
 * it can be read aloud; on a terminal that can do no more, that is all there is.
 */
public final class Console {

    private static final String ANSWER = "terminal-answer";
    private static final String PROMPT = "outguard> ";
    private static final int MOST_HISTORY = 2_000;

    private static final List<Suggestion> FILTERS = List.of(
            new Suggestion("less", "page by page"),
            new Suggestion("grep", "lines that contain a text; -v those that do not"),
            new Suggestion("head", "the first lines; -3 three of them"),
            new Suggestion("tail", "the last lines"),
            new Suggestion("count", "how many lines"));

    private final Supplier<CommandLine> commands;
    private final CompletionSource suggestions;
    private final Path history;

    /**
     * A console.
     *
     * @param commands makes all commands anew
     * @param suggestions what can be named
     * @param history file that keeps the lines; its folder has to be there, else they are not kept
     */
    public Console(Supplier<CommandLine> commands, CompletionSource suggestions, Path history) {
        this.commands = commands;
        this.suggestions = suggestions;
        this.history = history;
    }

    /** Runs one line without a terminal; returns its exit status. */
    public int run(String line) {
        return new Commands(commands, new Plain()).run(line);
    }

    /**
     * Runs lines one after the other, up to the first that fails.
     *
     * @return exit status of the last that ran
     */
    public int script(Iterable<String> lines) {
        Commands runner = new Commands(commands, new Plain());
        int number = 0;
        for (String line : lines) {
            number++;
            if (InputLine.read(line) instanceof InputLine.Read read && Commands.leaves(read.line())) {
                return 0;
            }
            int status = runner.run(line);
            if (status != 0) {
                System.err.println("outguard: line " + number + " ended with " + status);
                return status;
            }
        }
        return 0;
    }

    /**
     * Reads and runs lines until somebody leaves.
     *
     * @param term the value of TERM
     * @param typed keys that were pressed before there was a console
     * @return exit status of the last line
     */
    public int talk(String term, String typed) {
        try (Terminal terminal = terminal(term)) {
            LineReader reader = reader(terminal);
            if (!typed.isEmpty() && reader instanceof LineReaderImpl keys) {
                keys.runMacro(typed);
            }
            Commands runner = new Commands(commands, new OnTerminal(terminal));
            int status = 0;
            while (true) {
                try {
                    String text = reader.readLine(PROMPT);
                    if (InputLine.read(text) instanceof InputLine.Read read && Commands.leaves(read.line())) {
                        return status;
                    }
                    status = runner.run(text);
                } catch (UserInterruptException e) {
                    status = 130;
                } catch (EndOfFileException e) {
                    return status;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /*
     * Said outright rather than found out: JLine would start programs (infocmp, test) and ask the terminal how it counts
     * characters, which a slow link answers into the first line.
     */
    private static Terminal terminal(String term) throws IOException {
        boolean dumb = term.isEmpty() || term.equals("dumb");
        return TerminalBuilder.builder()
                .name("outguard")
                .system(true)
                .provider("jni")
                .type(dumb ? "dumb" : "xterm-256color")
                .dumb(dumb)
                .graphemeCluster(false)
                .encoding(StandardCharsets.UTF_8)
                .build();
    }

    private LineReader reader(Terminal terminal) {
        DefaultParser parser = new DefaultParser();
        // Completion sees a word as our own reading does; what is typed is read by that one alone.
        parser.setEscapeChars(new char[] {'\\'});
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("outguard")
                .parser(parser)
                .completer(completer())
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_FILE_SIZE, MOST_HISTORY)
                .variable(LineReader.HISTORY_SIZE, MOST_HISTORY)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.AUTO_LIST, true)
                .build();
        // An answer to the screen's last frame that is later than the screen waited.
        reader.getWidgets().put(ANSWER, () -> true);
        reader.getKeyMaps().values().forEach(keys -> keys.bind(new Reference(ANSWER), OnTerminal.ANSWER));
        return reader;
    }

    private Completer completer() {
        return (reader, line, candidates) -> {
            List<String> before = new ArrayList<>(line.words().subList(0, line.wordIndex()));
            int pipe = before.lastIndexOf("|");
            List<Suggestion> found = pipe >= 0
                    ? filters(line.word())
                    : new Completion(commands.get(), Commands.BUILT_IN, suggestions).at(before, line.word());
            int width = found.stream()
                    .mapToInt(each -> Columns.width(each.name()))
                    .max()
                    .orElse(0);
            int number = 0;
            for (Suggestion each : found) {
                // What it is stands behind the name and not at the edge of the screen, and the likeliest stays first.
                String shown = Columns.fit(each.name(), width) + "  " + each.about();
                candidates.add(
                        new Candidate(each.name(), shown.stripTrailing(), null, null, null, null, true, number++));
            }
        };
    }

    private static List<Suggestion> filters(String begun) {
        return FILTERS.stream()
                .filter(filter -> filter.name().startsWith(begun))
                .toList();
    }

    /** Standard output, where nobody turns pages. */
    private static final class Plain implements Output {
        @Override
        public void line(String text) {
            System.out.println(SafePrinting.line(text));
        }

        @Override
        public void pages(List<String> lines) {
            lines.forEach(this::line);
        }

        @Override
        public void clear() {
            // What was printed stays: a file or a pipe is read from its beginning.
        }

        @Override
        public boolean pressed(long millis) {
            return true;
        }
    }
}
