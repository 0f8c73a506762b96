package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.enforce.Recommendations;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A program that was ended is back; its parent is what to stop next, until that is done or a long time is over. */
class SuggestionTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final Recommendations suggestions = new Recommendations();

    @Test
    void theParentIsWhatToStopNext() {
        Snapshot.Notice notice = suggestions.take(back("a-1", 222));

        assertThat(notice.level()).isEqualTo(Snapshot.Notice.Level.WARNING);
        assertThat(notice.text())
                .isEqualTo(
                        "x7 is back as process 601, started by process 222 sh; stop that next: outguard kill --tree 222");
        Recommendation suggestion = suggestions.newestFirst(NOW).get(0);
        assertThat(suggestion.step().orElseThrow().process()).isEqualTo(new ProcessId(222, 222));
        assertThat(suggestion.step().orElseThrow().scope()).isEqualTo(ProcessStep.Scope.TREE);
    }

    @Test
    void whatIsDoneIsNotSuggestedAnyMore() {
        suggestions.take(back("a-1", 222));
        suggestions.settle(new ProcessStep.Freeze(new ProcessId(222, 222), "sh", ProcessStep.Scope.TREE));
        assertThat(suggestions.newestFirst(NOW)).hasSize(1);
        suggestions.settle(ProcessStep.kill(match(222, "sh"), ProcessStep.Scope.TREE));
        assertThat(suggestions.newestFirst(NOW)).isEmpty();
    }

    @Test
    void theNewestOfAnActionStandsAndOldOnesGo() {
        suggestions.take(back("a-1", 222));
        suggestions.take(back("a-1", 333));
        assertThat(suggestions.newestFirst(NOW))
                .extracting(Recommendation::command)
                .containsExactly("outguard kill --tree 333");
        assertThat(suggestions.newestFirst(NOW.plus(Duration.ofMinutes(11)))).isEmpty();
    }

    @Test
    void thereAreNeverMany() {
        for (int i = 0; i < 100; i++) {
            suggestions.take(back("a-" + i, 1_000 + i));
        }
        assertThat(suggestions.newestFirst(NOW))
                .hasSize(16)
                .first()
                .extracting(Recommendation::about)
                .isEqualTo("a-99");
    }

    private static ActionObservation.Respawned back(String actionId, int parent) {
        return new ActionObservation.Respawned(
                actionId,
                NOW,
                match(601, "x7"),
                "process " + parent + " sh",
                Optional.of(match(parent, "sh")),
                "outguard kill --tree " + parent);
    }

    private static Attribution.Exact match(int pid, String command) {
        return new Attribution.Exact(
                new Owner(
                        new ProcessId(pid, pid),
                        new Owner.Program(command, "", false, Optional.empty(), "", List.of(), ""),
                        new Owner.Credentials(33, "www-data", OptionalInt.empty()),
                        new Owner.Placement("", "", "", 0),
                        List.of()),
                "test");
    }
}
