package org.outguard.app;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.ExitStatus;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard completion}: what a shell completes commands and options by; the packages install it. */
@Command(name = "completion", description = "print the completion for a shell")
final class CompletionCommand implements Callable<Integer> {

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
        return AutoComplete.bash("outguard", Main.commands())
                        .lines()
                        .filter(line -> !line.startsWith("#!"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    /* compinit takes the file as a function's body: what is called first defines it, and completes at once. */
    private static String zsh() {
        return "#compdef outguard\nautoload -U +X bashcompinit && bashcompinit\n" + bash()
                + "_bash_complete -o default -F _complete_outguard\n";
    }
}
