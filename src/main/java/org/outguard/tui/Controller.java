package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.dialog.Proposal;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Table;
import org.outguard.tui.table.TableState;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.view.Views;
import org.outguard.tui.widget.FilterLine;
import org.outguard.tui.widget.PagePart;

/** What a key does to the view, and what it asks of the guard. */
final class Controller {

    private final GuardClient guardClient;
    private final Views views;
    private final Keys keys;
    private final Proposals proposals;
    private final PageKeys pages;
    private final Lookups lookups;

    Controller(GuardClient guardClient, Views views, Keys keys, Proposals proposals, Lookups lookups) {
        this.lookups = lookups;
        this.pages = new PageKeys(lookups);
        this.guardClient = guardClient;
        this.views = views;
        this.keys = keys;
        this.proposals = proposals;
    }

    /**
     * What a key has done.
     *
     * @param view the view after it
     * @param then what is to be done beside drawing it
     * @param copied what goes to the clipboard; empty where nothing does
     */
    record Pressed(ViewState view, Then then, String copied) {
        Pressed(ViewState view, Then then) {
            this(view, then, "");
        }

        static Pressed of(ViewState view) {
            return new Pressed(view, Then.NOTHING);
        }
    }

    /** What follows a key. */
    enum Then {
        NOTHING,
        /** The selection was moved: rows are to hold still for a moment. */
        HOLD,
        /** All is to be sent again. */
        REDRAW,
        /** What was chosen is to be kept for the next time. */
        KEEP,
        CONSOLE,
        QUIT
    }

    /**
     * What is on the screen.
     *
     * @param table the rows
     * @param page how many of them there is room for
     * @param details whether the details are shown
     * @param detailPage rows by which a key turns them
     * @param detailLast the last row that they can begin with
     * @param dialogPage lines by which a page key turns the text of a dialog
     * @param dialogLast the last line that it can begin with
     * @param opened the page of a row; empty where none is open
     * @param pageRoom lines of a page that there is room for
     */
    record Seen(
            Table<?> table,
            int page,
            boolean details,
            int detailPage,
            int detailLast,
            int dialogPage,
            int dialogLast,
            Optional<PagePart.Shape> opened,
            int pageRoom) {}

    Pressed press(Input.Key key, ViewState view, Seen seen) {
        ViewState quiet = view.withMessage("").withWelcome(false);
        if (quiet.filtering().isPresent()) {
            return Pressed.of(FilterLine.press(key, quiet, seen.table()));
        }
        if (quiet.dialog() instanceof Dialog.Help help) {
            return inHelp(key, quiet, help);
        }
        if (quiet.dialog() instanceof Dialog.Copy copy) {
            return inCopy(key, quiet, copy);
        }
        if (quiet.dialog() instanceof Dialog.Columns columns) {
            return inColumns(key, quiet, columns);
        }
        if (quiet.dialog() instanceof Dialog.Ask ask) {
            return inDialog(key, quiet, ask, seen);
        }
        Optional<Pressed> onPage = quiet.page().flatMap(page -> pages.press(key, quiet, page, seen));
        if (onPage.isPresent()) {
            return onPage.get();
        }
        Optional<Keys.Binding> binding = keys.find(key.name());
        if (binding.isEmpty()
                || quiet.page().isPresent() && !Keys.passesOnPage(binding.get().act())) {
            return Pressed.of(quiet.withMessage(noKey(key, "? lists them")));
        }
        if (quiet.page().isPresent()
                && seen.table().index(quiet.page().get().id()) < 0
                && Keys.Group.of(binding.get().act()) != Keys.Group.VIEW) {
            return Pressed.of(quiet.withMessage("it is no longer seen; Esc goes back"));
        }
        Optional<Proposal.Answer> answer = proposals.answer(binding.get().act(), seen.table());
        if (answer.isPresent()) {
            return Pressed.of(answered(answer.get(), binding.get(), quiet));
        }
        return binding.get().act() == Keys.Act.VIEW
                ? Pressed.of(show(quiet, binding.get().keys().indexOf(key.name())))
                : inTable(binding.get().act(), quiet, seen);
    }

    private ViewState answered(Proposal.Answer answer, Keys.Binding binding, ViewState view) {
        if (answer instanceof Proposal.No no) {
            return view.withMessage(binding.shortLabel() + ": " + no.reason());
        }
        return view.withDialog(asked(((Proposal.Yes) answer).offer(), Proposal.Pick.USUAL, ""));
    }

    private Dialog.Ask asked(Proposal proposal, Proposal.Pick pick, String typed) {
        Proposal.Draft draft = proposal.maker().make(pick);
        List<Step> steps = draft.errands().stream().map(Proposal.Errand::step).toList();
        List<Action.Plan> plans = draft.errands().stream().map(this::plan).toList();
        List<Objection> objections = steps.stream()
                .flatMap(step -> guardClient.objections(step).stream())
                .distinct()
                .toList();
        return new Dialog.Ask(proposal, pick, draft, plans, objections, typed, 0, false);
    }

    private Action.Plan plan(Proposal.Errand errand) {
        Action.Plan plan = guardClient.preview(errand.step());
        return errand.undo()
                .map(again -> plan.undoneBy(guardClient.preview(again)))
                .orElse(plan);
    }

    private ViewState show(ViewState view, int index) {
        return index < 0 || index >= views.count() ? view : view.withShown(index);
    }

    private Pressed inTable(Keys.Act act, ViewState view, Seen seen) {
        Table<?> table = seen.table();
        TableState state = view.table();
        int count = views.count();
        return switch (act) {
            case UP -> moved(view, table, -1);
            case DOWN -> moved(view, table, 1);
            case PAGE_UP -> moved(view, table, -seen.page());
            case PAGE_DOWN -> moved(view, table, seen.page());
            case FIRST -> moved(view, table, Integer.MIN_VALUE / 2);
            case LAST -> moved(view, table, Integer.MAX_VALUE / 2);
            case PAGE -> Pressed.of(page(view, table));
            case DETAILS -> Pressed.of(view.withDetails(!seen.details()));
            case DETAILS_ON -> Pressed.of(readOn(view, seen, seen.detailPage()));
            case DETAILS_BACK -> Pressed.of(readOn(view, seen, -seen.detailPage()));
            case NEXT_VIEW -> Pressed.of(view.withShown((view.shown() + 1) % count));
            case PREVIOUS_VIEW -> Pressed.of(view.withShown((view.shown() + count - 1) % count));
            case FILTER -> Pressed.of(view.withFiltering(Optional.of(state.filter())));
            case TAG -> tag(view, table);
            case UNTAG -> Pressed.of(view.withTable(state.withTagged(Set.of())));
            case SORT ->
                Pressed.of(view.withTable(state.withSort(table.nextSort(), false))
                        .withMessage("sorted by " + table.nextSort()));
            case REVERSE ->
                Pressed.of(view.withTable(state.withSort(table.sortColumn().title(), !state.reversed())));
            case TREE -> Pressed.of(tree(view, table));
            case COLUMNS ->
                Pressed.of(view.withDialog(new Dialog.Columns(
                        table.view().columns().stream().map(Column::title).toList(), state.hidden(), 0)));
            case MESSAGES -> Pressed.of(messages(view, table));
            case PAUSE ->
                Pressed.of(
                        view.withPaused(view.paused().isPresent() ? Optional.empty() : Optional.of(table.snapshot())));
            case COPY -> Pressed.of(copies(view, table));
            case HELP -> Pressed.of(view.withDialog(new Dialog.Help(0)));
            case REDRAW -> new Pressed(view, Then.REDRAW);
            case CONSOLE -> new Pressed(view, Then.CONSOLE);
            case QUIT -> new Pressed(view, Then.QUIT);
            case CLOSE -> Pressed.of(view.withTable(state.withFilter("")));
            default -> Pressed.of(view);
        };
    }

    private static ViewState page(ViewState view, Table<?> table) {
        String selected = table.state().selected();
        return table.selected().isEmpty()
                ? view.withMessage("nothing is selected")
                : view.withTable(table.select(table.index(selected)).withTagged(Set.of()))
                        .withPage(Optional.of(Page.of(selected)));
    }

    private ViewState messages(ViewState view, Table<?> table) {
        ViewState opened = page(view, table);
        OptionalInt tab = table.mailTab(lookups);
        return tab.isEmpty() || opened.page().isEmpty()
                ? view.withMessage("no message is known to be of this row")
                : opened.withPage(opened.page().map(page -> page.withTab(tab.getAsInt())));
    }

    private static ViewState tree(ViewState view, Table<?> table) {
        if (table.view().tree().isEmpty()) {
            return view.withMessage("there is a tree in the first view only");
        }
        boolean wanted = !table.isTree();
        return view.withTable(table.state().withTree(wanted))
                .withMessage(wanted ? "by the processes that started them" : "sorted");
    }

    private Pressed inColumns(Input.Key key, ViewState view, Dialog.Columns columns) {
        ViewState closed = view.withDialog(new Dialog.None());
        Optional<Keys.Act> act = keys.find(key.name()).map(Keys.Binding::act);
        if (key.name().equals(" ")) {
            return Pressed.of(view.withDialog(columns.toggled()));
        }
        if (key.name().equals("Enter") || act.equals(Optional.of(Keys.Act.COLUMNS))) {
            return new Pressed(closed.withTable(view.table().withHidden(columns.hidden())), Then.KEEP);
        }
        return act.filter(a -> a == Keys.Act.UP || a == Keys.Act.DOWN)
                .map(a -> Pressed.of(view.withDialog(columns.moved(a == Keys.Act.UP ? -1 : 1))))
                .orElse(Pressed.of(closed));
    }

    private ViewState copies(ViewState view, Table<?> table) {
        List<Dialog.Copy.Item> items = Copies.of(table, proposals, guardClient);
        return items.isEmpty() ? view.withMessage("nothing is selected") : view.withDialog(new Dialog.Copy(items, 0));
    }

    private Pressed inCopy(Input.Key key, ViewState view, Dialog.Copy copy) {
        int count = copy.items().size();
        Optional<Keys.Act> act = keys.find(key.name()).map(Keys.Binding::act);
        if (act.equals(Optional.of(Keys.Act.UP)) || act.equals(Optional.of(Keys.Act.DOWN))) {
            int by = act.get() == Keys.Act.UP ? count - 1 : 1;
            return Pressed.of(view.withDialog(new Dialog.Copy(copy.items(), (copy.chosen() + by) % count)));
        }
        boolean digit = key.name().length() == 1
                && key.name().charAt(0) >= '1'
                && key.name().charAt(0) < '1' + count;
        boolean take = digit || key.name().equals("Enter") || act.equals(Optional.of(Keys.Act.COPY));
        ViewState closed = view.withDialog(new Dialog.None());
        if (!take) {
            return Pressed.of(closed);
        }
        Dialog.Copy.Item item = copy.items().get(digit ? key.name().charAt(0) - '1' : copy.chosen());
        return new Pressed(
                closed.withMessage("copied the " + item.what() + ": " + item.text()), Then.NOTHING, item.text());
    }

    private static Pressed moved(ViewState view, Table<?> table, int by) {
        return new Pressed(view.withTable(table.move(by)), Then.HOLD);
    }

    private static ViewState readOn(ViewState view, Seen seen, int by) {
        return seen.details()
                ? view.withDetailsFrom(Math.min(seen.detailLast(), view.detailsFrom() + by))
                : view.withDetails(true);
    }

    private static Pressed tag(ViewState view, Table<?> table) {
        TableState state = table.state();
        if (table.index(state.selected()) < 0) {
            return Pressed.of(view);
        }
        TableState next = table.move(1);
        return new Pressed(
                view.withTable(next.withTagged(state.toggled(state.selected()).tagged())), Then.HOLD);
    }

    private Pressed inDialog(Input.Key key, ViewState view, Dialog.Ask ask, Seen seen) {
        boolean typing = ask.toType().isPresent();
        if (typing && key.types()) {
            String typed = ask.typed() + key.name();
            return Pressed.of(typed.length() > FilterLine.MOST ? view : view.withDialog(ask.withTyped(typed)));
        }
        if (typing && key.name().equals("Backspace")) {
            return Pressed.of(view.withDialog(ask.withTyped(FilterLine.shorter(ask.typed()))));
        }
        if (!typing && (ask.offer().timed() || ask.offer().paced())) {
            String amount = ask.pick().amount();
            if (ask.pick().takes(key.name())) {
                return Pressed.of(view.withDialog(amount(ask, amount + key.name())));
            }
            if (key.name().equals("Backspace") && !amount.isEmpty()) {
                return Pressed.of(view.withDialog(amount(ask, FilterLine.shorter(amount))));
            }
        }
        ViewState closed = view.withDialog(new Dialog.None());
        return Keys.find(Keys.dialog(), key.name())
                .map(binding -> switch (binding.act()) {
                    case CONFIRM -> Pressed.of(confirm(ask, view, closed));
                    case CANCEL -> Pressed.of(closed);
                    case UP -> Pressed.of(view.withDialog(choose(ask, -1, seen)));
                    case DOWN -> Pressed.of(view.withDialog(choose(ask, 1, seen)));
                    case LESS -> Pressed.of(view.withDialog(repick(ask, 0, -1, 0)));
                    case MORE -> Pressed.of(view.withDialog(repick(ask, 0, 1, 0)));
                    case SLOWER -> Pressed.of(view.withDialog(repick(ask, 0, 0, -1)));
                    case FASTER -> Pressed.of(view.withDialog(repick(ask, 0, 0, 1)));
                    case DETAILS -> Pressed.of(view.withDialog(ask.folding()));
                    case PAGE_UP -> Pressed.of(view.withDialog(turned(ask, -seen.dialogPage(), seen)));
                    case PAGE_DOWN -> Pressed.of(view.withDialog(turned(ask, seen.dialogPage(), seen)));
                    case REDRAW -> new Pressed(view, Then.REDRAW);
                    default -> Pressed.of(view);
                })
                .orElseGet(() -> Pressed.of(view.withMessage(noKey(key, "y does it, Esc cancels"))));
    }

    private static String noKey(Input.Key key, String instead) {
        return "no key " + key.name() + "; " + instead;
    }

    /* Where there is nothing to choose between, the text moves. */
    private Dialog choose(Dialog.Ask ask, int by, Seen seen) {
        return ask.offer().choices().size() == 1 ? turned(ask, by, seen) : repick(ask, by, 0, 0);
    }

    /* What is beyond the end is not remembered: the way back would be longer than the way there. */
    private static Dialog turned(Dialog.Ask ask, int by, Seen seen) {
        int from = Math.min(ask.from(), seen.dialogLast());
        return ask.withFrom(Math.max(0, Math.min(seen.dialogLast(), from + by)));
    }

    private Dialog amount(Dialog.Ask ask, String text) {
        return asked(ask.offer(), ask.pick().typing(text, ask.offer().paced()), ask.typed());
    }

    private Dialog repick(Dialog.Ask ask, int choiceBy, int lengthBy, int rateBy) {
        int choices = ask.offer().choices().size();
        return asked(ask.offer(), ask.pick().moved(choices, choiceBy, lengthBy, rateBy), ask.typed());
    }

    /* Whether it is still there is asked of the newest snapshot, which a paused screen does not show. */
    private ViewState confirm(Dialog.Ask ask, ViewState view, ViewState closed) {
        Snapshot live = guardClient.snapshot();
        if (!ask.offer().there().test(live)) {
            return closed.withMessage(ask.offer().gone());
        }
        Optional<String> unclear = ask.pick().unclear(ask.offer().paced());
        if (unclear.isPresent()) {
            return view.withMessage(unclear.get());
        }
        if (ask.refusal().isPresent()) {
            return view.withMessage("refused: " + ask.refusal().get());
        }
        if (!ask.ready()) {
            String why = ask.objections().isEmpty() ? "this cannot be undone" : "read what speaks against it";
            return view.withMessage("type " + ask.toType().orElse("") + " first: " + why);
        }
        ask.asked(live).forEach(guardClient::submit);
        return closed.withTable(closed.table().withTagged(Set.of())).withAsked(Optional.of(Asked.now(live)));
    }

    private Pressed inHelp(Input.Key key, ViewState view, Dialog.Help help) {
        Optional<Keys.Act> act = keys.find(key.name()).map(Keys.Binding::act);
        int by = act.map(a -> switch (a) {
                    case UP -> -1;
                    case DOWN -> 1;
                    case PAGE_UP -> -8;
                    case PAGE_DOWN -> 8;
                    default -> 0;
                })
                .orElse(0);
        if (by == 0) {
            boolean redraw = act.equals(Optional.of(Keys.Act.REDRAW));
            return new Pressed(view.withDialog(new Dialog.None()), redraw ? Then.REDRAW : Then.NOTHING);
        }
        int most = 2 * keys.table().size() + Keys.dialog().size();
        return Pressed.of(view.withDialog(new Dialog.Help(Math.max(0, Math.min(most, help.from() + by)))));
    }
}
