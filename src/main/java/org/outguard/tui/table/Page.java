package org.outguard.tui.table;

import java.util.List;
import java.util.Optional;
import org.outguard.mail.QueueId;

/**
 * The page of one row, over the place of table and details.
 *
 * @param id identity of the row
 * @param tab which of its tabs
 * @param from first line that is shown
 * @param chosen which of the messages is chosen, where the tab lists some
 * @param message the message that is read; empty where none is
 */
public record Page(String id, int tab, int from, int chosen, Optional<QueueId> message) {

    public static Page of(String id) {
        return new Page(id, 0, 0, 0, Optional.empty());
    }

    /**
     * One of its tabs.
     *
     * @param name for people
     * @param lines what it says
     * @param messages messages that can be read, a line each behind the others
     */
    public record Tab(String name, List<Line> lines, List<Listed> messages) {
        public Tab {
            lines = List.copyOf(lines);
            messages = List.copyOf(messages);
        }

        public static Tab of(String name, List<Line> lines) {
            return new Tab(name, lines, List.of());
        }
    }

    /** A message in a list. */
    public record Listed(QueueId id, Line line) {}

    public Page withTab(int index) {
        return new Page(id, index, 0, 0, Optional.empty());
    }

    public Page withFrom(int line) {
        return new Page(id, tab, Math.max(0, line), chosen, message);
    }

    public Page withChosen(int index) {
        return new Page(id, tab, from, index, message);
    }

    public Page withMessage(Optional<QueueId> read) {
        return new Page(id, tab, 0, chosen, read);
    }
}
