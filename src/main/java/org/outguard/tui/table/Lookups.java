package org.outguard.tui.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.flow.IpAddress;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.QueueId;

/**
 * Port: what takes too long to be looked up while a frame is drawn. Each method returns at once: empty while it is being
 * looked up, and what was found as soon as that is known. Safe from any thread.
 */
public interface Lookups {

    /** Packets that a page shows at most. */
    int MOST_PACKETS = 32;

    /** Knows nothing, for whoever has nothing to look up. */
    Lookups NONE = new Lookups() {
        @Override
        public Optional<List<EvidenceStore.Packet>> packets(Talker talker) {
            return Optional.of(List.of());
        }

        @Override
        public Optional<List<String>> message(QueueId id) {
            return Optional.of(List.of());
        }

        @Override
        public Optional<String> file(Talker talker) {
            return Optional.of("");
        }

        @Override
        public Optional<Networks> networks(Talker talker) {
            return Optional.of(Networks.NONE);
        }

        @Override
        public Optional<String> exported(Talker talker) {
            return Optional.empty();
        }

        @Override
        public Optional<String> export(Talker talker) {
            return Optional.of("there are no packets to export");
        }
    };

    /** The newest packets kept of what it sent, newest first, at most {@link #MOST_PACKETS}. */
    Optional<List<EvidenceStore.Packet>> packets(Talker talker);

    /** Header and body of a message that is in the queue, by lines; none where it is not there. Text from outside. */
    Optional<List<String>> message(QueueId id);

    /** SHA-256 and time of the file that it runs; the empty text where that cannot be read. */
    Optional<String> file(Talker talker);

    /**
     * Networks of destinations.
     *
     * @param byAddress as {@code "AS64500 EXAMPLE-NET, NL"}; without those that no file knows; safe to print
     * @param faults why a file is not used; safe to print
     */
    record Networks(Map<IpAddress, String> byAddress, List<String> faults) {

        /** No file knows any. */
        public static final Networks NONE = new Networks(Map.of(), List.of());

        public Networks {
            byAddress = Map.copyOf(byAddress);
            faults = List.copyOf(faults);
        }
    }

    /** Networks and countries of its destinations, by local files. */
    Optional<Networks> networks(Talker talker);

    /** Where its packets were exported to, or why not; empty where nobody asked for that, or it is not done yet. */
    Optional<String> exported(Talker talker);

    /** Writes its packets to a pcapng file; says where, or why not. */
    Optional<String> export(Talker talker);
}
