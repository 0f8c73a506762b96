package org.outguard.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.outguard.text.Durations;
import org.outguard.text.SafePrinting;
import org.outguard.text.SafeText;
import picocli.CommandLine;

/** Runs lines. A fresh set of commands for each, because commands remember what they were given. */
final class Commands {

    /** What a line that cannot be read ends with, as for any wrong use. */
    static final int USAGE = 2;

    private static final int FAILED = 1;

    /** Words of the console itself. */
    static final Map<String, String> BUILT_IN = Map.of(
            "exit", "leave the console; so does Ctrl-D",
            "quit", "leave the console",
            "help", "the commands; help COMMAND for one of them",
            "watch", "watch TIME COMMAND: run a command again and again until a key is pressed");

    /* They have the terminal for themselves, or would open a console in the console. */
    private static final Set<String> ELSEWHERE = Set.of("demo", "console");

    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final Supplier<CommandLine> commands;
    private final Output output;

    Commands(Supplier<CommandLine> commands, Output output) {
        this.commands = commands;
        this.output = output;
    }

    /** Whether a line asks to leave. */
    static boolean leaves(InputLine line) {
        return line.words().size() == 1
                && Set.of("exit", "quit").contains(line.words().get(0));
    }

    /** Runs a line; returns its exit status. */
    int run(String text) {
        InputLine.Reading reading = InputLine.read(text);
        if (reading instanceof InputLine.Wrong wrong) {
            output.line("outguard: " + wrong.reason());
            return USAGE;
        }
        InputLine line = ((InputLine.Read) reading).line();
        if (line.words().isEmpty()) {
            return 0;
        }
        for (List<String> filter : line.filters()) {
            Optional<String> complaint = Filters.complaint(filter);
            if (complaint.isPresent()) {
                output.line("outguard: " + SafeText.clean(complaint.get()));
                return USAGE;
            }
        }
        if (ELSEWHERE.contains(line.words().get(0))) {
            output.line("outguard: " + line.words().get(0) + " needs a terminal of its own: start it from a shell");
            return USAGE;
        }
        Optional<Duration> every = repeated(line.words());
        return every.isPresent() ? again(line, every.get()) : once(line.words(), line.filters(), line.into());
    }

    /* watch 5s COMMAND; without a time it is the command of that name. */
    private static Optional<Duration> repeated(List<String> words) {
        return words.size() > 2 && words.get(0).equals("watch") ? Durations.parse(words.get(1)) : Optional.empty();
    }

    private int again(InputLine line, Duration every) {
        List<String> words = line.words().subList(2, line.words().size());
        int status;
        do {
            output.clear();
            output.line("every " + Durations.words(every) + ": " + SafeText.clean(String.join(" ", words))
                    + " (any key ends it)");
            status = once(
                    words,
                    line.filters().stream()
                            .filter(filter -> !Filters.pages(filter))
                            .toList(),
                    line.into());
        } while (!output.pressed(every.toMillis()));
        return status;
    }

    private int once(List<String> words, List<List<String>> filters, Optional<InputLine.Target> into) {
        CommandLine command = commands.get();
        String[] arguments = words.toArray(String[]::new);
        if (filters.isEmpty() && into.isEmpty()) {
            return command.execute(arguments);
        }
        Captured captured = capture(command, arguments);
        List<String> lines = captured.text.lines().toList();
        for (List<String> filter : filters) {
            lines = Filters.apply(filter, lines);
        }
        if (into.isPresent()) {
            return write(lines, into.get()) ? captured.status : FAILED;
        }
        if (Filters.pages(filters.get(filters.size() - 1))) {
            output.pages(lines);
        } else {
            lines.forEach(output::line);
        }
        return captured.status;
    }

    private boolean write(List<String> lines, InputLine.Target into) {
        List<String> safe = lines.stream().map(SafePrinting::line).toList();
        try {
            if (into.appends()) {
                Files.write(
                        Path.of(into.file()),
                        safe,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } else {
                Files.write(Path.of(into.file()), safe, StandardCharsets.UTF_8);
            }
        } catch (IOException | InvalidPathException e) {
            output.line("outguard: " + SafeText.clean(into.file()) + " cannot be written: "
                    + SafeText.clean(String.valueOf(e.getMessage())));
            return false;
        }
        output.line(Filters.count(lines) + " in " + SafeText.clean(into.file()));
        return true;
    }

    private record Captured(int status, String text) {}

    /* Commands print to the process's streams as well as to picocli's. */
    private static Captured capture(CommandLine command, String[] arguments) {
        ByteArrayOutputStream bytes = new Bounded();
        PrintStream before = System.out;
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
            int status = command.execute(arguments);
            out.flush();
            return new Captured(status, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    /** Keeps the beginning of an output that has no end. */
    private static final class Bounded extends ByteArrayOutputStream {
        @Override
        public synchronized void write(int b) {
            if (count < MOST_BYTES) {
                super.write(b);
            }
        }

        @Override
        public synchronized void write(byte[] b, int off, int len) {
            if (count < MOST_BYTES) {
                super.write(b, off, len);
            }
        }
    }
}
