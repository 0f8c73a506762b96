package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.SafeText;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.dialog.Proposal;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.Table;

/** What of the selected row is worth the clipboard: address, id, path, and the commands that stop it. */
final class Copies {

    private Copies() {}

    static List<Dialog.Copy.Item> of(Table<?> table, Proposals proposals, GuardClient guardClient) {
        List<Dialog.Copy.Item> items = new ArrayList<>();
        table.subjects().stream().limit(1).forEach(subject -> {
            if (subject instanceof Subject.OfTalker of) {
                of.talker().remotes().stream()
                        .limit(1)
                        .forEach(remote ->
                                add(items, "address", remote.remote().address().toString()));
                talker(items, of.talker());
            } else if (subject instanceof Subject.OfRemote of) {
                add(items, "address", of.remote().remote().address().toString());
                talker(items, of.talker());
            } else if (subject instanceof Subject.OfMail of) {
                mail(items, of.submitter(), table);
            } else if (subject instanceof Subject.OfAction of) {
                Action.Plan plan = of.row().action().plan();
                add(items, "command", plan.command());
                add(items, "undo", plan.undo());
                add(items, "action id", of.row().action().id());
            }
        });
        if (proposals.answer(Keys.Act.BLOCK, table).orElse(new Proposal.No("")) instanceof Proposal.Yes yes) {
            yes.offer().maker().make(Proposal.Pick.USUAL).errands().stream()
                    .limit(1)
                    .forEach(errand -> add(
                            items,
                            "block command",
                            guardClient.preview(errand.step()).command()));
        }
        table.details().ifPresent(details -> add(items, "title", details.title()));
        return items.subList(0, Math.min(items.size(), Dialog.Copy.MOST));
    }

    private static void talker(List<Dialog.Copy.Item> items, Talker talker) {
        add(items, "id", talker.id());
        talker.attribution().knownOwner().ifPresent(owner -> {
            add(items, "pid", owner.id().number());
            add(items, "program", owner.exe());
            add(items, "command line", String.join(" ", owner.commandLine()));
        });
    }

    private static void mail(List<Dialog.Copy.Item> items, Submitter submitter, Table<?> table) {
        add(items, "submitter", submitter.origin().who());
        add(items, "id", submitter.id());
        table.snapshot().mail().messages().stream()
                .filter(message -> message.submitterId().equals(submitter.id()))
                .limit(3)
                .forEach(message -> add(items, "queue id", message.id().id()));
    }

    private static void add(List<Dialog.Copy.Item> items, String what, String text) {
        if (!text.isEmpty()) {
            items.add(new Dialog.Copy.Item(what, SafeText.clean(text)));
        }
    }
}
