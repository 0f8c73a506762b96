package org.outguard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.console.CompletionSource.Suggestion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lines are run with commands of picocli; their output is led on, repeated and shown in pages. */
class CommandsTest {

    @Command(name = "root")
    static final class Root {}

    @Command(name = "count", description = "prints numbers")
    static final class Numbers implements Callable<Integer> {
        @Option(names = "--to", paramLabel = "N", description = "the last number")
        int to = 3;

        @Override
        public Integer call() {
            for (int i = 1; i <= to; i++) {
                System.out.println("number " + i);
            }
            return to == 13 ? 1 : 0;
        }
    }

    @Command(name = "end", description = "ends a process")
    static final class End implements Callable<Integer> {
        @Option(names = "--user", paramLabel = "USER", description = "whose")
        String user = "";

        @Parameters(paramLabel = "PID")
        String pid = "";

        @Override
        public Integer call() {
            System.out.println("ended " + pid);
            return 0;
        }
    }

    /** Writes down what it is shown. */
    private static final class Shown implements Output {
        private final List<String> lines = new ArrayList<>();
        private final List<String> paged = new ArrayList<>();
        private int rounds;

        @Override
        public void line(String text) {
            lines.add(text);
        }

        @Override
        public void pages(List<String> text) {
            paged.addAll(text);
        }

        @Override
        public void clear() {
            rounds++;
        }

        @Override
        public boolean pressed(long millis) {
            return rounds == 3;
        }
    }

    private final Shown shown = new Shown();
    private final Commands commands = new Commands(CommandsTest::line, shown);

    private static CommandLine line() {
        return new CommandLine(new Root()).addSubcommand(new Numbers()).addSubcommand(new End());
    }

    private static List<Suggestion> named(CompletionSource.Kind kind) {
        return switch (kind) {
            case PID ->
                List.of(new Suggestion("4711", "x7\u001b[2J.php of www-data"), new Suggestion("12\u001b[2J", "bad"));
            case USER -> List.of(new Suggestion("www-data", "uid 33"));
            default -> List.of();
        };
    }

    private static List<String> completed(List<String> before, String begun) {
        return new Completion(line(), Commands.BUILT_IN, CommandsTest::named)
                .at(before, begun).stream()
                        .map(each -> each.name() + " " + each.about())
                        .toList();
    }

    @Test
    void outputIsLedOn() {
        assertThat(commands.run("count --to 30 | grep 2 | tail 2")).isZero();
        assertThat(shown.lines).containsExactly("number 28", "number 29");
    }

    @Test
    void filtersTakeTheOptionsThatPeopleType() {
        assertThat(commands.run("count --to 30 | head -3")).isZero();
        assertThat(commands.run("count --to 30 | tail -n 1")).isZero();
        assertThat(commands.run("count --to 30 | head -n2 | tail 1")).isZero();
        assertThat(commands.run("count --to 12 | grep -iv NUMBER\\ 1")).isZero();
        assertThat(commands.run("count --to 2 | grep -v -i 1")).isZero();
        assertThat(shown.lines)
                .containsExactly(
                        "number 1",
                        "number 2",
                        "number 3",
                        "number 30",
                        "number 2",
                        "number 2",
                        "number 3",
                        "number 4",
                        "number 5",
                        "number 6",
                        "number 7",
                        "number 8",
                        "number 9",
                        "number 2");
        assertThat(commands.run("count | head -x")).isEqualTo(Commands.USAGE);
        assertThat(commands.run("count | grep -v")).as("-v is the text").isZero();
        assertThat(commands.run("count | grep")).isEqualTo(Commands.USAGE);
        assertThat(commands.run("count | grep a b")).isEqualTo(Commands.USAGE);
    }

    @Test
    void outputIsWrittenToAFileOrAddedToOne(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("numbers");
        assertThat(commands.run("count --to 2 > " + file)).isZero();
        assertThat(commands.run("count --to 3 | tail 1 >> " + file)).isZero();
        assertThat(Files.readAllLines(file)).containsExactly("number 1", "number 2", "number 3");
        assertThat(commands.run("count --to 13 > " + file))
                .as("the command's status")
                .isEqualTo(1);
        assertThat(shown.lines).containsExactly("2 lines in " + file, "1 line in " + file, "13 lines in " + file);
        assertThat(commands.run("count > " + folder)).isEqualTo(1);
        assertThat(shown.lines).last().asString().contains(folder + " cannot be written");
    }

    @Test
    void pagesAreShownToWhoeverCanTurnThem() {
        commands.run("count --to 5 | less");
        assertThat(shown.paged).hasSize(5);
        assertThat(shown.lines).isEmpty();
    }

    @Test
    void theExitStatusIsThatOfTheCommand() {
        assertThat(commands.run("count --to 13 | count")).isEqualTo(1);
        assertThat(shown.lines).containsExactly("13 lines");
        assertThat(commands.run("   ")).isZero();
        assertThat(commands.run("# nothing")).isZero();
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingRuns() {
        assertThat(commands.run("count | sort")).isEqualTo(Commands.USAGE);
        assertThat(commands.run("count 'x")).isEqualTo(Commands.USAGE);
        assertThat(commands.run("demo")).isEqualTo(Commands.USAGE);
        assertThat(shown.lines).hasSize(3).first().asString().contains("there are: less, grep");
    }

    @Test
    void aCommandIsRunAgainAndAgainUntilAKeyIsPressed() {
        commands.run("watch 1s count --to 1 | grep number");
        assertThat(shown.lines.stream().filter("number 1"::equals)).hasSize(3);
    }

    @Test
    void completionKnowsCommandsOptionsAndWhatCanBeNamed() {
        assertThat(completed(List.of(), "co")).containsExactly("count prints numbers");
        assertThat(completed(List.of("count"), "--")).containsExactly("--to the last number");
        assertThat(completed(List.of("end", "--user"), "")).containsExactly("www-data uid 33");
        assertThat(completed(List.of("nothing"), "")).isEmpty();
    }

    @Test
    void whatAnAttackerChoseIsNotOfferedAsItIs() {
        assertThat(completed(List.of("end"), "")).containsExactly("4711 x7\\x1b[2J.php of www-data");
    }
}
