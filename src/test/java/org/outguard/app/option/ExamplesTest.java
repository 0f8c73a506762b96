package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.outguard.app.Main;
import picocli.CommandLine;

/** Each command shows two examples, and each of them is a line that it reads. */
class ExamplesTest {

    @TestFactory
    Stream<DynamicTest> eachCommandHasTwoThatAreRead() {
        return Main.commands().getSubcommands().entrySet().stream()
                .map(command -> DynamicTest.dynamicTest(command.getKey(), () -> {
                    assertThat(Examples.of(command.getKey())).hasSize(2).allSatisfy(ExamplesTest::isRead);
                    assertThat(command.getValue().getUsageMessage(CommandLine.Help.Ansi.OFF))
                            .contains("Examples:\n  outguard "
                                    + Examples.of(command.getKey()).get(0));
                }));
    }

    private static void isRead(String example) {
        String[] words = example.replaceAll("'[^']*'", "words").split(" ");
        CommandLine.ParseResult read = Main.commands().parseArgs(words);
        assertThat(read.subcommand().commandSpec().name()).isEqualTo(words[0]);
    }

    @Test
    void aWordThatIsNoneIsAnsweredWithTheOneThatIsMeant() {
        java.io.StringWriter err = new java.io.StringWriter();
        CommandLine commands = Main.commands();
        commands.setErr(new java.io.PrintWriter(err, true));
        commands.getSubcommands().values().forEach(each -> each.setErr(new java.io.PrintWriter(err, true)));
        assertThat(commands.execute("journal", "--standin")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no option '--standin'; did you mean --standing?");
        assertThat(commands.execute("jurnal")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no command 'jurnal'; did you mean journal");
    }
}
