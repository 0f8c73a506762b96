package org.outguard.guard.traffic;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.owner.Account;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * What makes flows those of one talker. A talker may have several. Those that every packet without an owner is looked for by
 * have their equals and hashCode written out, see {@link IpAddress#equals}.
 */
sealed interface TalkerKey {

    /**
     * One process. Certain and uncertain matches are different talkers: else a forger's packets would be among those that
     * are surely its victim's.
     */
    record OfProcess(TrafficClass traffic, ProcessId process, MatchQuality quality) implements TalkerKey {}

    /** All processes of one program and user. */
    record OfProgram(TrafficClass traffic, String exe, String script, int uid, long netns, MatchQuality quality)
            implements TalkerKey {

        /* The exe names a program. Where it cannot be read, the process's own name has to do. */
        static OfProgram of(OfProcess process, Owner owner) {
            String exe = owner.exe().isEmpty() ? "? " + owner.command() : owner.exe();
            return new OfProgram(process.traffic, exe, owner.script(), owner.uid(), owner.netns(), process.quality);
        }
    }

    /** The sockets that a user opened, where the process is not known. */
    record OfUser(TrafficClass traffic, Account opener, String cgroup) implements TalkerKey {}

    /** Whoever submitted the mail. */
    record OfSubmitter(String submitter) implements TalkerKey {}

    /** A local endpoint without a known owner. */
    record OfLocal(TrafficClass traffic, Endpoint local) implements TalkerKey {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof OfLocal key && key.traffic == traffic && key.local.equals(local);
        }

        @Override
        public int hashCode() {
            return local.hashCode();
        }
    }

    /** A destination without a known owner. */
    record OfRemote(TrafficClass traffic, Endpoint remote) implements TalkerKey {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof OfRemote key && key.traffic == traffic && key.remote.equals(remote);
        }

        @Override
        public int hashCode() {
            return ~remote.hashCode();
        }
    }

    /** What there is no room for. */
    record Overflow(TrafficClass traffic) implements TalkerKey {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Overflow key && key.traffic == traffic;
        }

        @Override
        public int hashCode() {
            return traffic.hashCode();
        }
    }

    /** Several processes, one of which sent it. */
    record Contested(TrafficClass traffic, Set<ProcessId> candidates) implements TalkerKey {}

    /** A destination that many send to. */
    record OfVictim(IpAddress address) implements TalkerKey {}

    /** Traffic of which it is known why it has no owner. */
    record Unaccounted(TrafficClass traffic, Optional<Endpoint> remote, String why) implements TalkerKey {}
}
