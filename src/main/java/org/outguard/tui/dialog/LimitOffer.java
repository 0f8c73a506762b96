package org.outguard.tui.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Durations;
import org.outguard.text.Numbers;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;

/** Letting only so much through for a while: what is honest about a sender goes on. */
final class LimitOffer {

    private LimitOffer() {}

    static Proposal.Answer of(List<Subject> subjects, String by) {
        List<List<BlockOffer.Aim>> each = subjects.stream()
                .map(subject -> BlockOffer.aims(subject).stream()
                        // What one process sends can be blocked, not limited.
                        .filter(aim -> aim.target().process().isEmpty())
                        .toList())
                .filter(aims -> !aims.isEmpty())
                .toList();
        if (each.isEmpty()) {
            return new Proposal.No(subjects.isEmpty() ? "nothing is selected" : "nothing of it is known to limit");
        }
        return new Proposal.Yes(each.size() == 1 ? one(each.get(0), by) : several(each, by));
    }

    private static Proposal one(List<BlockOffer.Aim> aims, String by) {
        Talker talker = aims.get(0).talker();
        String who = BlockOffer.who(talker);
        List<String> scopes =
                aims.stream().map(aim -> BlockOffer.scope(aim.target(), talker)).toList();
        return offer(
                "Limit " + who + "?",
                "Limit",
                scopes,
                pick -> {
                    BlockOffer.Aim aim = aims.get(pick.choice());
                    return new Proposal.Draft(
                            effect(scopes.get(pick.choice()), pick),
                            BlockOffer.caution(aim),
                            List.of(errand(aim, pick, by)));
                },
                aims.subList(0, 1),
                who + " is no longer seen; nothing was limited");
    }

    private static Proposal several(List<List<BlockOffer.Aim>> each, String by) {
        List<BlockOffer.Aim> narrow = each.stream().map(aims -> aims.get(0)).toList();
        return offer(
                "Limit " + each.size() + " tagged senders?",
                "Limit all",
                List.of("each of the " + each.size() + " tagged, as narrowly as it stops"),
                pick -> {
                    List<Proposal.Errand> errands = new ArrayList<>();
                    narrow.forEach(aim -> errands.add(errand(aim, pick, by)));
                    return new Proposal.Draft(effect("each of these", pick), Optional.empty(), errands);
                },
                narrow,
                "none of them is seen any more; nothing was limited");
    }

    private static Proposal offer(
            String title,
            String verb,
            List<String> choices,
            Proposal.Maker maker,
            List<BlockOffer.Aim> about,
            String gone) {
        return new Proposal(
                title,
                TextRole.WARN,
                verb,
                choices,
                true,
                true,
                maker,
                Optional.empty(),
                snapshot -> about.stream()
                        .anyMatch(aim -> BlockOffer.seen(snapshot, aim.talker().id())),
                gone);
    }

    private static String effect(String scope, Proposal.Pick pick) {
        return "lets " + Numbers.count(pick.packets()) + " packets a second of " + scope
                + " through and drops the rest, for " + Durations.words(pick.time())
                + "; the kernel then forgets it, with or without Outguard";
    }

    private static Proposal.Errand errand(BlockOffer.Aim aim, Proposal.Pick pick, String by) {
        NetworkStep.Limit step = new NetworkStep.Limit(aim.target(), pick.packets(), pick.time());
        return new Proposal.Errand(step, new Command.Limit(aim.talker().id(), step, by, false));
    }
}
