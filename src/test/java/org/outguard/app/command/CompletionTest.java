package org.outguard.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.outguard.app.Main;

/** What shells complete commands and options by. */
class CompletionTest {

    @ParameterizedTest
    @EnumSource
    void everyCommandIsThere(CompletionCommand.Shell shell) {
        String script = CompletionCommand.script(shell);
        Main.commands()
                .getSubcommands()
                .keySet()
                .forEach(name -> assertThat(script).containsPattern("\\b" + name + "\\b"));
        assertThat(script).doesNotContain("Bash_Completion_Spec").endsWith("\n");
    }

    @Test
    void fishKnowsWhichOptionsTakeAValue() {
        assertThat(CompletionCommand.script(CompletionCommand.Shell.FISH).lines())
                .contains(
                        "complete -c outguard -n '__fish_seen_subcommand_from undo' -l all -d 'all that is still in effect'")
                .anyMatch(line -> line.contains("__fish_seen_subcommand_from block") && line.contains("-l for -r -F"))
                .anyMatch(line ->
                        line.contains("__fish_use_subcommand") && line.contains("-l color -x -a 'auto always never'"))
                .allMatch(line -> line.startsWith("complete -c outguard "));
    }

    @Test
    void bashAndZshOfferTheWordsThatAreTaken() {
        assertThat(CompletionCommand.script(CompletionCommand.Shell.BASH))
                .contains("local kernelwireauto_option_args=(\"kernel\" \"wire\" \"auto\") # --eye values")
                .doesNotContainPattern("_args=\\(\"[A-Z]");
        // Where zsh runs it, "&>" puts the command before it into the background (packaging/dist/try-completions asks
        // zsh).
        assertThat(CompletionCommand.script(CompletionCommand.Shell.ZSH))
                .doesNotContain("&>", "alias compopt")
                .doesNotContainPattern("_args=\\(\"[A-Z]");
    }

    @Test
    void anotherShellIsWrongUse() {
        StringWriter said = new StringWriter();
        int status = Main.commands().setErr(new PrintWriter(said)).execute("completion", "tcsh");
        assertThat(status).isEqualTo(2);
        assertThat(said.toString()).contains("tcsh");
    }
}
