package org.outguard.planted.mta;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads are made in app. */
final class MakesThreads {
    Thread byHand() {
        return new Thread(() -> {});
    }

    ExecutorService byFactory() {
        return Executors.newSingleThreadExecutor();
    }

    CompletableFuture<Void> byDefault() {
        return CompletableFuture.runAsync(() -> {});
    }

    CompletableFuture<Void> takesAnExecutor(Executor executor) {
        return CompletableFuture.runAsync(() -> {}, executor);
    }
}
