package org.outguard.guard.mail;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Messages in the order in which they came, kept for each submitter, so that a picture costs what it shows. */
final class ArrivalOrder {

    private static final Comparator<TrackedMessage> OLDEST_FIRST = Comparator.comparing(
                    (TrackedMessage e) -> e.placedAt)
            .thenComparing(e -> e.id.instance())
            .thenComparing(e -> e.id.id())
            .thenComparing(e -> e.id.host());

    private ArrivalOrder() {}

    /** An empty set of messages in this order. */
    static NavigableSet<TrackedMessage> set() {
        return new TreeSet<>(OLDEST_FIRST);
    }

    /** The newest of several sets, newest first. */
    static List<TrackedMessage> newest(Stream<NavigableSet<TrackedMessage>> sets, int most) {
        PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing((Head h) -> h.entry, OLDEST_FIRST.reversed()));
        sets.map(NavigableSet::descendingIterator)
                .filter(Iterator::hasNext)
                .forEach(rest -> heads.add(new Head(rest.next(), rest)));
        List<TrackedMessage> newest = new ArrayList<>();
        for (Head head = heads.poll(); head != null && newest.size() < most; head = heads.poll()) {
            newest.add(head.entry);
            if (head.rest.hasNext()) {
                heads.add(new Head(head.rest.next(), head.rest));
            }
        }
        return newest;
    }

    private record Head(TrackedMessage entry, Iterator<TrackedMessage> rest) {}
}
