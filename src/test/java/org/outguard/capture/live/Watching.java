package org.outguard.capture.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.JavaLoop;
import org.outguard.capture.NetworkNamespace;
import org.outguard.capture.WireLoop;
import org.outguard.flow.FlowCount;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/** A wire eye that runs in a namespace, and what it said. */
public final class Watching implements AutoCloseable {

    final WireEye eye;
    final EvidenceRing evidence = new EvidenceRing();
    private final Thread thread;
    private final List<Observation> seen = new ArrayList<>();

    /** With the loop that the program takes, in C. */
    Watching(NetworkNamespace where, String device) {
        eye = new WireEye(device, evidence, System::nanoTime, this::take);
        thread = where.start(eye);
    }

    /** With this loop. */
    Watching(NetworkNamespace where, String device, WireLoop loop) {
        eye = new WireEye(device, loop, System::nanoTime, this::take);
        thread = where.start(eye);
    }

    /** As where there is no native library. */
    static Watching inJava(NetworkNamespace where, String device) {
        return new Watching(where, device, new JavaLoop(device, new EvidenceRing(), WireLoop.TABLE_SLOTS));
    }

    private synchronized void take(Observation observation) {
        seen.add(observation);
    }

    synchronized List<Observation> seen() {
        return List.copyOf(seen);
    }

    SourceHealth health() {
        List<Observation> all = seen();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i) instanceof SourceHealth health) {
                return health;
            }
        }
        return new SourceHealth("", SourceState.WAITING, "nothing said yet", 0, 0, 0);
    }

    /** Polls, with a deadline: a kernel and another thread are waited for. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what + "; last " + health());
            }
            Thread.sleep(5);
        }
    }

    void awaitState(SourceState state) throws InterruptedException {
        await(state.name(), () -> health().state() == state);
    }

    /** Asks it to stop and waits until it has; returns milliseconds that took. */
    long stop() {
        long from = System.nanoTime();
        eye.stop();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thread.isAlive()) {
            throw new AssertionError("still running 10 s after stop");
        }
        return (System.nanoTime() - from) / 1_000_000;
    }

    /** "protocol remote" to "packets/bytes/connects". */
    Map<String, String> counts() {
        return counts(seen());
    }

    public static Map<String, String> counts(List<Observation> observations) {
        Map<String, long[]> sums = new TreeMap<>();
        for (Observation observation : observations) {
            if (observation instanceof TrafficObservation.Flows flows) {
                for (FlowCount flow : flows.batch().flows()) {
                    long[] sum = sums.computeIfAbsent(
                            flow.key().protocol().word() + " " + flow.key().remote(), key -> new long[3]);
                    sum[0] += flow.packets();
                    sum[1] += flow.bytes();
                    sum[2] += flow.connects();
                }
            }
        }
        Map<String, String> text = new TreeMap<>();
        sums.forEach((key, sum) -> text.put(key, sum[0] + "/" + sum[1] + "/" + sum[2]));
        return text;
    }

    static long packets(List<Observation> observations) {
        return observations.stream()
                .mapToLong(o -> o instanceof TrafficObservation.Flows flows
                        ? flows.batch().packets()
                        : 0)
                .sum();
    }

    @Override
    public void close() {
        stop();
    }
}
