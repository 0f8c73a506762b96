package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Laboratories that have nothing to do with each other, at the same time: for tests that mostly wait for theirs. */
final class SideBySide {

    private SideBySide() {}

    /** Does this with each of them, and waits until all are through; fails where one fails, with the others beside it. */
    static <T> void each(List<T> all, Consumer<T> act) {
        List<CompletableFuture<Void>> running = all.stream()
                .map(one -> CompletableFuture.runAsync(
                        () -> act.accept(one), task -> new Thread(task, one.toString()).start()))
                .toList();
        List<Throwable> failed = new ArrayList<>();
        running.forEach(one -> one.handle((done, failure) -> failure == null || failed.add(failure))
                .join());
        if (!failed.isEmpty()) {
            AssertionError error = new AssertionError(failed.get(0));
            failed.stream().skip(1).forEach(error::addSuppressed);
            throw error;
        }
    }
}
