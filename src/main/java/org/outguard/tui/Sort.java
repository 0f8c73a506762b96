package org.outguard.tui;

import java.util.Comparator;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
import org.outguard.owner.Owner;
import org.outguard.text.Words;

/** Orders of the table. Suspects stand above clean talkers in every one of them. */
enum Sort {
    SEVERITY,
    PACKETS,
    BITS,
    PID,
    PROCESS,
    USER,
    DESTINATION;

    /** The order after this one. */
    Sort next() {
        return switch (this) {
            case SEVERITY -> PACKETS;
            case PACKETS -> BITS;
            case BITS -> PID;
            case PID -> PROCESS;
            case PROCESS -> USER;
            case USER -> DESTINATION;
            case DESTINATION -> SEVERITY;
        };
    }

    /** Whether the greatest is first. */
    boolean falling(boolean reversed) {
        boolean fallsFirst = this == SEVERITY || this == PACKETS || this == BITS;
        return fallsFirst != reversed;
    }

    /** The order of the rows; what is equal stays as the snapshot has it. */
    Comparator<Talker> order(boolean reversed) {
        Comparator<Talker> suspectsFirst = Comparator.comparing(talker -> talker.verdict() == Verdict.CLEAN);
        return suspectsFirst.thenComparing(falling(reversed) ? rising().reversed() : rising());
    }

    private Comparator<Talker> rising() {
        return switch (this) {
            case SEVERITY -> Comparator.comparing(Talker::verdict).thenComparingInt(Talker::score);
            case PACKETS -> Comparator.comparingDouble(talker -> talker.rate().packets1s());
            case BITS -> Comparator.comparingDouble(talker -> talker.rate().bits1s());
            case PID ->
                Comparator.comparingInt(talker ->
                        talker.attribution().knownOwner().map(Owner::pid).orElse(0));
            case PROCESS -> Comparator.comparing(Words::process);
            case USER -> Comparator.comparing(Words::user);
            case DESTINATION -> Comparator.comparing(Words::destination);
        };
    }

    /** Its name for people. */
    String word() {
        return switch (this) {
            case SEVERITY -> "severity";
            case PACKETS -> "packets";
            case BITS -> "bits";
            case PID -> "pid";
            case PROCESS -> "process";
            case USER -> "user";
            case DESTINATION -> "destination";
        };
    }
}
