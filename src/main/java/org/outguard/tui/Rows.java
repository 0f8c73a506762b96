package org.outguard.tui;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;

/** Which talker is in which row, and which one is selected. */
final class Rows {

    private Rows() {}

    /** The talkers of a snapshot in the order of the view; talkers that the order does not know come last. */
    static List<Talker> of(Snapshot snapshot, ViewState view) {
        Map<String, Talker> left = new HashMap<>();
        snapshot.talkers().forEach(talker -> left.put(talker.id(), talker));
        List<Talker> rows = new ArrayList<>(left.size());
        for (String id : view.order()) {
            Talker talker = left.remove(id);
            if (talker != null) {
                rows.add(talker);
            }
        }
        snapshot.talkers().stream()
                .filter(talker -> left.containsKey(talker.id()))
                .forEach(rows::add);
        return rows;
    }

    /** The selected talker, where it is still there. */
    static Optional<Talker> selected(Snapshot snapshot, ViewState view) {
        return find(snapshot, view.selected());
    }

    static Optional<Talker> find(Snapshot snapshot, String id) {
        return snapshot.talkers().stream()
                .filter(talker -> talker.id().equals(id))
                .findFirst();
    }

    /**
     * The view for a new snapshot: rows in order, unless they are to hold still, and a selection that is there.
     *
     * @param hold whether rows may not change places now
     */
    static ViewState settle(Snapshot snapshot, ViewState view, boolean hold) {
        ViewState ordered = hold
                ? view
                : view.withOrder(snapshot.talkers().stream()
                        .sorted(view.sort().order(view.reversed()))
                        .map(Talker::id)
                        .toList());
        if (ordered.dialogOpen()) {
            return ordered;
        }
        Optional<Talker> now = selected(snapshot, ordered);
        if (now.isPresent() && ordered.chosen()) {
            return ordered;
        }
        Optional<Talker> worst = snapshot.talkers().stream().findFirst();
        Verdict least = now.map(Talker::verdict).orElse(Verdict.CLEAN);
        // One that a person has not chosen gives way to a worse one, never to one that is as bad.
        boolean keep = now.isPresent()
                && worst.map(talker -> talker.verdict().compareTo(least) <= 0).orElse(true);
        return keep ? ordered : ordered.withSelected(worst.map(Talker::id).orElse(""), false);
    }

    /** The view scrolled as little as possible so that the selected row is among those that are shown. */
    static ViewState scroll(List<Talker> rows, ViewState view, int shown) {
        int at = index(rows, view.selected());
        int top = Math.min(view.top(), Math.max(0, rows.size() - shown));
        if (at < top && at >= 0) {
            top = at;
        } else if (at >= top + shown) {
            top = at - shown + 1;
        }
        return view.withTop(Math.max(0, top));
    }

    /** The row of a talker; -1 where it has none. */
    static int index(List<Talker> rows, String id) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
