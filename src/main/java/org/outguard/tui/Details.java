package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;

/**
 * All that is known of a row. Where the screen is wide, who stands to the left and what to the right.
 *
 * @param title what it is
 * @param id its identity, for commands; empty where it has none
 * @param first what is read first
 * @param who who is behind it
 * @param what what it does
 */
record Details(String title, String id, List<Line> first, List<Line> who, List<Line> what) {

    Details {
        first = List.copyOf(first);
        who = List.copyOf(who);
        what = List.copyOf(what);
    }

    /** One below the other. */
    List<Line> oneColumn() {
        List<Line> lines = new ArrayList<>(first);
        lines.addAll(who);
        lines.addAll(what);
        return lines;
    }

    /** What stands to the right. */
    List<Line> right() {
        List<Line> lines = new ArrayList<>(first);
        lines.addAll(what);
        return lines;
    }
}
