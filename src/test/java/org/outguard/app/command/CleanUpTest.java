package org.outguard.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.option.ActingOptions;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.owner.ProcessId;
import org.outguard.trace.Trace;
import org.outguard.trace.left.Mend;

/** What of a clean-up is done, as it was answered. */
class CleanUpTest {

    private final ActingOptions options = new ActingOptions();
    private final List<String> done = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private String fails = "";

    private final List<Trace.Step> plan = List.of(
            step("first", Mend.quarantine("/a")),
            step("second\u001b[2J", Mend.quarantine("/b")),
            step("by hand", new Mend("usermod --lock eve", "usermod --unlock eve", List.of())),
            step("third", Mend.quarantine("/c")));

    @ParameterizedTest
    @CsvSource({
        "'y y y', '/a /b /c', 4, 1",
        "'y n y', '/a /c', 4, 2",
        "'n a', '/b /c', 4, 2",
        "'a', '/a /b /c', 4, 1",
        "'y q', '/a', 4, 3",
        "'q', '', 4, 4",
        "'n n n', '', 4, 4",
        "'yes Y x', '/a /b', 4, 2",
    })
    void whatWasAnsweredIsDone(String words, String expected, int status, int left) {
        answers.addAll(List.of(words.split(" ")));
        assertThat(carryOut(plan)).isEqualTo(status);
        assertThat(String.join(" ", done)).isEqualTo(expected);
        assertThat(answers).isEmpty();
        assertThat(text()).contains(left + (left == 1 ? " step is left" : " steps are left"));
        assertThat(text().codePoints()).noneMatch(c -> c == 0x1b);
    }

    @Test
    void withYesNobodyIsAskedAndWhatIsForAPersonIsShown() {
        options.yes = true;
        assertThat(carryOut(plan)).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(done).containsExactly("/a", "/b", "/c");
        assertThat(text())
                .contains("step 3 of 4: by hand", "by hand: usermod --lock eve", "undo: usermod --unlock eve");
        done.clear();
        assertThat(carryOut(plan.subList(0, 2))).isZero();
    }

    @Test
    void whatFailsDoesNotKeepTheRestFromBeingDoneAndIsTheStatus() {
        options.yes = true;
        fails = "/a";
        assertThat(carryOut(plan.subList(0, 2))).isEqualTo(ExitStatus.FAILED.code());
        assertThat(done).containsExactly("/b");
    }

    @Test
    void whatTheMachineNeedsIsNotFrozenByAPlanEither() {
        options.yes = true;
        ProcessId init = ProcessWiring.facts().read(1).orElseThrow().id();
        Mend freeze = new Mend(
                "outguard freeze 1 --tree", "", List.of(new ProcessStep.Freeze(init, "init", ProcessStep.Scope.TREE)));
        assertThat(carryOut(List.of(step("freeze", freeze)))).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(done).isEmpty();
        assertThat(text()).contains("refused: ");
    }

    private int carryOut(List<Trace.Step> steps) {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new CleanUp(this::act, options, out).carryOut(steps);
    }

    private int act(List<Step> steps, ActingOptions given, CliActionExecutor.Question question) {
        if (!given.yes && !question.agrees().test(answers.remove(0))) {
            return ExitStatus.REFUSED.code();
        }
        if (steps.get(0).subject().equals(fails)) {
            return ExitStatus.FAILED.code();
        }
        steps.forEach(step -> done.add(step.subject()));
        return ExitStatus.DONE.code();
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static Trace.Step step(String what, Mend mend) {
        return new Trace.Step(what, "none", mend);
    }
}
