package org.outguard.app.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;

/** A client whose guard is not there yet: the first frame does not wait for it. Nothing that it shows can be acted on. */
public final class PendingGuardClient implements GuardClient {

    private final Snapshot first;
    private volatile Optional<GuardClient> guard = Optional.empty();

    public PendingGuardClient(Instant now, boolean kernel) {
        this.first = new Snapshot(
                new Snapshot.Tick(0, now),
                new Snapshot.Counting(kernel ? Snapshot.Eye.OPENING : Snapshot.Eye.WIRE, "", List.of(), List.of()),
                new Snapshot.Totals(now, 0, 0, 0, new Talker.Rates(0, 0, 0, 0), List.of(), Optional.empty()),
                List.of(),
                new Snapshot.Enforcement(List.of(), List.of(), List.of()),
                MailSnapshot.NONE,
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(List.of(), List.of()));
    }

    /** From now on it is the client of that guard. */
    public void attach(GuardClient guardClient) {
        guard = Optional.of(guardClient);
    }

    @Override
    public Snapshot snapshot() {
        return guard.map(GuardClient::snapshot).orElse(first);
    }

    @Override
    public Action.Plan preview(Step step) {
        return guard.map(guardClient -> guardClient.preview(step)).orElse(new Action.Plan("", ""));
    }

    @Override
    public List<Objection> objections(Step step) {
        return guard.map(guardClient -> guardClient.objections(step)).orElse(List.of());
    }

    @Override
    public List<AllowRule> allowedInLockdown() {
        return guard.map(GuardClient::allowedInLockdown).orElse(List.of());
    }

    @Override
    public void submit(Command command) {
        guard.ifPresent(guardClient -> guardClient.submit(command));
    }
}
