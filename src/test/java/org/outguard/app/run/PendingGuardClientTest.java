package org.outguard.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;

/** The client of the screen before the guard is there, and that all of the guard's words reach the screen afterwards. */
class PendingGuardClientTest {

    private static final Instant NOW = Instant.parse("2026-11-03T03:00:00Z");
    private static final AllowRule SSH =
            new AllowRule(AllowRule.Kind.FROM, OptionalInt.empty(), Optional.empty(), Protocol.TCP, 22, "SSH sessions");
    private static final Step LOCKDOWN = new LockdownStep.Lockdown(List.of(SSH), Optional.of(Duration.ofSeconds(60)));
    private static final Command COMMAND = new Command.Perform(LOCKDOWN, "by key", "root");

    private final PendingGuardClient client = new PendingGuardClient(NOW, true);

    @Test
    void nothingCanBeDoneWhereNobodySits() {
        client.submit(COMMAND);
        assertThat(client.snapshot().at()).isEqualTo(NOW);
        assertThat(client.preview(LOCKDOWN)).isEqualTo(new Action.Plan("", ""));
        assertThat(client.objections(LOCKDOWN)).isEmpty();
        assertThat(client.allowedInLockdown()).isEmpty();
    }

    @Test
    void whatTheGuardSaysReachesTheScreen() {
        Sitting guard = new Sitting(new PendingGuardClient(NOW.plusSeconds(1), true).snapshot());
        client.attach(guard);
        client.submit(COMMAND);
        assertThat(guard.commands).containsExactly(COMMAND);
        assertThat(client.snapshot()).isSameAs(guard.snapshot());
        assertThat(client.preview(LOCKDOWN)).isEqualTo(guard.preview(LOCKDOWN));
        assertThat(client.objections(LOCKDOWN)).isEqualTo(guard.objections(LOCKDOWN));
        assertThat(client.allowedInLockdown()).containsExactly(SSH);
    }

    private static final class Sitting implements GuardClient {

        private final Snapshot snapshot;
        private final List<Command> commands = new ArrayList<>();

        Sitting(Snapshot snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public Snapshot snapshot() {
            return snapshot;
        }

        @Override
        public Action.Plan preview(Step step) {
            return new Action.Plan("do " + step.word(), "undo it");
        }

        @Override
        public List<Objection> objections(Step step) {
            return List.of(new Objection("against " + step.word(), false));
        }

        @Override
        public List<AllowRule> allowedInLockdown() {
            return List.of(SSH);
        }

        @Override
        public void submit(Command command) {
            commands.add(command);
        }
    }
}
