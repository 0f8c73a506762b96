package org.outguard.tui;

import org.outguard.guard.ActionRow;
import org.outguard.guard.MailPicture;
import org.outguard.guard.MailPicture.Submitter;
import org.outguard.guard.MailRestriction;
import org.outguard.guard.RestrictionStep;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Verdict;
import org.outguard.mail.MailOrigin;
import org.outguard.text.Numbers;

/** What stands against the mail of a submitter. */
final class MailState {

    private MailState() {}

    /** Whether mail goes on leaving that should not. */
    static boolean atLarge(Submitter row, Snapshot snapshot) {
        return row.verdict() == Verdict.OFFENDING && !isBanned(row, snapshot) && !isHeld(row);
    }

    /** How many of whom that is so. */
    static long atLarge(Snapshot snapshot) {
        long count = 0;
        // No stream: the first frame would wait for its making.
        for (Submitter row : snapshot.mail().submitters()) {
            count += atLarge(row, snapshot) ? 1 : 0;
        }
        return count;
    }

    /** In a word or two; empty where there is nothing to be done. */
    static Line words(Submitter row, Snapshot snapshot) {
        if (isBanned(row, snapshot)) {
            return new Line("", "banned", Ink.GOOD);
        }
        if (isHeld(row)) {
            return new Line("", "all held", Ink.GOOD);
        }
        if (atLarge(row, snapshot)) {
            return new Line("", "not stopped", Ink.BAD);
        }
        long held = row.counts().held();
        return new Line("", held == 0 ? "" : Numbers.rate((double) held) + " held", Ink.WARN);
    }

    private static boolean isHeld(Submitter row) {
        MailPicture.Totals counts = row.counts();
        return counts.held() > 0 && counts.held() >= counts.queued();
    }

    private static boolean isBanned(Submitter row, Snapshot snapshot) {
        return isAccount(row.origin())
                && snapshot.actions().stream()
                        .filter(action -> action.state() == ActionRow.State.STANDING)
                        .anyMatch(action -> action.action().step() instanceof RestrictionStep.Impose impose
                                && impose.on() instanceof MailRestriction.Banned banned
                                && banned.user().equals(row.origin().who()));
    }

    private static boolean isAccount(MailOrigin origin) {
        return origin instanceof MailOrigin.LocalUser || origin instanceof MailOrigin.Login;
    }
}
