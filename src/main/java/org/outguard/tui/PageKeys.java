package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.snapshot.Talker;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.Table;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.widget.PagePart;

/** What a key does on the page of a row. */
final class PageKeys {

    private final Lookups lookups;

    PageKeys(Lookups lookups) {
        this.lookups = lookups;
    }

    /** Empty where the key is none of the page. */
    Optional<Controller.Pressed> press(Input.Key key, ViewState view, Page page, Controller.Seen seen) {
        Optional<Keys.Binding> binding = Keys.find(Keys.page(), key.name());
        if (binding.isEmpty() || seen.opened().isEmpty()) {
            return Optional.empty();
        }
        PagePart.Shape shape = seen.opened().get();
        int tabs = Math.max(1, shape.tabs().size());
        int room = seen.pageRoom();
        return switch (binding.get().act()) {
            case NEXT_VIEW -> to(view, page.withTab((shape.tab() + 1) % tabs));
            case PREVIOUS_VIEW -> to(view, page.withTab((shape.tab() + tabs - 1) % tabs));
            case UP -> to(view, moved(page, shape, -1, room));
            case DOWN -> to(view, moved(page, shape, 1, room));
            case PAGE_UP -> to(view, moved(page, shape, -room, room));
            case PAGE_DOWN -> to(view, moved(page, shape, room, room));
            case CONFIRM -> to(view, read(page, shape));
            case EXPORT -> Optional.of(Controller.Pressed.of(export(view, seen.table())));
            case CLOSE ->
                page.message().isPresent()
                        ? to(view, page.withMessage(Optional.empty()))
                        : Optional.of(Controller.Pressed.of(view.withPage(Optional.empty())));
            default -> Optional.empty();
        };
    }

    private static Optional<Controller.Pressed> to(ViewState view, Page page) {
        return Optional.of(Controller.Pressed.of(view.withPage(Optional.of(page))));
    }

    /* Where there are messages, the chosen one moves and stays among the lines that are shown. */
    private static Page moved(Page page, PagePart.Shape shape, int by, int room) {
        int count = shape.messages().size();
        if (count == 0) {
            return page.withFrom(Math.min(shape.last(room), Math.min(page.from(), shape.last(room)) + by));
        }
        int chosen = Math.max(0, Math.min(count - 1, page.chosen() + by));
        int row = shape.first() + chosen;
        int from = Math.max(row - room + 1, Math.min(page.from(), chosen == 0 ? 0 : row));
        return page.withChosen(chosen).withFrom(from);
    }

    private static Page read(Page page, PagePart.Shape shape) {
        List<Page.Listed> messages = shape.messages();
        return page.chosen() < messages.size()
                ? page.withMessage(Optional.of(messages.get(page.chosen()).id()))
                : page;
    }

    private ViewState export(ViewState view, Table<?> table) {
        Optional<Talker> talker = table.subjects().stream()
                .map(PageKeys::talker)
                .flatMap(Optional::stream)
                .findFirst();
        return view.withMessage(
                talker.map(sender -> lookups.export(sender).orElse("exporting: the Packets tab says where to"))
                        .orElse("x: this page has no packets"));
    }

    private static Optional<Talker> talker(Subject subject) {
        if (subject instanceof Subject.OfTalker of) {
            return Optional.of(of.talker());
        }
        return subject instanceof Subject.OfRemote of ? Optional.of(of.talker()) : Optional.empty();
    }
}
