package org.outguard.notify;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.snapshot.Snapshot;

/**
 * Tells all targets of a policy. Snapshots are taken by one thread, and each target has a thread of its own, so that one that does
 * not answer keeps nobody waiting.
 */
public final class Notifier implements AutoCloseable {

    private static final long MOST_MILLIS = 200;

    /** At the end, for what just happened. */
    private static final Duration LAST = Duration.ofSeconds(3);

    private final List<Worker> workers;
    private final List<Thread> threads = new ArrayList<>();
    private final InstantSource clock;
    private final EventWatch watch = new EventWatch();
    private volatile boolean stopping;
    private volatile @Nullable Snapshot newest;
    private long taken = -1;

    /**
     * Targets that are not told of anything yet.
     *
     * @param host name of this machine, for those who have several
     * @param connections runs what HTTP needs
     * @param complaints takes what could not be told, a sentence each
     */
    public Notifier(
            List<Target> targets,
            String host,
            InstantSource clock,
            CommandRunner runner,
            Executor connections,
            Consumer<String> complaints) {
        this.clock = clock;
        this.workers = targets.stream()
                .map(target ->
                        new Worker(target, delivery(target.channel(), runner, connections), host, clock, complaints))
                .toList();
    }

    private static MessageSender delivery(Channel channel, CommandRunner runner, Executor connections) {
        if (channel instanceof Channel.Webhook webhook) {
            return new WebhookDelivery(webhook, connections);
        }
        if (channel instanceof Channel.Mail mail) {
            return new MailDelivery(mail);
        }
        if (channel instanceof Channel.Syslog syslog) {
            return new SyslogDelivery(syslog, runner);
        }
        return new ExecDelivery((Channel.Exec) channel, runner);
    }

    /** Begins to tell. */
    public void start(ThreadFactory daemons) {
        if (workers.isEmpty()) {
            return;
        }
        Thread watching = daemons.newThread(this::watch);
        threads.add(watching);
        watching.start();
        for (Worker worker : workers) {
            Thread thread = daemons.newThread(() -> tell(worker));
            threads.add(thread);
            thread.start();
        }
    }

    /** Takes what is so now; does not wait. */
    public void accept(Snapshot snapshot) {
        newest = snapshot;
    }

    private void watch() {
        try {
            while (!stopping) {
                take();
                Thread.sleep(MOST_MILLIS);
            }
            take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take() {
        Snapshot snapshot = newest;
        if (snapshot != null && snapshot.sequence() != taken) {
            taken = snapshot.sequence();
            for (Event event : watch.accept(snapshot)) {
                workers.forEach(worker -> worker.offer(event));
            }
        }
    }

    private void tell(Worker worker) {
        try {
            while (!stopping) {
                Duration left = worker.step();
                if (!left.isZero()) {
                    Thread.sleep(Math.min(MOST_MILLIS, left.toMillis() + 1));
                }
            }
            var end = clock.instant().plus(LAST);
            while (!worker.isIdle() && clock.instant().isBefore(end)) {
                Duration left = worker.step();
                Thread.sleep(Math.min(MOST_MILLIS, left.toMillis() + 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * How one target took a test.
     *
     * @param problem why it did not; empty where it did
     */
    public record Tested(Target target, Optional<String> problem) {}

    /** Sends a test to each, one after the other. */
    public List<Tested> test() throws InterruptedException {
        List<Tested> all = new ArrayList<>();
        for (Worker worker : workers) {
            all.add(new Tested(worker.target(), worker.test(Event.test(clock.instant()))));
        }
        return all;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join(LAST.toMillis() + 1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
