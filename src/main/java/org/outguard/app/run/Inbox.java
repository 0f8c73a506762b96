package org.outguard.app.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.Guard;
import org.outguard.guard.observation.Observation;

/**
 * Where the edges put what they see. It stands between them and the guard because each needs the other first.
 */
public final class Inbox implements Consumer<Observation> {

    private volatile @Nullable Guard guard;

    public void deliverTo(Guard reader) {
        this.guard = reader;
    }

    /** Waits while the guard is far behind; an interrupted thread is at its end, and what it saw last is dropped. */
    @Override
    public void accept(Observation observation) {
        Guard reader = guard;
        if (reader == null) {
            throw new IllegalStateException("observed before the guard was there: " + observation);
        }
        try {
            reader.observe(observation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
