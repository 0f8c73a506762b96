package org.outguard.app.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.headless.Incident;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** What a journal says was done, each action with what became of it. */
public final class ActionLogLines {

    private ActionLogLines() {}

    public static List<Incident.Deed> deeds(Journal journal) throws IOException {
        Map<String, Outcome> outcomes = new HashMap<>();
        List<Action> actions = new ArrayList<>();
        for (JournalEntry entry : journal.read().entries()) {
            if (entry instanceof JournalEntry.Ended ended) {
                outcomes.put(ended.outcome().actionId(), ended.outcome());
            } else if (entry instanceof JournalEntry.Decided decided) {
                actions.add(decided.action());
            }
        }
        return actions.stream()
                .map(action -> new Incident.Deed(action, result(outcomes.get(action.id()))))
                .toList();
    }

    /** One line each, for people. Text from outside may be in it. */
    public static List<String> of(Journal journal) throws IOException {
        return deeds(journal).stream()
                .map(deed -> deed.action().at() + " " + deed.action().step().word() + " "
                        + deed.action().step().subject() + ": " + deed.result())
                .toList();
    }

    /** {@code "failed"}, or {@code "failed in part"} where a part of it stands. */
    public static String failure(Outcome outcome) {
        return outcome.tookEffect() ? "failed in part" : "failed";
    }

    private static String result(@Nullable Outcome outcome) {
        if (outcome == null) {
            return "no outcome";
        }
        boolean done = outcome.result() == Outcome.Result.DONE;
        String detail = outcome.detail().isEmpty() ? "" : ": " + outcome.detail();
        return (done ? "done" : failure(outcome)) + detail;
    }
}
