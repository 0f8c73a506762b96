package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.output.ActionLogLines;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.headless.ExitStatus;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;
import org.outguard.journal.StandingByJournal;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code outguard journal}: what was done, oldest first, a line each; one action in full; or only what still stands, which
 * is a finding.
 */
@Command(name = "journal", description = "show what was done, a line each; -v or an ID shows the commands")
public final class JournalCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            description = "this action in full: its commands, its undo and why")
    @Nullable
    String id;

    @Option(names = "--standing", description = "only what is still in effect; exit status 3 if anything is")
    boolean standing;

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Override
    public Integer call() throws IOException {
        if (standing) {
            return standing();
        }
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
        boolean found = id == null;
        for (JournalEntry entry : contents.entries()) {
            if (entry instanceof JournalEntry.Decided decided
                    && (id == null || decided.action().id().equals(id))) {
                found = true;
                print(
                        out,
                        decided.action(),
                        result(outcomes.get(decided.action().id())),
                        id != null || isVerbose());
            } else if (id == null && entry instanceof JournalEntry.Refused refused) {
                print(out, refused);
            }
        }
        if (!found) {
            err.println("outguard: the journal has no action " + SafeText.clean(String.valueOf(id)));
        }
        if (!contents.damagedLines().isEmpty() || contents.torn()) {
            err.println("outguard: the journal has lines that cannot be read: " + contents.damagedLines()
                    + (contents.torn() ? ", and its last line was cut short" : ""));
        }
        if (!contents.damagedLines().isEmpty()) {
            warnOfDamage(err);
        }
        return (found ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }

    private void warnOfDamage(PrintWriter err) throws IOException {
        List<String> named = place.journal().unsettled(place.clock().instant()).stream()
                .filter(StandingByJournal.Unsettled::byDamage)
                .map(one -> one.action().id())
                .toList();
        if (!named.isEmpty()) {
            err.println("outguard: these lines name " + SafeText.clean(String.join(", ", named))
                    + ": the next command that acts asks kernel and mail system what is in effect");
        }
    }

    private boolean isVerbose() {
        return spec.commandLine().getParseResult().hasMatchedOption("--verbose");
    }

    private int standing() throws IOException {
        List<StandingByJournal> all =
                ProcessWiring.standing(place.journal(), place.clock().instant());
        if (all.isEmpty()) {
            spec.commandLine().getErr().println("outguard: nothing stands");
        }
        for (StandingByJournal one : all) {
            String result =
                    one.expires().equals(Instant.MAX) ? "until it is undone" : "until " + TIME.format(one.expires());
            print(
                    spec.commandLine().getOut(),
                    one.action(),
                    one.confirmed() ? result : result + ", if it was done at all",
                    true);
        }
        return (all.isEmpty() ? ExitStatus.DONE : ExitStatus.FOUND).code();
    }

    private static String result(@Nullable Outcome outcome) {
        if (outcome == null) {
            return "no outcome";
        }
        return outcome.result() == Outcome.Result.DONE
                ? "done"
                : ActionLogLines.failure(outcome) + ": " + outcome.detail();
    }

    private void print(PrintWriter out, JournalEntry.Refused refused) {
        String more = refused.unlisted() == 0 ? "" : ", and " + refused.unlisted() + " more before it";
        out.println(SafeText.clean(
                "refused  " + TIME.format(refused.at()) + "  " + refused.by() + "  " + refused.reason() + more));
        if (isVerbose()) {
            out.println("    request: " + SafeText.clean(refused.request()));
        }
    }

    private static void print(PrintWriter out, Action action, String result, boolean whole) {
        out.println(SafeText.clean(action.id() + "  " + TIME.format(action.at()) + "  " + action.by() + "  "
                + action.step().word() + " " + action.step().subject() + "  " + result));
        if (!whole) {
            return;
        }
        out.println("    runs: " + SafeText.clean(action.plan().command()));
        out.println("    undo: " + SafeText.clean(action.plan().undo()));
        if (!action.why().isEmpty()) {
            out.println("    why:  " + SafeText.clean(action.why()));
        }
    }
}
