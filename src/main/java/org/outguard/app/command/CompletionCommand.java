package org.outguard.app.command;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.app.Main;
import org.outguard.app.output.FishCompletion;
import org.outguard.headless.ExitStatus;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard completion}: what a shell completes commands and options by; the packages install it. */
@Command(name = "completion", description = "print the completion for a shell")
public final class CompletionCommand implements Callable<Integer> {

    /** The shells that are known. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern VALUES =
            Pattern.compile("(?<before>\\s*local (?<label>\\w+)_(option|pos_param)_args=)\\(.*\\)(?<behind>| # .*)");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "bash|zsh|fish", description = "the shell")
    @Nullable
    Shell shell;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(script(shell == null ? Shell.BASH : shell));
        spec.commandLine().getOut().flush();
        return ExitStatus.DONE.code();
    }

    /** The whole of what is put into the shell's folder of completions. */
    static String script(Shell shell) {
        return switch (shell) {
            case BASH -> bash();
            case ZSH -> zsh();
            case FISH -> FishCompletion.script(Main.commands());
        };
    }

    private static String bash() {
        CommandLine commands = Main.commands();
        Map<String, String> words = new HashMap<>();
        Stream.concat(Stream.of(commands), commands.getSubcommands().values().stream())
                .flatMap(command -> command.getCommandSpec().args().stream())
                .filter(argument -> !FishCompletion.words(argument).isEmpty())
                .forEach(argument ->
                        words.put(argument.paramLabel().replaceAll("\\W", ""), FishCompletion.words(argument)));
        return AutoComplete.bash("outguard", commands)
                        .lines()
                        .filter(line -> !line.startsWith("#!"))
                        .map(line -> withWords(line, words))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    /* The generator offers the names of Java's constants, which no option takes. */
    private static String withWords(String line, Map<String, String> words) {
        Matcher values = VALUES.matcher(line);
        String taken = values.matches() ? words.get(values.group("label")) : null;
        return taken == null
                ? line
                : values.group("before") + "(\"" + taken.replace(" ", "\" \"") + "\")" + values.group("behind");
    }

    /*
     * compinit takes the file as a function's body: what is called first defines it, and completes at once. It is run as sh,
     * which reads "&>" as something else; an alias would be there only when the body has been read.
     */
    private static String zsh() {
        return "#compdef outguard\nautoload -U +X bashcompinit && bashcompinit\n"
                + bash().replace("&>/dev/null", ">/dev/null 2>&1").replace("  alias compopt=complete\n", "")
                + "_bash_complete -o default -F _complete_outguard\n";
    }
}
