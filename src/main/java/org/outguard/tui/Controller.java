package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.Action;
import org.outguard.guard.BlockChoices;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.Command;
import org.outguard.guard.Desk;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Talker;
import org.outguard.text.Words;

/** What a key does to the view, and what it asks of the guard. */
final class Controller {

    private static final int DEFAULT_LENGTH = 1;

    private final Desk desk;
    private final String by;

    Controller(Desk desk, String by) {
        this.desk = desk;
        this.by = by;
    }

    /**
     * What a key has done.
     *
     * @param view the view after it
     * @param moved whether the selection was moved, so that rows are to hold still for a moment
     * @param redraw whether all is to be sent again
     * @param quit whether this was the last key
     */
    record Pressed(ViewState view, boolean moved, boolean redraw, boolean quit) {
        static Pressed of(ViewState view) {
            return new Pressed(view, false, false, false);
        }
    }

    /**
     * What is on the screen.
     *
     * @param snapshot the data
     * @param page how many rows of talkers there are
     * @param details whether the details are shown
     */
    record Seen(Snapshot snapshot, int page, boolean details) {}

    /**
     * Presses a key.
     *
     * @param seen what is on the screen
     */
    Pressed press(String key, ViewState view, Seen seen) {
        Snapshot shown = seen.snapshot;
        ViewState quiet = view.withMessage("");
        if (view.dialog() instanceof Dialog.Help help) {
            return inHelp(key, quiet, help, shown);
        }
        if (view.dialogOpen()) {
            return Keys.find(Keys.DIALOG, key)
                    .map(binding -> inDialog(binding.act(), quiet))
                    .orElse(Pressed.of(quiet));
        }
        Optional<Keys.Binding> binding = Keys.find(Keys.TABLE, key);
        if (binding.isEmpty()) {
            return Pressed.of(quiet);
        }
        Optional<String> reason = binding.get().disabled(shown, view);
        return reason.map(why -> Pressed.of(quiet.withMessage(binding.get().label() + ": " + why)))
                .orElseGet(() -> inTable(binding.get().act(), quiet, seen));
    }

    private Pressed inTable(Keys.Act act, ViewState view, Seen seen) {
        Snapshot shown = seen.snapshot;
        int page = seen.page;
        return switch (act) {
            case UP -> move(view, shown, -1);
            case DOWN -> move(view, shown, 1);
            case PAGE_UP -> move(view, shown, -page);
            case PAGE_DOWN -> move(view, shown, page);
            case FIRST -> move(view, shown, Integer.MIN_VALUE / 2);
            case LAST -> move(view, shown, Integer.MAX_VALUE / 2);
            case DETAILS -> Pressed.of(view.withDetails(!seen.details));
            case BLOCK -> Pressed.of(openBlock(view, shown));
            case UNDO -> Pressed.of(openUndo(view, shown));
            case PAUSE ->
                Pressed.of(view.withPaused(view.paused().isPresent() ? Optional.empty() : Optional.of(shown)));
            case SORT ->
                Pressed.of(view.withSort(view.sort().next(), false)
                        .withMessage("sorted by " + view.sort().next().word()));
            case REVERSE -> Pressed.of(view.withSort(view.sort(), !view.reversed()));
            case HELP -> Pressed.of(view.withDialog(new Dialog.Help(0)));
            case REDRAW -> new Pressed(view, false, true, false);
            case QUIT -> new Pressed(view, false, false, true);
            case CLOSE, CONFIRM, CANCEL, LESS, MORE -> Pressed.of(view);
        };
    }

    private static Pressed move(ViewState view, Snapshot shown, int by) {
        List<Talker> rows = Rows.of(shown, view);
        if (rows.isEmpty()) {
            return Pressed.of(view);
        }
        int at = Math.max(0, Rows.index(rows, view.selected())) + by;
        int to = Math.max(0, Math.min(rows.size() - 1, at));
        return new Pressed(view.withSelected(rows.get(to).id(), true), true, false, false);
    }

    private ViewState openBlock(ViewState view, Snapshot shown) {
        Talker talker = Rows.selected(shown, view).orElseThrow();
        List<BlockTarget> choices = BlockChoices.of(talker);
        Action.Plan plan = plan(choices, 0, DEFAULT_LENGTH);
        Dialog.Block dialog = new Dialog.Block(talker.id(), who(talker), choices, 0, DEFAULT_LENGTH, plan, 0);
        return view.withSelected(talker.id(), true).withDialog(dialog);
    }

    private static String who(Talker talker) {
        return talker.attribution()
                .knownOwner()
                .map(owner -> Words.process(owner) + " (pid " + owner.pid() + ", " + Words.user(talker) + ")")
                .orElse("an unnamed sender to " + Words.destination(talker));
    }

    private ViewState openUndo(ViewState view, Snapshot shown) {
        StandingBlock block = Blocks.undoable(shown, Rows.selected(shown, view)).orElseThrow();
        Action.Plan plan = desk.preview(new NetworkStep.Unblock(block.target(), block.actionId()));
        return view.withDialog(new Dialog.Undo(block, plan, 0));
    }

    private Action.Plan plan(List<BlockTarget> choices, int choice, int length) {
        return desk.preview(new NetworkStep.Block(choices.get(choice), Dialog.LENGTHS.get(length)));
    }

    private Pressed inDialog(Keys.Act act, ViewState view) {
        ViewState closed = view.withDialog(new Dialog.None());
        return switch (act) {
            case CONFIRM -> Pressed.of(confirm(view.dialog(), closed));
            case CANCEL -> Pressed.of(closed);
            case UP -> Pressed.of(view.withDialog(choose(view.dialog(), -1, 0)));
            case DOWN -> Pressed.of(view.withDialog(choose(view.dialog(), 1, 0)));
            case LESS -> Pressed.of(view.withDialog(choose(view.dialog(), 0, -1)));
            case MORE -> Pressed.of(view.withDialog(choose(view.dialog(), 0, 1)));
            case PAGE_UP -> Pressed.of(view.withDialog(scroll(view.dialog(), -1)));
            case PAGE_DOWN -> Pressed.of(view.withDialog(scroll(view.dialog(), 1)));
            case REDRAW -> new Pressed(view, false, true, false);
            default -> Pressed.of(view);
        };
    }

    private Dialog choose(Dialog dialog, int choiceBy, int lengthBy) {
        if (!(dialog instanceof Dialog.Block block)) {
            return scroll(dialog, choiceBy);
        }
        int choice = Math.max(0, Math.min(block.choices().size() - 1, block.choice() + choiceBy));
        int length = Math.max(0, Math.min(Dialog.LENGTHS.size() - 1, block.length() + lengthBy));
        return block.with(choice, length, plan(block.choices(), choice, length));
    }

    private static Dialog scroll(Dialog dialog, int by) {
        if (dialog instanceof Dialog.Block block) {
            return block.scrolled(Math.max(0, block.from() + by));
        }
        return dialog instanceof Dialog.Undo undo ? undo.scrolled(Math.max(0, undo.from() + by)) : dialog;
    }

    /* Whether it is still there is asked of the newest snapshot, which a paused screen does not show. */
    private ViewState confirm(Dialog dialog, ViewState closed) {
        Snapshot live = desk.snapshot();
        if (dialog instanceof Dialog.Block block) {
            if (Rows.find(live, block.talkerId()).isEmpty()) {
                return closed.withMessage(block.who() + " is no longer seen; nothing was blocked");
            }
            desk.submit(new Command.Block(block.talkerId(), block.target(), block.time(), by));
        } else if (dialog instanceof Dialog.Undo undo) {
            boolean standing = Blocks.find(live, undo.block().actionId())
                    .filter(block -> block.state() == StandingBlock.State.STANDING)
                    .isPresent();
            if (!standing) {
                return closed.withMessage("that block is no longer in force; nothing was done");
            }
            desk.submit(new Command.Undo(undo.block().actionId(), by));
        }
        return closed;
    }

    private static Pressed inHelp(String key, ViewState view, Dialog.Help help, Snapshot shown) {
        Optional<Keys.Act> act = Keys.find(Keys.TABLE, key).map(Keys.Binding::act);
        int by = act.map(a -> switch (a) {
                    case UP -> -1;
                    case DOWN -> 1;
                    case PAGE_UP -> -8;
                    case PAGE_DOWN -> 8;
                    default -> 0;
                })
                .orElse(0);
        if (by == 0) {
            return new Pressed(
                    view.withDialog(new Dialog.None()), false, act.equals(Optional.of(Keys.Act.REDRAW)), false);
        }
        int from = Math.max(0, Math.min(HelpPart.most(shown, view), help.from() + by));
        return Pressed.of(view.withDialog(new Dialog.Help(from)));
    }
}
