package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each command has what all of them share, and options in front of it become its own. */
class SharedOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "--netns lab block --yes, block --netns lab --yes",
        "--netns=lab block, block --netns=lab",
        "-v --color never journal, journal -v --color never",
        "-ieth0 -i eth1 watch --for 1s, watch -ieth0 -i eth1 --for 1s",
        "--version block, block --version"
    })
    void whatStandsInFrontIsReadBehind(String typed, String read) {
        CommandLine.ParseResult given = Main.commands().parseArgs(typed.split(" "));

        assertThat(SharedOptions.behind(given)).containsExactly(read.split(" "));
    }

    @Test
    void everyCommandHasThem() {
        Map<String, CommandLine> commands = Main.commands().getSubcommands();

        assertThat(commands).isNotEmpty().allSatisfy((name, command) -> {
            for (String option : new String[] {"--help", "-v", "--verbose", "--version", "--color", "--config"}) {
                assertThat(command.getCommandSpec().findOption(option))
                        .as(name + " " + option)
                        .isNotNull();
            }
        });
    }

    @Test
    void aPlaceIsWhereTheyActThatDoNotSay() {
        CommandLine commands = Main.commands(new Place("lab", null));

        JournalCommand journal = new JournalCommand();
        new CommandLine(journal).setDefaultValueProvider(new Place("lab", null)).parseArgs();
        assertThat(journal.place.netns).isEqualTo("lab");
        assertThat(commands.parseArgs("journal").matchedOptions()).isEmpty();
    }
}
