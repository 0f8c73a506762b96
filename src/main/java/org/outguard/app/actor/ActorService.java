package org.outguard.app.actor;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;
import org.outguard.journal.StandingByJournal;

/** Answers requests: holds each against who asks, against the policy and the rails, and does it, or refuses and journals that. */
public final class ActorService {

    /** May ask for everything. */
    static final String ROOT = "root";

    private final Enforcement enforcement;
    private final Journal journal;
    private final Supplier<ActorBasis> basis;
    private final String client;
    private final Clock clock;
    private final ActorQuota quota;
    private final RefusalLog refusals;

    /**
     * Ready to answer.
     *
     * @param enforcement journals and does
     * @param basis what is in force now
     * @param client the user beside root who may ask, for what rules do
     * @param complaints is told where refusals cannot be journaled
     * @throws IOException where the journal is there and cannot be read
     */
    public ActorService(
            Enforcement enforcement,
            Journal journal,
            Supplier<ActorBasis> basis,
            String client,
            Clock clock,
            Consumer<String> complaints)
            throws IOException {
        this.enforcement = enforcement;
        this.journal = journal;
        this.basis = basis;
        this.client = client;
        this.clock = clock;
        Instant now = clock.instant();
        this.quota = ActorQuota.of(journal, prefix(client), now);
        this.refusals = new RefusalLog(journal, complaints, now);
    }

    /* What the journal has in front of who wants it, where root did not ask. */
    private static String prefix(String user) {
        return user + ": ";
    }

    /** Whether this user may ask at all. */
    boolean mayAsk(String user) {
        return user.equals(ROOT) || user.equals(client);
    }

    /** Does what a line asks for, or says why not. */
    byte[] answer(String user, String line) {
        try {
            return respond(user, line).line();
        } catch (RuntimeException e) {
            // A request that makes something throw must not end the process for others.
            return refused(user, line, "internal error: " + e).line();
        }
    }

    private ActorAnswer respond(String user, String line) {
        ActorRequest request = ActorRequestReader.read(line);
        if (request instanceof ActorRequest.Perform perform) {
            return perform(user, line, perform);
        }
        if (request instanceof ActorRequest.Undo undo) {
            return undo(user, line, undo);
        }
        return request instanceof ActorRequest.Plan plan
                ? plan(user, line, plan.step())
                : refused(user, line, ((ActorRequest.Malformed) request).reason());
    }

    private ActorAnswer plan(String user, String line, Step step) {
        Optional<String> refusal =
                user.equals(ROOT) ? Optional.empty() : basis.get().bounds().refusal(step);
        return refusal.isPresent()
                ? refused(user, line, refusal.get())
                : new ActorAnswer.Planned(enforcement.plan(step));
    }

    /** Journals that something was not done. */
    byte[] refuse(String user, String request, String reason) {
        return refused(user, request, reason).line();
    }

    /** Journals how many refusals have no line of their own. */
    public void close() {
        refusals.close(clock.instant());
    }

    private ActorAnswer refused(String user, String request, String reason) {
        Instant now = clock.instant();
        refusals.add(now, user, request, reason);
        return new ActorAnswer.Refused(now, reason);
    }

    private ActorAnswer perform(String user, String line, ActorRequest.Perform request) {
        Step step = request.step();
        ActorBasis now = basis.get();
        if (!user.equals(ROOT)) {
            Optional<String> refusal = now.bounds()
                    .refusal(step)
                    .or(() -> quota.take(step, now.bounds().mostAnHour(), clock.instant()));
            if (refusal.isPresent()) {
                return refused(user, line, refusal.get());
            }
        }
        try {
            Optional<ActorAnswer> done = done(user, line, request.heading().id(), step);
            if (done.isPresent()) {
                return done.get();
            }
        } catch (IOException e) {
            return refused(user, line, "the journal cannot be read: " + e.getMessage());
        }
        Optional<String> rails = rails(step, now, request.anyway() && user.equals(ROOT));
        return rails.isPresent()
                ? refused(user, line, rails.get())
                : carryOut(user, request.heading(), step, Optional.empty());
    }

    private static Optional<String> rails(Step step, ActorBasis now, boolean anyway) {
        if (!GuardRails.mayObject(step)) {
            return Optional.empty();
        }
        List<Objection> objections =
                GuardRails.check(step, now.protectedResources().look(step instanceof NetworkStep.Timed));
        return GuardRails.refusal(objections, anyway);
    }

    /* Who lost the answer asks again: what was done is not done twice. No action takes the place of another one. */
    private Optional<ActorAnswer> done(String user, String line, String id, @Nullable Step step) throws IOException {
        Map<String, Action> known = new HashMap<>();
        Map<String, Outcome> outcomes = new HashMap<>();
        journal.forEach(entry -> {
            if (entry instanceof JournalEntry.Decided decided
                    && decided.action().id().equals(id)) {
                known.put(id, decided.action());
            } else if (entry instanceof JournalEntry.Ended ended
                    && ended.outcome().actionId().equals(id)) {
                outcomes.put(id, ended.outcome());
            }
        });
        Action action = known.get(id);
        if (action == null) {
            return Optional.empty();
        }
        if (!action.by().startsWith(user.equals(ROOT) ? "" : prefix(user))
                || step != null
                        && !(step.key().equals(action.step().key())
                                && step.word().equals(action.step().word()))) {
            return Optional.of(refused(user, line, "the id " + id + " is that of another action"));
        }
        Outcome outcome = outcomes.get(id);
        return Optional.of(new ActorAnswer.Ended(
                outcome != null
                        ? outcome
                        : new Outcome(
                                id,
                                clock.instant(),
                                Outcome.Result.FAILED,
                                "the journal has no outcome of it, and it cannot be told whether it was done")));
    }

    private ActorAnswer undo(String user, String line, ActorRequest.Undo request) {
        Instant now = clock.instant();
        try {
            Optional<ActorAnswer> done = done(user, line, request.heading().id(), null);
            if (done.isPresent()) {
                return done.get();
            }
            Optional<StandingByJournal> standing = ProcessWiring.standing(journal, now).stream()
                    .filter(one -> one.action().id().equals(request.undoes()))
                    .filter(one -> user.equals(ROOT) || one.action().by().startsWith(prefix(user)))
                    .findFirst();
            Optional<Step> step = standing.flatMap(one -> one.action().step().undo(request.undoes()));
            if (step.isEmpty()) {
                return refused(user, line, "nothing that this user may undo has the id " + request.undoes());
            }
            Optional<String> most = user.equals(ROOT)
                    ? Optional.empty()
                    : quota.take(step.get(), basis.get().bounds().mostAnHour(), now);
            if (most.isPresent()) {
                return refused(user, line, most.get());
            }
            Optional<Step> again = standing.filter(one -> one.action().step() instanceof NetworkStep.Timed)
                    .flatMap(one -> ((NetworkStep.Timed) one.action().step()).remaining(now, one.expires()));
            return carryOut(user, request.heading(), step.get(), again);
        } catch (IOException e) {
            return refused(user, line, "the journal cannot be read: " + e.getMessage());
        }
    }

    private ActorAnswer carryOut(String user, ActorRequest.Heading heading, Step asked, Optional<Step> undo) {
        Step step = enforcement.prepare(asked);
        Action.Plan usual = enforcement.plan(step);
        Action.Plan plan =
                undo.map(again -> usual.undoneBy(enforcement.plan(again))).orElse(usual);
        String by = user.equals(ROOT) ? heading.by() : prefix(user) + heading.by();
        return new ActorAnswer.Ended(
                enforcement.perform(new Action(heading.id(), clock.instant(), by, heading.why(), step, plan)));
    }
}
