package org.outguard.app.run;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;

/**
 * Ends the program when a thread dies of something that nobody caught: a watcher without one of its threads looks as if
 * nothing happened. The fault is printed, the terminal given back, and the exit status is {@link ExitStatus#FAILED}, after
 * at most {@link #AT_MOST}, so that whoever started it starts it again.
 */
public final class Faults {

    /** For what may be put away in order; then the program ends as it is. */
    private static final Duration AT_MOST = Duration.ofMillis(700);

    private static final CountDownLatch FAULT = new CountDownLatch(1);

    private static volatile Runnable terminal = () -> {};

    private Faults() {}

    /** Watches over all threads of this program. */
    public static void install() {
        // Made now: after some faults no thread can be made any more.
        Thread halt = new Thread(Faults::haltAfterFault, "halt");
        halt.setDaemon(true);
        halt.start();
        Thread.setDefaultUncaughtExceptionHandler(Faults::end);
    }

    /** What gives the terminal back, whoever has it; may be called more than once, from any thread. */
    public static void terminal(Runnable giveBack) {
        terminal = giveBack;
    }

    private static void haltAfterFault() {
        try {
            FAULT.await();
            Thread.sleep(AT_MOST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitStatus.FAILED.code());
    }

    /** Ends the program because of what was thrown in a thread. */
    static void end(Thread thread, Throwable thrown) {
        FAULT.countDown();
        try {
            terminal.run();
            StackTraceElement[] trace = thrown.getStackTrace();
            System.err.println("outguard: internal error in thread " + SafeText.clean(thread.getName()) + ": "
                    + SafeText.clean(String.valueOf(thrown)) + (trace.length == 0 ? "" : " (" + trace[0] + ")"));
        } finally {
            System.exit(ExitStatus.FAILED.code());
        }
    }

    /* An executor keeps what a task throws for who asks for its result. */
    private static void look(Runnable task, @Nullable Throwable thrown) {
        if (thrown != null || !(task instanceof Future<?> result) || !result.isDone()) {
            return;
        }
        try {
            result.get();
        } catch (ExecutionException e) {
            end(Thread.currentThread(), e.getCause() == null ? e : e.getCause());
        } catch (CancellationException e) {
            // Nobody wants it any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One daemon thread that does things at their time; a task that throws ends the program. */
    public static ScheduledExecutorService scheduled(String name) {
        return new ScheduledThreadPoolExecutor(1, Wiring.daemons(name)) {
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
                super.afterExecute(task, thrown);
                look(task, thrown);
            }
        };
    }

    /** One daemon thread that does one thing after the other; a task that throws ends the program. */
    public static ExecutorService oneByOne(String name) {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, tasks, Wiring.daemons(name)) {
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
                super.afterExecute(task, thrown);
                look(task, thrown);
            }
        };
    }
}
