package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.app.Main;
import picocli.CommandLine;

class LogTargetTest {

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        CommandLine commands = Main.commands();
        commands.setErr(new PrintWriter(err, true));
        return commands.execute(words);
    }

    @ParameterizedTest
    @CsvSource({
        "a.log, a.log, INFO",
        "a.log:DEBUG, a.log, DEBUG",
        "/tmp/x:y/a.log, /tmp/x:y/a.log, INFO",
        "a:b.log:trace, a:b.log, TRACE",
    })
    void aFileWithOrWithoutLevel(String word, Path file, Level level) {
        assertThat(new LogTarget.Word().convert(word)).isEqualTo(new LogTarget(file, level));
    }

    @ParameterizedTest
    @CsvSource({
        "a.log:LOUD, 'LOUD' is none of INFO",
        "a.log:, '' is none of INFO",
        ":DEBUG, ':DEBUG' names no file",
        "-, '-' names no file",
        "dir/, 'dir/' names no file",
    })
    void aWrongValueIsSaidWithStatusTwo(String word, String reason) {
        assertThat(run("watch", "--log", word)).isEqualTo(2);
        assertThat(err.toString()).contains("--log").contains(reason);
    }

    @Test
    void whatWatchesAndWhatActsHasItAndWhatReadsHasNot() {
        CommandLine commands = Main.commands();
        assertThat(commands.getCommandSpec().findOption("--log")).isNotNull();
        commands.getSubcommands()
                .forEach((name, command) -> assertThat(command.getCommandSpec().findOption("--log") != null)
                        .as(name)
                        .isEqualTo(List.of("--eye", "--yes").stream()
                                .anyMatch(option -> command.getCommandSpec().findOption(option) != null)));
    }

    @Test
    void aCommandLeavesItsBeginningAndItsEnd() throws Exception {
        Path file = folder.resolve("a.log");

        int status = run("block", "--dry-run", "--remote", "no\u001baddress", "--log", file.toString());
        assertThat(Files.exists(file)).as(err.toString()).isFalse();
        assertThat(status).isEqualTo(2);

        int ended = run("undo", "--dry-run", "a-none", "--log", file.toString());
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line).contains(" INFO begins: outguard undo --dry-run a-none --log "),
                        line -> assertThat(line).contains(" INFO ends with exit status " + ended + ": outguard undo "));
    }

    @Test
    void aCommandThatRefusesItsOptionsLeavesItsEnd() throws Exception {
        Path file = folder.resolve("a.log");

        assertThat(run("reapply", "--dry-run", "--log", file.toString())).isEqualTo(2);
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line).contains(" INFO begins: "),
                        line -> assertThat(line).contains(" ERROR needs an ID or --all"),
                        line -> assertThat(line).contains(" INFO ends with exit status 2: outguard reapply "));
    }

    @Test
    void withoutItThereIsNoFile() {
        run("undo", "--dry-run", "a-none");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileThatCannotBeOpenedIsSaid() {
        assertThat(run(
                        "undo",
                        "--dry-run",
                        "a-none",
                        "--log",
                        folder.resolve("none/a.log").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("--log ").contains("none/a.log cannot be written: ");
    }
}
