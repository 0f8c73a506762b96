package org.outguard.app.actor;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.StepDispatcher;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.StepRunner;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** An actor whose steps are only noted, with a real journal and a clock of the test's. */
final class ActorBench implements AutoCloseable {

    static final String CLIENT = "outguard";

    /** Whoever runs the tests is root; {@code ActorIT} has other users, told by the kernel. */
    static final PeerName PEER = channel -> {
        String name = PeerName.OF_THE_KERNEL.of(channel);
        return name.equals(System.getProperty("user.name")) ? "root" : name;
    };

    static final Instant START = Instant.parse("2026-12-01T03:00:00Z");

    private static final ProtectedResources SERVER = new ProtectedResources(
            new ProtectedResources.Access(
                    Set.of(new Endpoint(IpAddress.parse("203.0.113.9").orElseThrow(), 50_022)),
                    Set.of("system.slice/ssh.service"),
                    Set.of(22),
                    Set.of()),
            new ProtectedResources.Users(Map.of(106, "postfix"), Map.of(), Map.of(), Map.of()),
            Set.of(IpAddress.parse("192.0.2.53").orElseThrow()),
            Optional.empty(),
            List.of(),
            List.of());

    /** What was done, in order. */
    final List<Step> done = new ArrayList<>();

    final List<ResponseRule> rules = new ArrayList<>();
    final Journal journal;
    Instant now = START;

    /** Thrown by whoever is asked for a plan; none where null. */
    RuntimeException planted;

    private final ExecutorService acting = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService readings = Executors.newSingleThreadScheduledExecutor();

    ActorBench(Journal journal) {
        this.journal = journal;
    }

    private final class Noting<S extends Step> implements StepRunner<S> {

        @Override
        public Action.Plan plan(S step) {
            if (planted != null) {
                throw planted;
            }
            return new Action.Plan("do " + step.word(), "undo " + step.word());
        }

        @Override
        public Outcome run(Action action, S step) {
            done.add(step);
            return new Outcome(action.id(), now, Outcome.Result.DONE, "");
        }
    }

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    /** One that has just been started. */
    ActorService service() throws IOException {
        Enforcement enforcement = new Enforcement(
                new StepDispatcher(new Noting<>(), new Noting<>(), new Noting<>(), new Noting<>(), new Noting<>()),
                Optional::empty,
                new Enforcement.ActionRecord() {
                    @Override
                    public Optional<String> before(Action action) {
                        return journal.before(action);
                    }

                    @Override
                    public Optional<String> after(Outcome outcome) {
                        return journal.after(outcome);
                    }
                },
                clock,
                seen -> {},
                acting,
                readings);
        return new ActorService(
                enforcement,
                journal,
                () -> new ActorBasis(
                        new RuleBounds(rules, Set.of("postfix"), uid -> uid == 33 ? "www-data" : "?"),
                        destinations -> SERVER),
                CLIENT,
                clock,
                problem -> {
                    throw new AssertionError(problem);
                });
    }

    /** A rule for ten minutes, without exceptions. */
    static ResponseRule rule(ResponseRule.Reaction reaction, ResponseRule.Scope scope, int mostAnHour) {
        return new ResponseRule(
                "flood",
                Set.of(OffenceKind.UDP_FLOOD),
                Verdict.OFFENDING,
                0,
                Set.of("backup", "www-exempt"),
                List.of(BlockTarget.Remote.parse("198.51.100.0/24").orElseThrow()),
                reaction,
                scope,
                100,
                Duration.ofMinutes(10),
                mostAnHour);
    }

    List<JournalEntry> entries() throws IOException {
        return journal.read().entries();
    }

    List<JournalEntry.Refused> refusals() throws IOException {
        return entries().stream()
                .filter(JournalEntry.Refused.class::isInstance)
                .map(JournalEntry.Refused.class::cast)
                .toList();
    }

    @Override
    public void close() {
        acting.shutdownNow();
        readings.shutdownNow();
    }
}
