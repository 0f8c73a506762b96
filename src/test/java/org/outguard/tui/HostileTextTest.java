package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.outguard.guard.Action;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
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

    private final SplittableRandom random = new SplittableRandom(7);

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
                new Attribution.Probable(owner, text()),
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
            Size size = sizes.get(round % sizes.size());
            Setting setting =
                    new Setting(text(), text(), List.of(Palette.values()).get(round % 3), Scenes.ZONE, false);
            ViewState view = Scenes.view(snapshot, talker.id()).withDialog(dialog(round, talker, plan, block));
            check(new Screen(setting).draw(size, snapshot, view), "round " + round);
        }
    }

    private Dialog dialog(int round, Talker talker, Action.Plan plan, StandingBlock block) {
        return switch (round / 4 % 4) {
            case 0 -> new Dialog.Help(0);
            case 1 -> new Dialog.Undo(block, plan, 0);
            case 2 -> {
                Dialog.Block made = Scenes.blockDialog(talker);
                yield new Dialog.Block(talker.id(), text(), made.choices(), 0, 1, plan, 0);
            }
            default -> new Dialog.None();
        };
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
