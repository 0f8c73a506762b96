package org.outguard.app.counting;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;

/**
 * Says whether it is worth having nft count by user.
 *
 * <p>Its rules stand in every packet's way and take a fast sender a fifth of its speed. All that they are for is to name the
 * user of packets that no process is known for. So during a flood of which next to everything has its process, they are
 * spared.
 *
 * <p>The guard's thread judges, any thread asks.
 */
public final class UserAccountingGate implements BooleanSupplier {

    /** Of a slower flood the rules take less than a hundredth of a core. Packets a second. */
    static final double FLOOD = 20_000;

    /** So much that nobody is known for is nobody's concern, unless it is suspect. Packets a second. */
    static final double LITTLE = 200;

    /* A new flow is nobody's until its owner was looked up, so neither answer is given for one look alone. */
    private static final Duration SPARED_AFTER = Duration.ofSeconds(1);
    private static final Duration WORTH_AFTER = Duration.ofMillis(600);

    /** What came back once, because somebody had to be named, stays for so long. */
    static final Duration STAYS = Duration.ofSeconds(30);

    private volatile boolean worth = true;
    private boolean before = true;
    private Instant since = Instant.MIN;
    private Instant staysUntil = Instant.MIN;

    @Override
    public boolean getAsBoolean() {
        return worth;
    }

    /** Takes in how things are. */
    public void judge(Snapshot snapshot) {
        Instant now = snapshot.at();
        boolean wanted = !flood(snapshot.totals().rate()) || somebodyIsToBeNamed(snapshot);
        if (wanted != before) {
            before = wanted;
            since = now;
        }
        if (wanted == worth || now.isBefore(since.plus(wanted ? WORTH_AFTER : SPARED_AFTER))) {
            return;
        }
        if (wanted) {
            staysUntil = now.plus(STAYS);
            worth = true;
        } else if (!now.isBefore(staysUntil)) {
            worth = false;
        }
    }

    /* Also between two pulses. */
    private static boolean flood(Talker.Rates rate) {
        return Math.max(rate.packets1s(), rate.packets10s()) >= FLOOD;
    }

    private static boolean somebodyIsToBeNamed(Snapshot snapshot) {
        double nobodys = 0;
        for (Talker talker : snapshot.talkers()) {
            double packets = talker.rate().packets1s();
            if (talker.attribution().knownOwner().isEmpty() && packets > 0) {
                if (talker.verdict() != Verdict.CLEAN) {
                    return true;
                }
                nobodys += packets;
            }
        }
        return nobodys >= LITTLE;
    }
}
