package org.outguard.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.observation.TrafficObservation.SourceState;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.SourceCounts.Sum;
import org.outguard.guard.snapshot.SourceCounts.Wire;
import org.outguard.guard.snapshot.Talker;

/**
 * What both eyes counted of a talker, in one sentence: {@code "kernel 1,234,567 packets, 35.8 MB · wire 4,096 seen, then left
 * out"}. All of it is safe to print.
 */
public final class SourceCountLabels {

    private static final String BETWEEN = " · ";
    private static final String NO_KERNEL = "kernel eye not in force";

    private SourceCountLabels() {}

    /** Of a talker of this snapshot; why there is no kernel eye, {@link #whyNotKernel} says. */
    public static String of(Talker talker, Snapshot snapshot) {
        SourceCounts eyes = talker.eyes();
        if (eyes.kernel().isEmpty()) {
            String eye = snapshot.eye() == Snapshot.Eye.REPLAY ? "capture " : "wire ";
            return eye
                    + amount(new Sum(talker.packets(), talker.bytes()))
                    + (snapshot.whyNotKernel().isEmpty() ? "" : BETWEEN + NO_KERNEL);
        }
        Optional<String> blind = blind(snapshot.sources());
        if (blind.isPresent() && eyes.wire().map(wire -> wire.seen().packets()).orElse(0L) == 0) {
            return kernel(eyes) + BETWEEN + "wire eye not in force: " + SafeText.clean(blind.get());
        }
        return of(eyes, talker.remoteCount()) + lost(eyes, snapshot.sources());
    }

    /**
     * Of what was recorded of one.
     *
     * @param remoteCount how many destinations it had
     */
    public static String of(SourceCounts eyes, int remoteCount) {
        if (eyes.kernel().isPresent()) {
            return kernel(eyes) + BETWEEN + wire(eyes, remoteCount);
        }
        return "wire " + amount(eyes.wire().map(Wire::seen).orElse(Sum.NONE)) + BETWEEN + NO_KERNEL;
    }

    /** Which eye counts, in two words: "kernel eye". */
    public static String inForce(Snapshot snapshot) {
        return switch (snapshot.eye()) {
            case KERNEL -> "kernel eye";
            case WIRE -> "wire eye";
            case OPENING -> "eBPF opening";
            case REPLAY -> "replay eye";
        };
    }

    /** Why the kernel eye does not count; empty where it does, and where nobody wants it to. */
    public static Optional<String> whyNotKernel(Snapshot snapshot) {
        return Optional.of(snapshot.whyNotKernel())
                .filter(why -> !why.isEmpty())
                .map(why -> "eye not in force: " + SafeText.clean(why));
    }

    /* Why no packet is captured at all. */
    private static Optional<String> blind(List<SourceHealth> sources) {
        boolean one = sources.stream().anyMatch(source -> source.state() == SourceState.RUNNING);
        return one ? Optional.empty() : sources.stream().findFirst().map(SourceHealth::words);
    }

    private static String lost(SourceCounts eyes, List<SourceHealth> sources) {
        long dropped = sources.stream().mapToLong(SourceHealth::dropped).sum();
        boolean fewer = eyes.wire()
                .filter(wire -> wire.sight() == SourceCounts.Sight.ALL
                        && wire.seen().packets() < wire.kernel().packets())
                .isPresent();
        return fewer && dropped > 0 ? BETWEEN + "the capture lost " + Numbers.count(dropped) + " in all" : "";
    }

    private static String kernel(SourceCounts eyes) {
        List<String> parts = new ArrayList<>();
        Sum own = eyes.kernel().orElse(Sum.NONE);
        if (eyes.unaccounted().packets() > 0) {
            parts.add(amount(eyes.unaccounted()) + " more on the wire than the kernel eye accounts for");
        }
        if (parts.isEmpty() || own.packets() > 0) {
            parts.add("kernel " + amount(own));
        }
        if (eyes.before().packets() > 0) {
            parts.add("wire " + amount(eyes.before()) + " before eBPF was open");
        }
        return String.join(BETWEEN, parts);
    }

    private static String wire(SourceCounts eyes, int remoteCount) {
        if (eyes.wire().isEmpty()) {
            return "wire not compared: " + (remoteCount == 0 ? "no destination is known" : "too many destinations");
        }
        Wire wire = eyes.wire().get();
        if (wire.sight() == SourceCounts.Sight.NOTHING) {
            return "wire: this protocol is not captured";
        }
        String seen = "wire " + Numbers.count(wire.seen().packets())
                + (wire.sight() == SourceCounts.Sight.CONNECTS ? " connects seen" : " seen");
        String limits = sight(wire)
                + (wire.destinations() < remoteCount
                        ? " (" + Numbers.count(wire.destinations()) + " of its " + Numbers.count(remoteCount)
                                + " addresses are compared)"
                        : "");
        if (wire.others() == 0 && wire.nobodys() == 0) {
            return seen + limits;
        }
        String place =
                wire.destinations() == 1 ? "this address" : "its " + Numbers.count(wire.destinations()) + " addresses";
        boolean others = wire.nobodys() > 0 && eyes.unaccounted().packets() == 0;
        return "to " + place + " by all: kernel " + Numbers.count(wire.kernel().packets()) + ", " + seen + limits
                + (others ? ", " + Numbers.count(wire.nobodys()) + " of them by no known process" : "");
    }

    private static String sight(Wire wire) {
        return switch (wire.sight()) {
            case LEFT_OUT ->
                wire.leftOut() == wire.destinations()
                        ? ", then left out"
                        : ", " + Numbers.count(wire.leftOut()) + " of " + Numbers.count(wire.destinations())
                                + " addresses then left out";
            case LEFT_OUT_BEFORE -> ", left out for a time";
            case GLANCES -> ", by glances in a flood";
            case CONNECTS -> ", more of TCP is not captured";
            case ALL -> segmented(wire) ? ", captured before they are cut into segments" : "";
            case NOTHING -> "";
        };
    }

    /* As many bytes in fewer packets: a capture stands before the device that cuts them, as TCP has it done mostly. */
    private static boolean segmented(Wire wire) {
        return wire.seen().packets() * 10 < wire.kernel().packets() * 9
                && wire.seen().bytes() * 10 >= wire.kernel().bytes() * 8;
    }

    private static String amount(Sum sum) {
        return Numbers.count(sum.packets()) + " packets, " + Numbers.bytes(sum.bytes());
    }
}
