package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.app.Main;
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

    /* The value of one of a command's options. */
    private static @Nullable Object read(ExecutionTarget place, String command, String option, String... words) {
        CommandLine commands = Main.commands(place);
        commands.parseArgs(Stream.concat(Stream.of(command), Stream.of(words)).toArray(String[]::new));
        return commands.getSubcommands()
                .get(command)
                .getCommandSpec()
                .findOption(option)
                .getValue();
    }

    @Test
    void aPlaceIsWhereTheyActThatDoNotSay() {
        ExecutionTarget place = new ExecutionTarget("lab", Path.of("policy.toml"));

        assertThat(read(place, "block", "--netns", "--uid", "33")).isEqualTo("lab");
        assertThat(read(place, "block", "--config", "--uid", "33")).isEqualTo(place.config());
        assertThat(read(place, "block", "--netns", "--uid", "33", "--netns", "other"))
                .isEqualTo("other");
        assertThat(read(ExecutionTarget.USUAL, "block", "--netns", "--uid", "33"))
                .isNull();
    }
}
