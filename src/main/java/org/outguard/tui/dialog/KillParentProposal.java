package org.outguard.tui.dialog;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;

/** Stopping what started a killed program again. */
final class KillParentProposal {

    private KillParentProposal() {}

    static Proposal.Answer of(Snapshot snapshot, String by) {
        if (snapshot.suggestions().isEmpty()) {
            return new Proposal.No("nothing that was killed is back");
        }
        Optional<Recommendation> found = snapshot.suggestions().stream()
                .filter(suggestion -> suggestion.step().isPresent())
                .findFirst();
        return found.<Proposal.Answer>map(suggestion ->
                        new Proposal.Yes(offer(suggestion, suggestion.step().orElseThrow(), by)))
                .orElseGet(() -> new Proposal.No("that is done by hand: "
                        + SafeText.clean(snapshot.suggestions().get(0).command())));
    }

    private static Proposal offer(Recommendation suggestion, ProcessStep.Kill kill, String by) {
        String pid = Long.toString(kill.process().pid());
        String who = SafeText.clean(kill.name()) + " (pid " + pid + ")";
        return new Proposal(
                who + " starts it again: stop that?",
                TextRole.BAD,
                "Kill",
                List.of(who + " and all its children"),
                false,
                pick -> new Proposal.Draft(
                        SafeText.clean(suggestion.reason())
                                + "; this ends it at once, after what is known of it was kept in "
                                + SafeText.clean(kill.evidence()),
                        Optional.of("whatever else it serves stops too"),
                        List.of(new Proposal.Errand(kill, new Command.Perform(kill, suggestion.reason(), by)))),
                Optional.of(pid),
                snapshot -> snapshot.suggestions().stream()
                        .anyMatch(now -> now.about().equals(suggestion.about())),
                "that is over; nothing was done");
    }
}
