package org.outguard.tui.table;

import java.util.List;
import java.util.Optional;

/**
 * All that is known of a row. Where there is width for it, who stands to the left, and to the right what and what was
 * told; else all of it is one below the other, what is acted on before what explains it.
 *
 * @param title what it is
 * @param id its identity, for commands; empty where it has none
 * @param first what is read first, over the whole width
 * @param history how much it sent
 * @param told what others say of it: queue, log, its own words
 * @param who who is behind it
 * @param what what it does
 * @param listed what belongs to it, below all else and over the whole width
 */
public record Details(
        String title,
        String id,
        List<Line> first,
        Optional<History> history,
        List<Line> told,
        List<Line> who,
        List<Line> what,
        List<Line> listed) {

    /**
     * Packets a second of the last minute.
     *
     * @param samples one for each second, oldest first
     * @param end the second after the newest, counted from anywhere
     */
    public record History(List<Long> samples, long end) {
        public History {
            samples = List.copyOf(samples);
        }
    }

    public Details {
        first = List.copyOf(first);
        told = List.copyOf(told);
        who = List.copyOf(who);
        what = List.copyOf(what);
        listed = List.copyOf(listed);
    }

    /** Of something that sends nothing itself. */
    public Details(String title, String id, List<Line> first, List<Line> who, List<Line> what) {
        this(title, id, first, Optional.empty(), List.of(), who, what, List.of());
    }
}
