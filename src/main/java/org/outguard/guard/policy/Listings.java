package org.outguard.guard.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;

/**
 * Networks that feeds list, to be asked by address. Of several that have an address the narrowest counts. Bounded by whoever reads
 * the feeds; one entry takes about {@value #BYTES_EACH} bytes.
 */
public final class Listings {

    public static final int BYTES_EACH = 160;

    /** Nothing is listed. */
    public static final Listings NONE = new Listings(List.of());

    /* By first address; each knows the nearest before it that holds it, so that networks within others are found. */
    private final Entry[] sorted;
    private final int[] outer;

    /**
     * One line of a feed.
     *
     * @param network what it lists
     * @param feed name of the feed
     * @param note what the feed says of it, bounded and not made safe; empty where it says nothing
     */
    public record Entry(BlockTarget.Remote network, String feed, String note) {}

    /** What a feed says of an address. */
    public record Listing(Entry entry) {

        /** {@code "192.0.2.0/24, which drop.txt lists (SBL123)"}. */
        public String words() {
            String note = entry.note().isEmpty() ? "" : " (" + entry.note() + ")";
            return entry.network() + ", which " + entry.feed() + " lists" + note;
        }
    }

    public Listings(List<Entry> entries) {
        sorted = entries.stream()
                .sorted(Comparator.comparing((Entry entry) -> entry.network().address())
                        .thenComparingInt(entry -> entry.network().prefix()))
                .toArray(Entry[]::new);
        outer = new int[sorted.length];
        for (int at = 0; at < sorted.length; at++) {
            int before = at - 1;
            while (before >= 0 && !holds(before, sorted[at].network().address())) {
                before = outer[before];
            }
            outer[at] = before;
        }
    }

    /** How many networks. */
    public int size() {
        return sorted.length;
    }

    public boolean isEmpty() {
        return sorted.length == 0;
    }

    /** The networks, by address. */
    public List<Entry> entries() {
        return List.copyOf(new ArrayList<>(Arrays.asList(sorted)));
    }

    /** What is said of an address. */
    public Optional<Listing> find(IpAddress address) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle].network().address().compareTo(address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int at = low - 1;
        while (at >= 0 && !holds(at, address)) {
            at = outer[at];
        }
        return at < 0 ? Optional.empty() : Optional.of(new Listing(sorted[at]));
    }

    private boolean holds(int at, IpAddress address) {
        return sorted[at].network().contains(address);
    }
}
