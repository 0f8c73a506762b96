package org.outguard.guard.policy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.snapshot.BlockChoices;

/**
 * What a policy does about an offender without being asked.
 *
 * @param name for people and the journal, unique
 * @param kinds what it is about
 * @param verdict from which it acts
 * @param abovePacketsPerSecond only where a talker sends at least that much; 0 for all
 * @param exemptUsers users that it leaves alone
 * @param exemptRemotes destinations that it leaves alone: a talker whose busiest is in one of them
 * @param reaction what it does
 * @param scope of a block or limit
 * @param rate packets a second that a limit lets pass
 * @param length of a block or limit
 * @param mostAnHour how many times an hour it acts at most, all offenders together
 */
public record ResponseRule(
        String name,
        Set<OffenceKind> kinds,
        Verdict verdict,
        long abovePacketsPerSecond,
        Set<String> exemptUsers,
        List<BlockTarget.Remote> exemptRemotes,
        Reaction reaction,
        Scope scope,
        long rate,
        Duration length,
        int mostAnHour) {

    /** Kinds that are about mail, not about packets. */
    public static final Set<OffenceKind> MAIL_KINDS =
            Set.copyOf(EnumSet.of(OffenceKind.SUBMISSION_BURST, OffenceKind.ACCOUNT_TAKEOVER, OffenceKind.BACKSCATTER));

    public ResponseRule {
        kinds = Set.copyOf(kinds);
        exemptUsers = Set.copyOf(exemptUsers);
        exemptRemotes = List.copyOf(exemptRemotes);
    }

    /** What a rule does. */
    public enum Reaction {
        ALERT,
        LIMIT,
        BLOCK,
        /** Stop the process, where it is exactly known. */
        FREEZE,
        /** Put its messages in the queue on hold. */
        HOLD,
        /** Keep the user from handing in mail. */
        BAN;

        /** Whether it can be done about a kind. */
        public boolean suits(OffenceKind kind) {
            boolean mail = MAIL_KINDS.contains(kind);
            boolean reflected = kind == OffenceKind.REFLECTED;
            return switch (this) {
                case ALERT -> true;
                case BAN -> !reflected;
                case LIMIT, BLOCK, FREEZE -> !mail && !reflected;
                case HOLD -> mail;
            };
        }
    }

    /** How much of what a talker sends a block or limit is about. */
    public enum Scope {
        /** As little as stops it: the first of {@link BlockChoices}. */
        NARROWEST,
        /** Its busiest destination, for everybody, which stops AF_PACKET sockets too. */
        REMOTE,
        /** All of its user. */
        USER
    }
}
