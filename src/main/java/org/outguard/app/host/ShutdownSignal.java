package org.outguard.app.host;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into a request to end in order: the shutdown hook asks, and waits until the last lines
 * are written and all is put away, or a little longer than that should take.
 */
public final class ShutdownSignal implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 12;

    private final Semaphore news = new Semaphore(0);
    private volatile boolean asked;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::askAndWait, "shutdown");

    public ShutdownSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void askAndWait() {
        asked = true;
        wake();
        try {
            boolean inOrder = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!inOrder) {
                System.err.println("outguard: did not end in order");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets {@link #await} return, now or when it is called next; from any thread. */
    public void wake() {
        news.release();
    }

    /** Waits at most so long for news; whether the end was asked for. */
    public boolean await(long nanos) throws InterruptedException {
        if (!asked && news.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
            news.drainPermits();
        }
        return asked;
    }

    /** To be called last: the program may end. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running already, and has just been told that all is over.
            assert asked;
        }
    }
}
