package org.outguard.tui.dialog;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.outguard.guard.action.AllowRule;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.Table;

/** What each key offers, or why it offers nothing. */
public final class Proposals {

    private static final String BY_MAIL =
            "a mail system sends this for many: h holds its mail, B bans the user; 3 has the connections";

    private final String by;
    private final String evidence;
    private final Supplier<List<AllowRule>> allowed;

    /**
     * Offers to somebody.
     *
     * @param by who asks, for the journal
     * @param evidence folder that keeps what is known of a process
     * @param allowed what a lockdown would let out; asked for when a dialog opens
     */
    public Proposals(String by, String evidence, Supplier<List<AllowRule>> allowed) {
        this.by = by;
        this.evidence = evidence;
        this.allowed = allowed;
    }

    /** The answer to a key; empty where the key asks nothing of the guard. */
    public Optional<Proposal.Answer> answer(Keys.Act act, Table<?> table) {
        List<Subject> subjects = table.subjects();
        boolean stops =
                act == Keys.Act.BLOCK || act == Keys.Act.LIMIT || act == Keys.Act.FREEZE || act == Keys.Act.KILL;
        if (stops && !subjects.isEmpty() && subjects.stream().allMatch(Proposals::hasEnded)) {
            return Optional.of(new Proposal.No("its process has exited: there is nothing left to stop"));
        }
        if (stops && !subjects.isEmpty() && subjects.stream().allMatch(Subject.OfMail.class::isInstance)) {
            return Optional.of(new Proposal.No(BY_MAIL));
        }
        return switch (act) {
            case BLOCK -> Optional.of(BlockOffer.of(subjects, by));
            case LIMIT -> Optional.of(LimitOffer.of(subjects, by));
            case FREEZE -> Optional.of(ProcessOffer.freeze(subjects, table.snapshot(), by));
            case KILL -> Optional.of(ProcessOffer.kill(subjects, by, evidence));
            case EVIDENCE -> Optional.of(ProcessOffer.keep(subjects, by, evidence));
            case QUARANTINE -> Optional.of(FileOffer.quarantine(subjects, by));
            case LOCKDOWN -> Optional.of(LockdownOffer.of(table.snapshot(), allowed, by));
            case REAPPLY -> Optional.of(ReapplyOffer.of(subjects, table.snapshot(), by));
            case NEXT -> Optional.of(KillParentProposal.of(table.snapshot(), by));
            case UNDO -> Optional.of(UndoOffer.of(subjects, table.snapshot(), by));
            case HOLD, RELEASE, DELETE, FLUSH, BAN -> Optional.of(MailOffer.of(act, subjects, table.snapshot(), by));
            default -> Optional.empty();
        };
    }

    private static boolean hasEnded(Subject subject) {
        if (subject instanceof Subject.OfRemote of) {
            return of.talker().status().hasEnded();
        }
        return subject instanceof Subject.OfTalker of && of.talker().status().hasEnded();
    }

    /** Why a key does nothing; empty where it works. */
    public Optional<String> disabled(Keys.Act act, Table<?> table) {
        return answer(act, table)
                .flatMap(answer -> answer instanceof Proposal.No no ? Optional.of(no.reason()) : Optional.empty());
    }
}
