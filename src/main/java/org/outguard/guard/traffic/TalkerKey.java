package org.outguard.guard.traffic;

import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.owner.Account;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** What makes flows those of one talker. A talker may have several. */
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
    record OfLocal(TrafficClass traffic, Endpoint local) implements TalkerKey {}

    /** A destination without a known owner. */
    record OfRemote(TrafficClass traffic, Endpoint remote) implements TalkerKey {}

    /** What there is no room for. */
    record Overflow(TrafficClass traffic) implements TalkerKey {}

    /** Several processes, one of which sent it. */
    record Contested(TrafficClass traffic, Set<ProcessId> candidates) implements TalkerKey {}

    /** A destination that many send to. */
    record OfVictim(IpAddress address) implements TalkerKey {}

    /** Traffic of which it is known why it has no owner. */
    record Unaccounted(TrafficClass traffic, Optional<Endpoint> remote, String why) implements TalkerKey {}
}
