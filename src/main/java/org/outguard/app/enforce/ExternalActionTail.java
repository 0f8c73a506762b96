package org.outguard.app.enforce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalTail;

/**
 * What is done by the same journal beside this program: by commands by word, and by the instance that acts where this one
 * only watches. They take turns by {@link Journal#turn}, so nothing is done twice; here they are noticed.
 */
public final class ExternalActionTail {

    private final Consumer<Observation> problems;
    private final @Nullable JournalTail tail;

    /**
     * From here on.
     *
     * @param problems is told where the journal cannot be read
     */
    public ExternalActionTail(Journal journal, Consumer<Observation> problems) {
        this.problems = problems;
        this.tail = open(journal);
    }

    private @Nullable JournalTail open(Journal journal) {
        try {
            return journal.tail();
        } catch (IOException e) {
            complain(e);
            return null;
        }
    }

    /** What was done since the last call, in order; what this program did itself is among it. */
    public List<Observation> did() {
        List<Observation> done = new ArrayList<>();
        if (tail != null) {
            try {
                tail.next().forEach(one -> done.add(new ActionObservation.ExternalAction(one.action(), one.outcome())));
                if (tail.damaged() > 0) {
                    problem("damaged lines of the journal since the start: " + tail.damaged()
                            + ", see outguard journal");
                }
            } catch (IOException e) {
                complain(e);
            }
        }
        return done;
    }

    private void complain(IOException e) {
        problem("the journal cannot be read: " + e.getMessage());
    }

    private void problem(String text) {
        problems.accept(new HostObservation.Degraded("journal", text));
    }
}
