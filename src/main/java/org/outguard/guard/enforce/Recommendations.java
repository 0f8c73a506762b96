package org.outguard.guard.enforce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.Snapshot;

/** What is proposed at the moment: one proposal for each action that did not help, until it is followed or old. */
public final class Recommendations {

    private static final int MOST = 16;
    private static final Duration KEEP = Duration.ofMinutes(10);

    private final Map<String, Recommendation> byAction = new LinkedHashMap<>();

    /** Takes in that a program is back; what a person should be told. */
    public Snapshot.Notice take(ActionObservation.Respawned back) {
        String reason = back.back().owner().command() + " is back as process "
                + back.back().owner().pid() + ", started by " + back.startedBy();
        Optional<ProcessStep.Kill> step = back.parent().map(parent -> ProcessStep.kill(parent, ProcessStep.Scope.TREE));
        byAction.remove(back.actionId());
        byAction.put(back.actionId(), new Recommendation(back.at(), back.actionId(), reason, step, back.advice()));
        if (byAction.size() > MOST) {
            byAction.remove(byAction.keySet().iterator().next());
        }
        return new Snapshot.Notice(
                back.at(), Snapshot.Notice.Level.WARNING, reason + "; stop that next: " + back.advice());
    }

    /** What was done need not be proposed any more. */
    public void settle(Step done) {
        byAction.values()
                .removeIf(suggestion -> suggestion
                        .step()
                        .filter(step ->
                                done instanceof ProcessStep.Kill && step.key().equals(done.key()))
                        .isPresent());
    }

    public List<Recommendation> newestFirst(Instant now) {
        byAction.values().removeIf(suggestion -> suggestion.at().plus(KEEP).isBefore(now));
        List<Recommendation> all = new ArrayList<>();
        byAction.values().forEach(suggestion -> all.add(0, suggestion));
        return List.copyOf(all);
    }
}
