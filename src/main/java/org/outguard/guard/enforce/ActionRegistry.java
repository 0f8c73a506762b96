package org.outguard.guard.enforce;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActionRow.State;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;

/** What was done of late, whatever it was: this run's actions, and those of earlier runs that the journal knows. */
public final class ActionRegistry {

    /** Most actions that are kept; those that stand stay longest. */
    static final int MOST = 512;

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        private final Action action;
        private State state;
        private Optional<Instant> expires = Optional.empty();
        private String detail = "";
        private Instant settledAt = Instant.MIN;

        Entry(Action action, State state) {
            this.action = action;
            this.state = state;
        }
    }

    void start(Action action) {
        put(new Entry(action, State.RUNNING));
    }

    /** Takes up an action of an earlier run. */
    public void restore(ActionObservation.ActionRestored remembered) {
        Entry entry = new Entry(remembered.action(), remembered.state());
        entry.expires = remembered.expires();
        entry.detail = remembered.detail();
        put(entry);
    }

    private void put(Entry entry) {
        entries.put(entry.action.id(), entry);
        if (entries.size() > MOST) {
            String oldest = entries.values().stream()
                    .filter(e -> e.state != State.STANDING && e.state != State.RUNNING)
                    .findFirst()
                    .map(e -> e.action.id())
                    .orElseGet(() -> entries.keySet().iterator().next());
            entries.remove(oldest);
        }
    }

    public void settle(Outcome outcome) {
        Entry entry = entries.get(outcome.actionId());
        if (entry == null) {
            return;
        }
        entry.detail = outcome.detail();
        entry.settledAt = outcome.at();
        if (!outcome.tookEffect()) {
            entry.state = State.FAILED;
            return;
        }
        Step step = entry.action.step();
        boolean stands = step.effect() == Step.Effect.STANDS;
        entry.state = stands ? State.STANDING : State.DONE;
        entry.expires = step.length().map(outcome.at()::plus);
        if (step.effect() != Step.Effect.ONCE) {
            supersede(entry, stands ? State.DONE : State.UNDONE);
        }
    }

    /* There is one state a key, so what stood under it stands no more. */
    private void supersede(Entry by, State state) {
        Step step = by.action.step();
        for (Entry entry : entries.values()) {
            boolean same = entry.action.id().equals(step.undoes())
                    || entry.action.step().key().equals(step.key());
            boolean stood = entry.state == State.STANDING || entry.state == State.GONE;
            if (entry != by && stood && same) {
                entry.state = state;
            }
        }
    }

    /** What stood does not stand any more, though nobody here undid it. */
    void gone(String actionId, State state, String detail) {
        Entry entry = entries.get(actionId);
        if (entry != null && entry.state == State.STANDING) {
            entry.state = state;
            entry.detail = detail;
        }
    }

    /** What stands under a key of steps. */
    Optional<ActionRow> standing(String key) {
        return underKey(key).map(ActionRegistry::row);
    }

    /** Since when that stands; the beginning of time where it was made by an earlier run. */
    Optional<Instant> settledAt(String key) {
        return underKey(key).map(entry -> entry.settledAt);
    }

    private Optional<Entry> underKey(String key) {
        return entries.values().stream()
                .filter(entry -> entry.state == State.STANDING
                        && entry.action.step().key().equals(key))
                .findFirst();
    }

    public void expire(Instant now) {
        for (Entry entry : entries.values()) {
            if (entry.state == State.STANDING
                    && entry.expires.filter(end -> !now.isBefore(end)).isPresent()) {
                entry.state = State.EXPIRED;
            }
        }
    }

    public Optional<ActionRow> find(String actionId) {
        return Optional.ofNullable(entries.get(actionId)).map(ActionRegistry::row);
    }

    public List<ActionRow> newestFirst() {
        List<ActionRow> rows = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> rows.add(0, row(entry)));
        return rows;
    }

    private static ActionRow row(Entry entry) {
        return new ActionRow(entry.action, entry.state, entry.expires, entry.detail, whyNoUndo(entry));
    }

    private static Optional<String> whyNoUndo(Entry entry) {
        Step step = entry.action.step();
        return switch (entry.state) {
            case RUNNING -> Optional.of("it is not done yet");
            case FAILED -> Optional.of("it failed");
            case UNDONE -> Optional.of("it was undone");
            case EXPIRED -> Optional.of("it has expired");
            case GONE -> Optional.of("it does not stand any more");
            case STANDING -> Optional.empty();
            case DONE ->
                Optional.of(
                        step.effect() == Step.Effect.ONCE
                                ? "a " + step.word() + " cannot be undone"
                                : "it was made anew or ended something");
        };
    }
}
