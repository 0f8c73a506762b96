package org.outguard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.outguard.Hostile;
import org.outguard.console.CompletionSource.Suggestion;
import org.outguard.text.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What completion offers is printed by the line reader as it stands, so it is safe before. */
class HostileCandidatesTest {

    @Command(name = "root")
    static final class Root {}

    @Command(name = "act", description = "acts")
    static final class Act implements Runnable {
        @Option(names = "--user", paramLabel = "USER", description = "whose")
        String user = "";

        @Option(names = "--pid", paramLabel = "PID", description = "which")
        String pid = "";

        @Option(names = "--of", paramLabel = "OFFENDER", description = "what for")
        String offender = "";

        @Option(names = "--undo", paramLabel = "ID", description = "what is undone")
        String action = "";

        @Parameters(paramLabel = "QUEUEID")
        String message = "";

        @Override
        public void run() {
            // It is only completed.
        }
    }

    @Test
    void noCandidateCanDoMoreThanBeRead() {
        Hostile hostile = Hostile.begin("HostileCandidatesTest");
        for (int round = 0; round < 500; round++) {
            List<Suggestion> named = List.of(
                    new Suggestion(hostile.text(), hostile.text()),
                    new Suggestion("plain", hostile.text()),
                    new Suggestion(hostile.text(), "plain"));
            CommandLine line = new CommandLine(new Root()).addSubcommand(new Act());
            Completion completion = new Completion(line, Map.of(), kind -> named);
            for (List<String> before : List.of(
                    List.of("act"),
                    List.of("act", "--user"),
                    List.of("act", "--pid"),
                    List.of("act", "--of"),
                    List.of("act", "--undo"))) {
                List<Suggestion> offered = completion.at(before, "");
                assertThat(offered).extracting(Suggestion::name).contains("plain");
                assertThat(offered)
                        .as("seed %d, round %d, behind %s", hostile.seed(), round, before)
                        .allSatisfy(each -> {
                            assertThat(SafeText.clean(each.name())).isEqualTo(each.name());
                            assertThat(SafeText.clean(each.about())).isEqualTo(each.about());
                            assertThat(each.name()).doesNotContain("\\");
                        });
            }
        }
    }
}
