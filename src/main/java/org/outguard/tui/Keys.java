package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.outguard.guard.BlockChoices;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Talker;

/** Every key, as data: footer, help and dispatch are made from these tables. */
final class Keys {

    private Keys() {}

    /** What a key does. */
    enum Act {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        FIRST,
        LAST,
        DETAILS,
        BLOCK,
        UNDO,
        PAUSE,
        SORT,
        REVERSE,
        HELP,
        REDRAW,
        CLOSE,
        QUIT,
        CONFIRM,
        CANCEL,
        LESS,
        MORE
    }

    /**
     * One row of a table.
     *
     * @param act what it does
     * @param keys names of the keys, see {@link KeyDecoder}
     * @param label the keys for people; empty where the row before names them too
     * @param word one word for the footer; empty where it is not shown there
     * @param description a line for the help
     * @param disabled why it does nothing now; empty where it works
     */
    record Binding(
            Act act,
            List<String> keys,
            String label,
            String word,
            String description,
            BiFunction<Snapshot, ViewState, Optional<String>> disabled) {

        Optional<String> disabled(Snapshot snapshot, ViewState view) {
            return disabled.apply(snapshot, view);
        }
    }

    /** Keys of the table, in the order of the footer. */
    static final List<Binding> TABLE = List.of(
            new Binding(Act.BLOCK, List.of("b"), "b", "block", "block the selected talker", Keys::noBlock),
            new Binding(Act.UNDO, List.of("u"), "u", "undo", "take the newest block back", Keys::noUndo),
            always(Act.DETAILS, List.of("Enter"), "Enter", "details", "show or hide the details"),
            always(Act.SORT, List.of("s"), "s", "sort", "sort by the next column"),
            always(Act.REVERSE, List.of("S"), "S", "", "turn the order round"),
            always(Act.PAUSE, List.of("p"), "p", "pause", "hold the screen still, or let it go on"),
            always(Act.HELP, List.of("?", "F1"), "?", "help", "this help"),
            always(Act.QUIT, List.of("q", "F10"), "q", "quit", "quit; blocks stay until they expire"),
            always(Act.UP, List.of("Up", "k"), "↑ ↓ k j", "", "one row up or down"),
            always(Act.DOWN, List.of("Down", "j"), "", "", ""),
            always(Act.PAGE_UP, List.of("PgUp"), "PgUp PgDn", "", "one page up or down"),
            always(Act.PAGE_DOWN, List.of("PgDn"), "", "", ""),
            always(Act.FIRST, List.of("g", "Home"), "g G", "", "first or last row"),
            always(Act.LAST, List.of("G", "End"), "", "", ""),
            always(Act.REDRAW, List.of("Ctrl-L"), "Ctrl-L", "", "draw the screen anew"),
            always(Act.CLOSE, List.of("Esc"), "Esc", "", "close what is open"));

    /** Keys while a dialog asks. */
    static final List<Binding> DIALOG = List.of(
            always(Act.CONFIRM, List.of("y", "Enter"), "y Enter", "", "do it"),
            always(Act.CANCEL, List.of("n", "Esc", "q"), "n Esc", "", "leave it"),
            always(Act.UP, List.of("Up", "k"), "↑ ↓", "", "another scope"),
            always(Act.DOWN, List.of("Down", "j"), "", "", ""),
            always(Act.LESS, List.of("Left", "h"), "← →", "", "another time"),
            always(Act.MORE, List.of("Right", "l"), "", "", ""),
            always(Act.PAGE_UP, List.of("PgUp"), "PgUp PgDn", "", "the rest of a long text"),
            always(Act.PAGE_DOWN, List.of("PgDn"), "", "", ""),
            always(Act.REDRAW, List.of("Ctrl-L"), "", "", ""));

    static Optional<Binding> find(List<Binding> table, String key) {
        return table.stream().filter(binding -> binding.keys.contains(key)).findFirst();
    }

    private static Binding always(Act act, List<String> keys, String label, String word, String description) {
        return new Binding(act, keys, label, word, description, (snapshot, view) -> Optional.empty());
    }

    private static Optional<String> noBlock(Snapshot snapshot, ViewState view) {
        Optional<Talker> selected = Rows.selected(snapshot, view);
        if (selected.isEmpty()) {
            return Optional.of("no talker is selected");
        }
        return BlockChoices.of(selected.get()).isEmpty()
                ? Optional.of("nothing of it is known to block")
                : Optional.empty();
    }

    private static Optional<String> noUndo(Snapshot snapshot, ViewState view) {
        return Blocks.undoable(snapshot, Rows.selected(snapshot, view)).isPresent()
                ? Optional.empty()
                : Optional.of("no block is in force");
    }
}
