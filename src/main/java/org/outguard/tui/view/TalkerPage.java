package org.outguard.tui.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Page;

/** The page of a sender: who, where to, which packets, which mail, what was done, and when. */
final class TalkerPage {

    private static final int WHERE = 1;
    private static final int PACKETS = 2;
    private static final int MOST_REMOTES = 200;
    private static final int BAR = 20;

    private TalkerPage() {}

    static List<Page.Tab> tabs(
            Talker talker, Snapshot snapshot, Lookups lookups, LocalTimes times, Timeline timeline, int shown) {
        return List.of(
                Page.Tab.of("Who", who(talker, snapshot, lookups, times)),
                Page.Tab.of("Where", shown == WHERE ? where(talker, lookups) : List.of()),
                // What is not shown is not looked up.
                Page.Tab.of("Packets", shown == PACKETS ? packets(talker, lookups, times) : List.of()),
                mail(talker, snapshot, times),
                Page.Tab.of("Actions", actions(talker, snapshot, times)),
                Page.Tab.of("Timeline", timeline.lines(talker.id(), times)));
    }

    /** Tabs of what a mail system sends for a submitter, behind the {@code Who} and {@code Messages} of that one. */
    static List<Page.Tab> ofMail(
            Talker talker, Snapshot snapshot, Lookups lookups, LocalTimes times, Timeline timeline, int shown) {
        return List.of(
                Page.Tab.of("Where", shown == WHERE + 1 ? where(talker, lookups) : List.of()),
                Page.Tab.of("Packets", shown == PACKETS + 1 ? packets(talker, lookups, times) : List.of()),
                Page.Tab.of("Actions", actions(talker, snapshot, times)),
                Page.Tab.of("Timeline", timeline.lines(talker.id(), times)));
    }

    private static List<Line> who(Talker talker, Snapshot snapshot, Lookups lookups, LocalTimes times) {
        Details details = TalkerDetails.of(talker, snapshot, times);
        List<Line> lines = new ArrayList<>(details.first());
        for (Line line : details.who()) {
            lines.add(line);
            if (line.label().equals("program")) {
                lookups.file(talker)
                        .ifPresentOrElse(
                                file -> {
                                    if (!file.isEmpty()) {
                                        lines.add(Line.of("", SafeText.clean(file)));
                                    }
                                },
                                () -> lines.add(Line.dim("… SHA-256 is being computed")));
            }
        }
        if (talker.pids().size() > 1) {
            lines.add(Line.of("members", "pid " + SenderWords.members(talker)));
        }
        lines.addAll(details.told());
        lines.addAll(details.what());
        return lines;
    }

    private static List<Line> where(Talker talker, Lookups lookups) {
        List<Line> lines = new ArrayList<>();
        Lookups.Networks networks = lookups.networks(talker).orElse(Lookups.Networks.NONE);
        lines.add(Line.of(
                "to",
                Numbers.count(talker.remoteCount()) + (talker.remoteCount() == 1 ? " destination, " : " destinations, ")
                        + Numbers.count(talker.packets()) + " packets, " + Numbers.count(talker.bytes()) + " bytes"));
        List<Talker.RemoteTotal> remotes =
                talker.remotes().stream().limit(MOST_REMOTES).toList();
        int width = remotes.stream()
                .mapToInt(remote -> remote.remote().toString().length())
                .max()
                .orElse(0);
        for (Talker.RemoteTotal remote : remotes) {
            double share = talker.packets() == 0 ? 0 : (double) remote.packets() / talker.packets();
            int cells = (int) Math.ceil(share * BAR);
            lines.add(Line.of(
                    "",
                    Columns.fit(talker.protocol().word(), 5)
                            + Columns.fit(remote.remote().toString(), width + 2)
                            + Columns.fitLeft(Numbers.count(remote.packets()), 13) + " packets "
                            + Columns.fitLeft(Numbers.rate((double) remote.bytes()) + "B", 7)
                            + Columns.fitLeft(Math.round(share * 100) + " %", 7) + "  "
                            + Columns.fit("█".repeat(cells), BAR) + "  "
                            + networks.byAddress().getOrDefault(remote.remote().address(), "")));
        }
        networks.faults().forEach(fault -> lines.add(new Line("", fault, TextRole.WARN)));
        int left = talker.remoteCount() - remotes.size();
        if (left > 0) {
            lines.add(Line.dim("and " + Numbers.count(left) + " more destinations that are counted, and not listed"));
        }
        return lines;
    }

    private static List<Line> packets(Talker talker, Lookups lookups, LocalTimes times) {
        return lookups.packets(talker)
                .map(packets -> {
                    List<Line> lines = new ArrayList<>(PacketDump.lines(packets, times));
                    if (!packets.isEmpty()) {
                        lines.add(
                                1,
                                lookups.exported(talker)
                                        .map(where -> new Line("", "✓ " + SafeText.clean(where), TextRole.GOOD))
                                        .orElse(Line.dim("x exports them as pcapng")));
                    }
                    return lines;
                })
                .orElse(List.of(Line.dim("… packets are being looked up")));
    }

    private static Page.Tab mail(Talker talker, Snapshot snapshot, LocalTimes times) {
        List<Line> lines = new ArrayList<>();
        Optional<Talker.Mail> mail = talker.mail();
        if (mail.isEmpty()) {
            lines.add(Line.of("mail", "no message is known to be this sender's; 2 shows the queue by submitter"));
            return Page.Tab.of("Mail", lines);
        }
        TalkerDetails.of(talker, snapshot, times).told().forEach(lines::add);
        List<Submitter> submitters = snapshot.mail().submitters().stream()
                .filter(row -> row.origin().equals(mail.get().origin()))
                .toList();
        List<Page.Listed> messages = submitters.stream()
                .flatMap(row -> MailView.listed(row, snapshot).stream())
                .toList();
        return new Page.Tab("Mail", lines, messages);
    }

    /* What names it, one of its processes or one of its blocks. */
    static boolean concerns(ActionRow row, Talker talker) {
        boolean block = talker.blocks().stream()
                .map(ActiveBlock::actionId)
                .anyMatch(row.action().id()::equals);
        boolean process =
                row.action().step() instanceof ProcessStep step && talker.pids().contains(step.process());
        String why = row.action().why();
        return block || process || why.equals(talker.id()) || why.startsWith(talker.id() + ":");
    }

    private static List<Line> actions(Talker talker, Snapshot snapshot, LocalTimes times) {
        List<Line> lines = new ArrayList<>();
        for (ActionRow row : snapshot.actions()) {
            if (!concerns(row, talker)) {
                continue;
            }
            String left = row.state() == ActionRow.State.STANDING
                    ? row.expires()
                            .map(at -> ", " + Durations.clock(Duration.between(snapshot.at(), at)) + " left")
                            .orElse("")
                    : "";
            lines.add(new Line(
                    times.clock(row.action().at()),
                    SafeText.clean(row.action().step().named()) + ": "
                            + row.state().word() + left + ", by "
                            + SafeText.clean(row.action().by()),
                    TextRole.STRONG));
            lines.addAll(ActionsView.commands(row));
        }
        if (lines.isEmpty()) {
            lines.add(
                    Line.of("actions", "nothing was done against this sender; b blocks, l limits, z freezes, K kills"));
        }
        return lines;
    }
}
