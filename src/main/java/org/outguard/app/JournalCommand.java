package org.outguard.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.Action;
import org.outguard.guard.Outcome;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outguard journal}: what was done, oldest first. */
@Command(name = "journal", description = "show what was done")
final class JournalCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        Journal.Contents contents = place.journal().read();
        Map<String, Outcome> outcomes = new HashMap<>();
        for (JournalEntry entry : contents.entries()) {
            if (entry instanceof JournalEntry.Ended ended) {
                outcomes.put(ended.outcome().actionId(), ended.outcome());
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        if (contents.entries().isEmpty()) {
            err.println("outguard: nothing was done so far"
                    + (place.netns == null ? "" : " in network namespace " + SafeText.clean(place.netns)));
        }
        PrintWriter out = spec.commandLine().getOut();
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
        for (JournalEntry entry : contents.entries()) {
            if (entry instanceof JournalEntry.Decided decided) {
                print(out, time, decided.action(), outcomes.get(decided.action().id()));
            }
        }
        if (!contents.damagedLines().isEmpty() || contents.torn()) {
            err.println("outguard: the journal has lines that cannot be read: " + contents.damagedLines()
                    + (contents.torn() ? ", and its last line was cut short" : ""));
        }
        return ExitStatus.DONE.code();
    }

    private static void print(PrintWriter out, DateTimeFormatter time, Action action, @Nullable Outcome outcome) {
        String result = outcome == null
                ? "no outcome"
                : outcome.result() == Outcome.Result.DONE ? "done" : "failed: " + outcome.detail();
        out.println(SafeText.clean(action.id() + "  " + time.format(action.at()) + "  " + action.by() + "  "
                + action.step().word() + " " + action.step().subject() + "  " + result));
        out.println("    runs: " + SafeText.clean(action.plan().command()));
        out.println("    undo: " + SafeText.clean(action.plan().undo()));
        if (!action.why().isEmpty()) {
            out.println("    why:  " + SafeText.clean(action.why()));
        }
    }
}
