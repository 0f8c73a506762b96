package org.outguard.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.outguard.Hostile;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Recommendation;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.TableReport;
import org.outguard.mail.LogReading;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.Columns;
import org.outguard.tui.FakeDesk;
import org.outguard.tui.MailScenes;
import org.outguard.tui.Scenes;
import org.outguard.tui.Stage;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.Setting;
import org.outguard.tui.terminal.FrameEncoder;

/** Names come from the attacker. Whatever is in them, the terminal gets our control functions and nothing else. */
class HostileTextTest {

    /** Every view, with and without a dialog over it. */
    private static final List<String> KEYS = List.of(
            "", "b", "l", "L", "n x", "R", "K x", "z", "e", "?", "2", "2 h", "2 d x", "2 B x", "3", "3 b", "4", "4 u",
            "4 R", "5", "4 Enter", "Space b");

    private final Hostile hostile = Hostile.begin("HostileTextTest");
    private final SplittableRandom random = hostile.random();

    private String text() {
        return hostile.text();
    }

    private Talker talker(ActiveBlock block) {
        Talker plain = Scenes.flooder(List.of(block));
        Owner owner = new Owner(
                new ProcessId(7, 7),
                new Owner.Program(text(), text(), true, Optional.empty(), text(), List.of(text(), text()), text()),
                new Owner.Credentials(33, text(), OptionalInt.of(0)),
                new Owner.Placement(text(), text(), text(), 1),
                List.of(new Owner.Ancestor(new ProcessId(1, 1), text())));
        return new Talker(
                plain.id(),
                new Talker.Assessment(plain.kind(), Verdict.OFFENDING, text(), plain.score(), 0, OptionalInt.empty()),
                new Talker.Sender(
                        random.nextBoolean()
                                ? new Attribution.Exact(owner, text())
                                : new Attribution.Probable(owner, text()),
                        List.of(owner.id())),
                new Talker.Flows(plain.protocol(), plain.remotes(), plain.remoteCount(), Optional.of(smtp())),
                plain.counts(),
                plain.mail(),
                plain.blocks(),
                plain.status());
    }

    private SmtpSnapshot smtp() {
        return new SmtpSnapshot(
                3,
                random.nextInt(4),
                List.of(new MailSnapshot.Counted(text(), 2), new MailSnapshot.Counted(text(), 1)),
                text(),
                random.nextInt(3),
                1,
                2,
                List.of(new SmtpSnapshot.Code(550, 1)),
                List.of());
    }

    private MailSnapshot mail() {
        MailSnapshot plain = MailScenes.picture();
        MailSnapshot.Message message = MailScenes.message(
                text(),
                MailScenes.SCRIPT,
                List.of(QueuedMessage.Status.values()).get(random.nextInt(5)),
                text());
        return new MailSnapshot(
                true,
                List.of(),
                plain.totals(),
                List.of(MailScenes.script(text(), text())),
                1,
                List.of(message, message),
                MailSnapshot.News.NONE,
                LogReading.NONE);
    }

    private Snapshot withSuggestion(Snapshot s) {
        Attribution.Exact parent = new Attribution.Exact(Scenes.php(text(), text(), 812), text());
        Optional<ProcessStep.Kill> kill = random.nextBoolean()
                ? Optional.of(new ProcessStep.Kill(KillTarget.of(parent), ProcessStep.Scope.TREE, text()))
                : Optional.empty();
        Recommendation suggestion = new Recommendation(Scenes.NOW, text(), text(), kill, text());
        return new Snapshot(
                s.tick(),
                new Snapshot.Counting(s.eye(), text(), s.degraded(), s.sources()),
                s.totals(),
                s.talkers(),
                new Snapshot.Enforcement(s.blocks(), s.actions(), List.of(suggestion)),
                s.mail(),
                s.deliveries(),
                s.events());
    }

    private List<ActionRow> actions(Action.Plan plan) {
        Step step = new ProcessStep.Freeze(new ProcessId(8, 8), text(), ProcessStep.Scope.PROCESS);
        Action action = new Action("a-" + text(), Scenes.NOW, text(), text(), step, plan);
        Optional<String> whyNoUndo = random.nextBoolean() ? Optional.of(text()) : Optional.empty();
        return List.of(new ActionRow(
                action, List.of(ActionRow.State.values()).get(random.nextInt(7)), Optional.empty(), text(), whyNoUndo));
    }

    @Test
    void nothingFromOutsideReachesTheTerminalAsAControl() {
        List<Size> sizes = List.of(new Size(40, 10), new Size(80, 24), new Size(132, 40), new Size(200, 50));
        for (int round = 0; round < 400; round++) {
            ActiveBlock.State state = List.of(ActiveBlock.State.values()).get(random.nextInt(4));
            Action.Plan plan = new Action.Plan(text(), text());
            ActiveBlock fixed = Scenes.block(state);
            ActiveBlock block =
                    new ActiveBlock(fixed.actionId(), fixed.target(), state, fixed.expires(), 1, 1, plan, text());
            Talker talker = talker(block);
            Snapshot.Notice notice = new Snapshot.Notice(Scenes.NOW, Snapshot.Notice.Level.ERROR, text());
            Snapshot snapshot = Scenes.with(
                    Scenes.snapshot(List.of(talker, Scenes.dns()), List.of(block)), List.of(text()), List.of(notice));
            snapshot = Scenes.withActions(Scenes.withMail(snapshot, mail()), actions(plan));
            snapshot = withSuggestion(snapshot);
            assertThat(Hostile.unsafe(new TableReport(100, round % 2 == 0).print(snapshot)))
                    .as("the table, seed %d, round %d", hostile.seed(), round)
                    .isEmpty();
            Size size = sizes.get(round % sizes.size());
            Look look = new Look(
                    List.of(Palette.values()).get(round % 4),
                    round % 3 == 0,
                    round % 5 == 0,
                    List.of(Look.Scheme.values()).get(round % 3),
                    true,
                    Map.of());
            Setting setting =
                    new Setting(text(), text(), look, Scenes.TIMES, false, round % 7 == 0, Keys.usual(), text());
            FakeDesk desk = new FakeDesk(snapshot);
            desk.plan = plan;
            desk.objections = List.of(new Objection(text(), round % 3 == 0));
            Stage stage = new Stage(desk, size, setting).press(KEYS.get(round % KEYS.size()));
            if (round % 11 == 0) {
                stage.press("/").type(text());
            }
            check(stage.draw(), "seed " + hostile.seed() + ", round " + round);
        }
    }

    private static void check(Grid grid, String what) {
        for (int row = 0; row < grid.size().rows(); row++) {
            assertThat(Columns.width(grid.text(row)))
                    .as("%s, row %d: %s", what, row, grid.text(row))
                    .isEqualTo(grid.size().columns());
        }
        FrameEncoder encoder = new FrameEncoder();
        encoder.encode(grid);
        Emulator emulator = new Emulator(grid.size());
        emulator.take(encoder.bytes(), encoder.length());
        for (int row = 0; row < grid.size().rows(); row++) {
            assertThat(emulator.text(row)).as(what).isEqualTo(grid.text(row));
        }
    }
}
