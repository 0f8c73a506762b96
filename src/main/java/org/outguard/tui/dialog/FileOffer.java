package org.outguard.tui.dialog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;

/** Taking the file away that a sender runs: its script, or its program where that is none of the system's. */
final class FileOffer {

    private FileOffer() {}

    static Proposal.Answer quarantine(List<Subject> subjects, String by) {
        Map<String, Talker> files = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            talker(subject).ifPresent(talker -> file(talker).ifPresent(file -> files.putIfAbsent(file, talker)));
        }
        if (files.isEmpty()) {
            return new Proposal.No(
                    subjects.isEmpty()
                            ? "nothing is selected"
                            : "no file is known behind it that is none of the system's; 'outguard trace' looks for one");
        }
        return new Proposal.Yes(proposal(files, by));
    }

    private static Optional<Talker> talker(Subject subject) {
        if (subject instanceof Subject.OfTalker of) {
            return Optional.of(of.talker());
        }
        return subject instanceof Subject.OfRemote of ? Optional.of(of.talker()) : Optional.empty();
    }

    private static Optional<String> file(Talker talker) {
        // In another mount namespace the same path is another file.
        Optional<Owner> owner = talker.attribution()
                .knownOwner()
                .filter(known -> known.id().isHere() && known.container().isEmpty());
        return owner.map(Owner::script)
                .filter(script -> script.startsWith("/"))
                .or(() -> owner.filter(known -> !known.exeDeleted())
                        .map(Owner::exe)
                        .filter(exe ->
                                exe.startsWith("/") && !exe.matches("(?s)/(?:usr/(?!local/)|bin/|sbin/|lib).*")));
    }

    private static Proposal proposal(Map<String, Talker> files, String by) {
        String what = files.size() == 1
                ? SafeText.clean(files.keySet().iterator().next())
                : files.size() + " files of the tagged senders";
        return new Proposal(
                "Quarantine " + what + "?",
                TextRole.WARN,
                "Quarantine",
                List.of(files.size() == 1 ? "this file" : "these files"),
                false,
                pick -> new Proposal.Draft(
                        "moves " + what + " to where only root can read it; undo puts it back as it was",
                        Optional.of("what runs goes on until it ends: K kills it"),
                        files.entrySet().stream()
                                .map(file -> errand(file.getKey(), file.getValue(), by))
                                .toList()),
                Optional.empty(),
                snapshot -> true,
                "nothing was done");
    }

    private static Proposal.Errand errand(String file, Talker talker, String by) {
        FileStep.Quarantine step = new FileStep.Quarantine(file);
        return new Proposal.Errand(step, new Command.Perform(step, talker.id() + ": " + talker.reason(), by));
    }
}
