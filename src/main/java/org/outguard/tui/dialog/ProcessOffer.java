package org.outguard.tui.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;
import org.outguard.tui.view.Frozen;

/** Stopping and ending processes. Only one that is known for certain can be named here. */
final class ProcessOffer {

    private static final List<ProcessStep.Scope> SCOPES = List.of(ProcessStep.Scope.PROCESS, ProcessStep.Scope.TREE);

    private ProcessOffer() {}

    private record Aim(Talker talker, Attribution.Exact match) {

        Owner owner() {
            return match.owner();
        }

        String words() {
            return SafeText.clean(owner().command()) + " (pid " + owner().id().number() + ", "
                    + SafeText.clean(owner().user()) + ")";
        }

        String why() {
            return talker.id() + ": " + talker.reason();
        }
    }

    /** Freezes, or thaws what is frozen. */
    static Proposal.Answer freeze(List<Subject> subjects, Snapshot snapshot, String by) {
        if (subjects.size() == 1 && subjects.get(0) instanceof Subject.OfTalker of) {
            Optional<ActionRow> frozen = Frozen.by(snapshot, of.talker());
            if (frozen.isPresent()) {
                return UndoOffer.of(frozen.get(), snapshot, by);
            }
        }
        return offer(subjects, aims -> freezing(aims, by));
    }

    static Proposal.Answer kill(List<Subject> subjects, String by, String evidence) {
        return offer(subjects, aims -> killing(aims, by, evidence));
    }

    private interface Making {
        Proposal make(List<Aim> aims);
    }

    private static Proposal.Answer offer(List<Subject> subjects, Making making) {
        List<Aim> aims = new ArrayList<>();
        String reason = subjects.isEmpty() ? "nothing is selected" : "no process is selected";
        for (Subject subject : subjects) {
            Optional<Talker> talker = talker(subject);
            if (talker.isEmpty()) {
                continue;
            }
            Attribution attribution = talker.get().attribution();
            if (attribution instanceof Attribution.Exact elsewhere
                    && !elsewhere.owner().id().isHere()) {
                reason = ProcessId.NOT_HERE;
            } else if (attribution instanceof Attribution.Exact exact) {
                aims.add(new Aim(talker.get(), exact));
            } else {
                reason = "the owner is not certain (" + SafeText.clean(attribution.matchedBy()) + ")";
            }
        }
        return aims.isEmpty() ? new Proposal.No(reason) : new Proposal.Yes(making.make(aims));
    }

    private static Optional<Talker> talker(Subject subject) {
        if (subject instanceof Subject.OfTalker of) {
            return Optional.of(of.talker());
        }
        return subject instanceof Subject.OfRemote of ? Optional.of(of.talker()) : Optional.empty();
    }

    private static Proposal freezing(List<Aim> aims, String by) {
        String who = who(aims);
        return new Proposal(
                "Freeze " + who + "?",
                TextRole.WARN,
                "Freeze",
                choices(aims),
                false,
                pick -> new Proposal.Draft(
                        "stops " + who + " where it is, until it is thawed; nothing of it is lost",
                        caution(aims, SCOPES.get(pick.choice())),
                        errands(
                                aims,
                                by,
                                aim -> new ProcessStep.Freeze(
                                        aim.owner().id(), aim.owner().command(), SCOPES.get(pick.choice())))),
                Optional.empty(),
                snapshot -> seen(snapshot, aims),
                who + " is no longer seen; nothing was done");
    }

    private static Proposal killing(List<Aim> aims, String by, String evidence) {
        String who = who(aims);
        String pid = Integer.toString(aims.get(0).owner().pid());
        return new Proposal(
                "Kill " + who + "?",
                TextRole.BAD,
                "Kill",
                choices(aims),
                false,
                pick -> new Proposal.Draft(
                        "ends " + who + " at once, after what is known of it was kept in " + SafeText.clean(evidence),
                        caution(aims, SCOPES.get(pick.choice())),
                        errands(
                                aims,
                                by,
                                aim -> new ProcessStep.Kill(
                                        KillTarget.of(aim.match()), SCOPES.get(pick.choice()), evidence))),
                Optional.of(pid),
                snapshot -> seen(snapshot, aims),
                who + " is no longer seen; nothing was done");
    }

    static Proposal.Answer keep(List<Subject> subjects, String by, String evidence) {
        return offer(subjects, aims -> keeping(aims, by, evidence));
    }

    private static Proposal keeping(List<Aim> aims, String by, String evidence) {
        String who = who(aims);
        return new Proposal(
                "Keep evidence of " + who + "?",
                TextRole.WARN,
                "Keep",
                List.of(choices(aims).get(0)),
                false,
                pick -> new Proposal.Draft(
                        "copies what is known of " + who + " to " + SafeText.clean(evidence) + " and lets it be",
                        Optional.empty(),
                        errands(
                                aims,
                                by,
                                aim -> new ProcessStep.Keep(
                                        aim.owner().id(), aim.owner().command(), evidence))),
                Optional.empty(),
                snapshot -> seen(snapshot, aims),
                who + " is no longer seen; nothing was done");
    }

    private static String who(List<Aim> aims) {
        return aims.size() == 1 ? aims.get(0).words() : aims.size() + " tagged processes";
    }

    private static List<String> choices(List<Aim> aims) {
        return aims.size() == 1
                ? List.of("this process", "it and all its children")
                : List.of("these " + aims.size() + " processes", "them and all their children");
    }

    private static Optional<String> caution(List<Aim> aims, ProcessStep.Scope scope) {
        boolean others = aims.stream().anyMatch(aim -> aim.talker().pids().size() > 1);
        return others && scope == ProcessStep.Scope.PROCESS
                ? Optional.of("others of the same program send too")
                : Optional.empty();
    }

    private interface Stepping {
        Step step(Aim aim);
    }

    private static List<Proposal.Errand> errands(List<Aim> aims, String by, Stepping stepping) {
        return aims.stream()
                .map(aim -> {
                    Step step = stepping.step(aim);
                    return new Proposal.Errand(step, new Command.Perform(step, aim.why(), by));
                })
                .toList();
    }

    private static boolean seen(Snapshot snapshot, List<Aim> aims) {
        return snapshot.talkers().stream()
                .anyMatch(talker -> aims.stream()
                        .anyMatch(aim -> talker.pids().contains(aim.owner().id())));
    }
}
