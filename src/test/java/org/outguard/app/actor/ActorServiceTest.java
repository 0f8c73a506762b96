package org.outguard.app.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.ResponseRule.Reaction;
import org.outguard.guard.policy.ResponseRule.Scope;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** Who may have what done, how often, and what the journal has of it. */
class ActorServiceTest {

    private static final NetworkStep.Block BLOCK = block("203.0.113.80");

    @TempDir
    private Path folder;

    private ActorBench bench;
    private ActorService service;
    private int ids;

    @BeforeEach
    void start() throws IOException {
        bench = new ActorBench(new Journal(folder.resolve("journal.ndjson")));
        bench.rules.add(ActorBench.rule(Reaction.BLOCK, Scope.NARROWEST, 5));
        bench.rules.add(ActorBench.rule(Reaction.BAN, Scope.NARROWEST, 5));
        service = bench.service();
    }

    @AfterEach
    void end() {
        bench.close();
    }

    private static NetworkStep.Block block(String remote) {
        return new NetworkStep.Block(BlockTarget.parse(remote, 80, "udp", -1).orElseThrow(), Duration.ofMinutes(10));
    }

    private ActorAnswer ask(String user, ActorRequest request) {
        String line = new String(request.line(), StandardCharsets.UTF_8).strip();
        return ActorAnswer.read(new String(service.answer(user, line), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private ActorRequest.Heading heading() {
        return new ActorRequest.Heading("a-t-" + ++ids, "policy", "o-1: a flood");
    }

    private ActorAnswer perform(String user, Step step) {
        return ask(user, new ActorRequest.Perform(heading(), step, false));
    }

    private static String refusal(ActorAnswer answer) {
        assertThat(answer).isInstanceOf(ActorAnswer.Refused.class);
        return ((ActorAnswer.Refused) answer).reason();
    }

    private static Outcome outcome(ActorAnswer answer) {
        assertThat(answer).isInstanceOf(ActorAnswer.Ended.class);
        return ((ActorAnswer.Ended) answer).outcome();
    }

    @Test
    void whatARuleDoesIsJournaledDoneAndAnswered() throws IOException {
        Outcome outcome = outcome(perform("outguard", BLOCK));
        assertThat(outcome).isEqualTo(new Outcome("a-t-1", bench.now, Outcome.Result.DONE, ""));
        assertThat(bench.done).containsExactly(BLOCK);
        assertThat(bench.entries())
                .containsExactly(
                        new JournalEntry.Decided(new Action(
                                "a-t-1",
                                bench.now,
                                "outguard: policy",
                                "o-1: a flood",
                                BLOCK,
                                new Action.Plan("do block", "undo block"))),
                        new JournalEntry.Ended(outcome));
    }

    @Test
    void whatNoRuleDoesRootAloneMayHaveDone() throws IOException {
        Step lockdown = new LockdownStep.Lockdown(List.of(), java.util.Optional.empty());
        assertThat(refusal(perform("outguard", lockdown))).isEqualTo("no rule of the policy does that");
        assertThat(bench.done).isEmpty();
        assertThat(bench.refusals()).singleElement().satisfies(refused -> {
            assertThat(refused.by()).isEqualTo("outguard");
            assertThat(refused.request()).startsWith("{\"request\":\"perform\"");
        });
        outcome(perform("root", lockdown));
        assertThat(bench.done).containsExactly(lockdown);
    }

    @Test
    void railsHoldForBothAndRootAloneOverrulesThem() {
        NetworkStep.Block resolver = new NetworkStep.Block(
                BlockTarget.parse("192.0.2.53", 53, "udp", -1).orElseThrow(), Duration.ofMinutes(1));
        assertThat(refusal(perform("outguard", resolver))).contains("resolver");
        assertThat(refusal(perform("root", resolver))).contains("resolver");
        assertThat(refusal(ask("outguard", new ActorRequest.Perform(heading(), resolver, true))))
                .contains("resolver");
        NetworkStep.Block session = new NetworkStep.Block(
                BlockTarget.parse("203.0.113.9", -1, "tcp", -1).orElseThrow(), Duration.ofMinutes(1));
        assertThat(refusal(ask("root", new ActorRequest.Perform(heading(), session, true))))
                .contains("SSH session");
        assertThat(bench.done).isEmpty();
        outcome(ask("root", new ActorRequest.Perform(heading(), resolver, true)));
        assertThat(bench.done).containsExactly(resolver);
    }

    @Test
    void itIsCountedByTheHourAlsoFromOneStartToTheNext() throws IOException {
        for (int i = 1; i <= 5; i++) {
            outcome(perform("outguard", block("203.0.113." + (80 + i))));
        }
        assertThat(refusal(perform("outguard", BLOCK))).startsWith("5 actions were asked for within an hour");
        service = bench.service();
        assertThat(refusal(perform("outguard", BLOCK))).startsWith("5 actions were asked for within an hour");
        assertThat(bench.done).hasSize(5);
        outcome(perform("root", BLOCK));
        bench.now = bench.now.plus(Duration.ofHours(1));
        outcome(perform("outguard", BLOCK));
    }

    @Test
    void whoLostTheAnswerGetsItAgainAndNothingIsDoneTwice() throws IOException {
        ActorRequest request = new ActorRequest.Perform(heading(), BLOCK, false);
        ActorAnswer first = ask("outguard", request);
        service = bench.service();
        assertThat(ask("outguard", request)).isEqualTo(first);
        assertThat(bench.done).hasSize(1);
    }

    @Test
    void noIdIsUsedForAnotherAction() {
        ActorRequest.Heading heading = heading();
        outcome(ask("root", new ActorRequest.Perform(heading, BLOCK, false)));
        assertThat(refusal(ask("outguard", new ActorRequest.Perform(heading, BLOCK, false))))
                .contains("another action");
        assertThat(refusal(ask("root", new ActorRequest.Perform(heading, block("203.0.113.81"), false))))
                .contains("another action");
        assertThat(bench.done).hasSize(1);
    }

    @Test
    void anUndoIsMadeFromTheJournalAndOfTheClientsOwnActionsAlone() throws IOException {
        ActorRequest.Heading own = heading();
        outcome(ask("outguard", new ActorRequest.Perform(own, BLOCK, false)));
        ActorRequest.Heading roots = heading();
        Step ban = new RestrictionStep.Impose(new MailRestriction.Banned("www-data"));
        outcome(ask("root", new ActorRequest.Perform(roots, ban, false)));
        assertThat(refusal(ask("outguard", new ActorRequest.Undo(heading(), roots.id()))))
                .contains("nothing that this user may undo");
        bench.now = bench.now.plusSeconds(1);
        outcome(ask("outguard", new ActorRequest.Undo(heading(), own.id())));
        outcome(ask("root", new ActorRequest.Undo(heading(), roots.id())));
        assertThat(refusal(ask("root", new ActorRequest.Undo(heading(), roots.id()))))
                .contains("nothing");
        assertThat(bench.done)
                .containsExactly(
                        BLOCK,
                        ban,
                        new NetworkStep.Unblock(BLOCK.target(), own.id()),
                        new RestrictionStep.Lift(new MailRestriction.Banned("www-data"), List.of(), roots.id()));
        assertThat(bench.journal.standing(bench.now)).isEmpty();
    }

    @Test
    void aPlanDoesNothing() throws IOException {
        assertThat(ask("outguard", new ActorRequest.Plan(BLOCK)))
                .isEqualTo(new ActorAnswer.Planned(new Action.Plan("do block", "undo block")));
        assertThat(bench.done).isEmpty();
        assertThat(bench.entries()).isEmpty();
    }

    @Test
    void aPlanOfWhatNoRuleDoesIsRootsAlone() {
        ActorRequest plan = new ActorRequest.Plan(new LockdownStep.Lift(""));
        assertThat(refusal(ask("outguard", plan))).isEqualTo("no rule of the policy does that");
        assertThat(ask("root", plan)).isInstanceOf(ActorAnswer.Planned.class);
    }

    @Test
    void whatThrowsIsRefusedAndTheNextRequestIsAnswered() throws IOException {
        bench.planted = new ArithmeticException("long overflow");
        assertThat(refusal(ask("outguard", new ActorRequest.Plan(BLOCK)))).contains("internal error", "long overflow");
        assertThat(refusal(perform("outguard", BLOCK))).contains("internal error");
        bench.planted = null;
        assertThat(bench.done).isEmpty();
        outcome(perform("outguard", BLOCK));
        assertThat(bench.refusals()).isNotEmpty();
    }

    @Test
    void refusalsAreJournaledButSoThatTheyPushNothingOut() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            service.answer("outguard", "{\"request\":\"" + "x".repeat(5_000) + "\"");
        }
        assertThat(bench.refusals()).hasSize(1);
        bench.now = bench.now.plusSeconds(1);
        service.answer("outguard", "\u001b]0;title\u0007");
        assertThat(bench.refusals()).hasSize(2).last().satisfies(refused -> {
            assertThat(refused.unlisted()).isEqualTo(9_999);
            assertThat(refused.request()).isEqualTo("\u001b]0;title\u0007");
        });
        for (int i = 0; i < 1_000; i++) {
            bench.now = bench.now.plusSeconds(1);
            service.answer("outguard", "x");
        }
        assertThat(bench.refusals()).hasSize(200);
        service.close();
        assertThat(bench.refusals())
                .last()
                .satisfies(rest -> assertThat(rest.unlisted()).isEqualTo(802));
        assertThat(bench.journal.file())
                .satisfies(file -> assertThat(file.toFile().length()).isLessThan(100_000));
        assertThat(bench.journal.read().damagedLines()).isEmpty();
    }

    @Test
    void whoeverElseAsksIsNobody() {
        assertThat(service.mayAsk("root")).isTrue();
        assertThat(service.mayAsk("outguard")).isTrue();
        for (String user : List.of("www-data", "", "0", "Root", "outguard ")) {
            assertThat(service.mayAsk(user)).isFalse();
        }
    }
}
