package org.outguard.headless;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;

/**
 * The newest snapshot as metrics for Prometheus, at {@code /metrics}. Every label is one of our own words (kind, verdict,
 * state), never a name, user or address: an attacker who sends from a thousand processes to a million addresses makes not
 * one more time series. Who it is stands in the NDJSON.
 */
public final class Metrics implements AutoCloseable {

    /** How long a request and its answer may take; whoever takes longer must not keep the others out. */
    private static final List<String> MOST_SECONDS =
            List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime");

    private static final List<OffenceKind> MAIL_KINDS =
            List.of(OffenceKind.SUBMISSION_BURST, OffenceKind.BACKSCATTER, OffenceKind.ACCOUNT_TAKEOVER);

    private final HTTPServer server;

    private Metrics(HTTPServer server) {
        this.server = server;
    }

    /**
     * Begins to answer.
     *
     * @param address where it listens
     * @param port 0 for any that is free
     * @param threads answer the requests, and are ended with this
     * @param newest what the answers are made of
     * @param ticks how long the guard's ticks take
     * @param clock tells how old that is
     * @throws IOException where it cannot listen there
     */
    public static Metrics open(
            InetAddress address,
            int port,
            ExecutorService threads,
            Supplier<Snapshot> newest,
            TickTimes ticks,
            InstantSource clock)
            throws IOException {
        // The server waits without end for the rest of a request, unless it is told before it is made.
        MOST_SECONDS.forEach(property -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "5");
            }
        });
        return new Metrics(HTTPServer.builder()
                .inetAddress(address)
                .port(port)
                .executorService(threads)
                .registry(registry(newest, ticks, clock))
                .buildAndStart());
    }

    /** All metrics, made anew of the newest snapshot whenever they are asked for. */
    static PrometheusRegistry registry(Supplier<Snapshot> newest, TickTimes ticks, InstantSource clock) {
        PrometheusRegistry registry = new PrometheusRegistry();
        new Series(registry, newest, ticks, clock).all();
        return registry;
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.close();
    }

    /** What is told, by name. */
    private record Series(
            PrometheusRegistry registry, Supplier<Snapshot> newest, TickTimes ticks, InstantSource clock) {

        void all() {
            counter(
                    "outguard_packets",
                    "Packets that left, all of them",
                    s -> s.totals().packets());
            counter(
                    "outguard_bytes",
                    "Bytes that left, IP headers included",
                    s -> s.totals().bytes());
            counter(
                    "outguard_attributed_packets",
                    "Packets whose owner is known",
                    s -> s.totals().attributedPackets());
            counter(
                    "outguard_capture_received_packets",
                    "Packets that the kernel gave to the capture, the dropped included",
                    s -> sum(s, TrafficObservation.SourceHealth::received));
            counter(
                    "outguard_capture_dropped_packets",
                    "Packets that the kernel had no room for",
                    s -> sum(s, TrafficObservation.SourceHealth::dropped));
            counter(
                    "outguard_malformed_packets",
                    "Packets that could not be read",
                    s -> sum(s, TrafficObservation.SourceHealth::malformed));
            gauge(
                    "outguard_packets_per_second",
                    "Packets that left in the last second",
                    s -> s.totals().rate().packets1s());
            gauge(
                    "outguard_bits_per_second",
                    "Bits that left in the last second",
                    s -> s.totals().rate().bits1s());
            gauge(
                    "outguard_blocks",
                    "Blocks that stand",
                    s -> s.blocks().stream()
                            .filter(block -> block.state() == ActiveBlock.State.STANDING)
                            .count());
            gauge(
                    "outguard_blocked_packets_per_second",
                    "Packets that blocks dropped in the last second",
                    s -> s.blocks().stream()
                            .mapToDouble(ActiveBlock::packetsPerSecond)
                            .sum());
            gauge(
                    "outguard_limits",
                    "Reasons for which not all is seen",
                    s -> s.degraded().size());
            gauge(
                    "outguard_suggestions",
                    "Ended programs that are back",
                    s -> s.suggestions().size());
            gauge(
                    "outguard_last_tick_age_seconds",
                    "Age of these data: more than a second or two where the program is held up",
                    s -> Math.max(0, Duration.between(s.at(), clock.instant()).toMillis()) / 1000.0);
            gauge(
                    "outguard_snapshot_timestamp_seconds",
                    "When the newest snapshot was made",
                    s -> s.at().toEpochMilli() / 1000.0);
            tickTimes();
            talkers();
            mail();
            actions();
        }

        private void mail() {
            GaugeWithCallback.builder()
                    .name("outguard_submitters")
                    .help("Submitters of mail by kind and verdict; of many, the worst are counted")
                    .labelNames("kind", "verdict")
                    .callback(callback -> {
                        List<Submitter> all = newest.get().mail().submitters();
                        for (OffenceKind kind : MAIL_KINDS) {
                            for (Verdict verdict : Verdict.values()) {
                                long count = all.stream()
                                        .filter(one -> one.kind() == kind && one.verdict() == verdict)
                                        .count();
                                callback.call((double) count, kind.name(), verdict.name());
                            }
                        }
                    })
                    .register(registry);
            GaugeWithCallback.builder()
                    .name("outguard_mail_queue_messages")
                    .help("Messages in the queues of the mail systems: on hold, deferred, and all others")
                    .labelNames("state")
                    .callback(callback -> {
                        MailSnapshot.Totals totals = newest.get().mail().totals();
                        callback.call((double) totals.held(), "held");
                        callback.call((double) totals.deferred(), "deferred");
                        long other = totals.queued() - totals.held() - totals.deferred();
                        callback.call(Math.max(0.0, (double) other), "other");
                    })
                    .register(registry);
        }

        private void tickTimes() {
            GaugeWithCallback.builder()
                    .name("outguard_tick_seconds")
                    .help(
                            "How long the guard's ticks of the last ten minutes took: half of them, and all but one in a hundred, at most")
                    .labelNames("quantile")
                    .callback(take -> List.of("0.5", "0.99")
                            .forEach(part -> take.call(ticks.seconds(Double.parseDouble(part)), part)))
                    .register(registry);
        }

        private static double sum(Snapshot snapshot, ToDoubleFunction<TrafficObservation.SourceHealth> part) {
            return snapshot.sources().stream().mapToDouble(part).sum();
        }

        private void counter(String name, String help, ToDoubleFunction<Snapshot> value) {
            CounterWithCallback.builder()
                    .name(name)
                    .help(help)
                    .callback(callback -> callback.call(value.applyAsDouble(newest.get())))
                    .register(registry);
        }

        private void gauge(String name, String help, ToDoubleFunction<Snapshot> value) {
            GaugeWithCallback.builder()
                    .name(name)
                    .help(help)
                    .callback(callback -> callback.call(value.applyAsDouble(newest.get())))
                    .register(registry);
        }

        private void talkers() {
            byKind(
                    "outguard_talkers",
                    "Talkers by kind of traffic and verdict; of many, the worst are counted",
                    talker -> 1);
            byKind(
                    "outguard_talker_packets_per_second",
                    "Packets of those talkers in the last second",
                    talker -> talker.rate().packets1s());
        }

        private void byKind(String name, String help, ToDoubleFunction<Talker> value) {
            GaugeWithCallback.builder()
                    .name(name)
                    .help(help)
                    .labelNames("kind", "verdict")
                    .callback(callback -> {
                        Snapshot snapshot = newest.get();
                        for (OffenceKind kind : OffenceKind.values()) {
                            for (Verdict verdict : Verdict.values()) {
                                double sum = snapshot.talkers().stream()
                                        .filter(talker -> talker.kind() == kind && talker.verdict() == verdict)
                                        .mapToDouble(value)
                                        .sum();
                                callback.call(sum, kind.name(), verdict.name());
                            }
                        }
                    })
                    .register(registry);
        }

        private void actions() {
            GaugeWithCallback.builder()
                    .name("outguard_actions")
                    .help("Actions of late by how they stand")
                    .labelNames("state")
                    .callback(callback -> {
                        Map<ActionRow.State, Integer> counts = new EnumMap<>(ActionRow.State.class);
                        newest.get().actions().forEach(row -> counts.merge(row.state(), 1, Integer::sum));
                        for (ActionRow.State state : ActionRow.State.values()) {
                            callback.call(counts.getOrDefault(state, 0), state.word());
                        }
                    })
                    .register(registry);
        }
    }
}
