package org.outguard.guard;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.ProcessId;

/** Talkers like others, for the tests. */
public final class Talkers {

    private Talkers() {}

    /** One that is like another but for this. */
    public static Talker with(
            Talker talker,
            Attribution attribution,
            List<ProcessId> pids,
            Optional<SmtpSnapshot> smtp,
            SourceCounts eyes) {
        return new Talker(
                talker.id(),
                talker.assessment(),
                new Talker.Sender(attribution, pids),
                new Talker.Flows(talker.protocol(), talker.remotes(), talker.remoteCount(), smtp),
                new Talker.Counts(
                        talker.packets(),
                        talker.bytes(),
                        talker.connects(),
                        talker.rate(),
                        talker.history(),
                        talker.firstSeen(),
                        talker.lastSeen(),
                        eyes),
                talker.mail(),
                talker.blocks(),
                talker.status());
    }
}
