package org.outguard.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.outguard.flow.Endpoint;

/** The few destinations of very many that a row lists: no more than those are held and sorted. */
final class BusiestRemotes {

    private static final Comparator<Talker.RemoteTotal> BUSIEST_FIRST = Comparator.comparingLong(
                    (Talker.RemoteTotal total) -> -total.packets())
            .thenComparing(total -> total.remote().address())
            .thenComparing(total -> total.remote().port());

    private BusiestRemotes() {}

    static List<Talker.RemoteTotal> of(Map<Endpoint, TalkerState.RemoteTally> remotes, int most) {
        PriorityQueue<Talker.RemoteTotal> top = new PriorityQueue<>(BUSIEST_FIRST.reversed());
        remotes.forEach((remote, tally) -> {
            boolean room = top.size() < most;
            if (room || tally.packets >= Objects.requireNonNull(top.peek()).packets()) {
                top.add(new Talker.RemoteTotal(remote, tally.packets, tally.bytes));
                if (!room) {
                    top.remove();
                }
            }
        });
        List<Talker.RemoteTotal> sorted = new ArrayList<>(top);
        sorted.sort(BUSIEST_FIRST);
        return List.copyOf(sorted);
    }
}
