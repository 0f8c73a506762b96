package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.outguard.guard.Action;
import org.outguard.guard.ActionRow;
import org.outguard.guard.MailPicture;
import org.outguard.guard.ProcessStep;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Step;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.Columns;

/** Names come from the attacker. Whatever is in them, the terminal gets our control functions and nothing else. */
class HostileTextTest {

    private static final List<String> NASTY = List.of(
            "\033[2J",
            "\033]0;x\007",
            "\u009b31m",
            "\u202e",
            "\u200d",
            "\u200b",
            "\u0000",
            "\u007f",
            "\n",
            "\t",
            "\r",
            "漢字",
            "e\u0301\u0302\u0303\u0304",
            "\u0301",
            "😀",
            "👨\u200d👩",
            "\ud800",
            "\udc00",
            "\ufeff",
            "\uffff",
            "\u2028",
            "\ue000",
            "ｗｉｄｅ",
            "\u0e33",
            "\u0903",
            "क्षि",
            "\u1160",
            "\uffa0",
            "\udb40\udc41",
            "x",
            "  ",
            "/");

    private static final long SEED = 7;

    /** Every view, with and without a dialog over it. */
    private static final List<String> KEYS = List.of(
            "", "b", "K x", "z", "e", "?", "2", "2 h", "2 d x", "2 B x", "3", "3 b", "4", "4 u", "5", "4 Enter",
            "Space b");

    private final SplittableRandom random = new SplittableRandom(SEED);

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
            } else {
                text.append(NASTY.get(random.nextInt(NASTY.size())));
            }
        }
        return text.toString();
    }

    private Talker talker(StandingBlock block) {
        Talker plain = Scenes.flooder(List.of(block));
        Owner owner = new Owner(
                new ProcessId(7, 7),
                text(),
                text(),
                true,
                text(),
                List.of(text(), text()),
                33,
                text(),
                OptionalInt.of(0),
                text(),
                text(),
                text(),
                1,
                List.of(new Owner.Ancestor(new ProcessId(1, 1), text())),
                text());
        return new Talker(
                plain.id(),
                plain.kind(),
                Verdict.OFFENDING,
                text(),
                plain.score(),
                plain.protocol(),
                random.nextBoolean() ? new Attribution.Exact(owner, text()) : new Attribution.Probable(owner, text()),
                List.of(owner.id()),
                plain.remotes(),
                plain.remoteCount(),
                plain.packets(),
                plain.bytes(),
                plain.connects(),
                plain.rate(),
                plain.history(),
                plain.firstSeen(),
                plain.lastSeen(),
                plain.blocks());
    }

    private MailPicture mail() {
        MailPicture plain = MailScenes.picture();
        MailPicture.Message message = MailScenes.message(
                text(),
                MailScenes.SCRIPT,
                List.of(QueuedMessage.Status.values()).get(random.nextInt(5)),
                text());
        return new MailPicture(
                true, plain.totals(), List.of(MailScenes.script(text(), text())), 1, List.of(message, message));
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
            StandingBlock.State state = List.of(StandingBlock.State.values()).get(random.nextInt(4));
            Action.Plan plan = new Action.Plan(text(), text());
            StandingBlock fixed = Scenes.block(state);
            StandingBlock block =
                    new StandingBlock(fixed.actionId(), fixed.target(), state, fixed.expires(), 1, 1, plan, text());
            Talker talker = talker(block);
            Snapshot.Notice notice = new Snapshot.Notice(Scenes.NOW, Snapshot.Notice.Level.ERROR, text());
            Snapshot snapshot = Scenes.with(
                    Scenes.snapshot(List.of(talker, Scenes.dns()), List.of(block)), List.of(text()), List.of(notice));
            snapshot = Scenes.withActions(Scenes.withMail(snapshot, mail()), actions(plan));
            Size size = sizes.get(round % sizes.size());
            Look look = new Look(List.of(Palette.values()).get(round % 4), round % 3 == 0, round % 5 == 0, Map.of());
            Setting setting =
                    new Setting(text(), text(), look, () -> Scenes.ZONE, false, round % 7 == 0, Keys.usual(), text());
            FakeDesk desk = new FakeDesk(snapshot);
            desk.plan = plan;
            Stage stage = new Stage(desk, size, setting).press(KEYS.get(round % KEYS.size()));
            if (round % 11 == 0) {
                stage.press("/").type(text());
            }
            check(stage.draw(), "seed " + SEED + ", round " + round);
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
