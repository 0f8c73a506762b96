package org.outguard.tui.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.SourceCountLabels;
import org.outguard.text.Words;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.StatusCell;

/** The facts of a talker as lines. */
public final class TalkerDetails {

    private static final int MOST_BLOCKS = 3;
    private static final int MOST_REMOTES = 6;
    private static final int MOST_ANCESTORS = 6;
    private static final int MOST_GREETINGS = 2;
    private static final int MOST_TEXT = 40;

    private TalkerDetails() {}

    public static Details of(Talker talker, Snapshot snapshot, LocalTimes times) {
        String name = Words.process(talker);
        String pid = talker.attribution()
                .knownOwner()
                .map(owner -> " · pid " + owner.id().number())
                .orElse("");
        String kind = talker.verdict() == Verdict.CLEAN ? "" : " · " + Words.kind(talker.kind());
        String title = (name.equals("?") ? "unknown sender" : name) + pid + kind;
        return new Details(
                title,
                talker.id(),
                first(talker, snapshot, times),
                history(talker, snapshot.at()),
                told(talker),
                who(talker, snapshot.at(), times),
                what(talker, snapshot),
                List.of());
    }

    /* What stops it is read before where it comes from. */
    private static List<Line> first(Talker talker, Snapshot snapshot, LocalTimes times) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("reason", SafeText.clean(talker.reason()), OffendersView.signal(talker)));
        talker.servicePort().stream()
                .mapToObj(ReflectorPort::of)
                .flatMap(Optional::stream)
                .forEach(service -> lines.add(line("close it", service.service() + ": " + service.closing())));
        StatusCell.ending(talker.status(), times).ifPresent(ending -> lines.add(line("state", ending)));
        blocks(lines, talker, snapshot.at());
        talker.mail().ifPresent(mail -> lines.add(submitter(mail)));
        lines.add(line("counts", SourceCountLabels.of(talker, snapshot)));
        return lines;
    }

    private static Optional<Details.History> history(Talker talker, Instant now) {
        return Optional.of(talker.history())
                .filter(samples -> !samples.isEmpty())
                .map(samples -> new Details.History(samples, now.getEpochSecond()));
    }

    private static List<Line> told(Talker talker) {
        List<Line> lines = new ArrayList<>();
        talker.mail().ifPresent(mail -> mail(lines, mail));
        talker.smtp().ifPresent(smtp -> smtp(lines, smtp));
        return lines;
    }

    /* What it was heard to say, in the clear. */
    private static void smtp(List<Line> lines, SmtpSnapshot smtp) {
        List<String> said = new ArrayList<>();
        smtp.greetings().stream()
                .limit(MOST_GREETINGS)
                .forEach(name -> said.add("EHLO " + SafeText.clean(name.text(), MOST_TEXT)));
        if (!smtp.lastSender().isEmpty()) {
            String others = smtp.senders() > 1 ? ", the last of " + Numbers.count(smtp.senders()) : "";
            said.add("from " + SafeText.clean(smtp.lastSender(), MOST_TEXT) + others);
        }
        String encrypted = smtp.encrypted() == 0
                ? ""
                : smtp.encrypted() >= smtp.connections()
                        ? ", encrypted"
                        : ", " + Numbers.count(smtp.encrypted()) + " of them encrypted";
        said.add(Numbers.count(smtp.connections())
                + (smtp.connections() == 1 ? " connection" : " connections")
                + encrypted);
        lines.add(line("smtp", String.join(" · ", said)));
        if (smtp.messages() + smtp.recipients() > 0) {
            String refused = smtp.refused().isEmpty() ? "" : ", refused " + codes(smtp.refused());
            lines.add(new Line(
                    "heard",
                    Numbers.count(smtp.messages()) + " messages begun, " + Numbers.count(smtp.recipients())
                            + " recipients" + refused,
                    smtp.refused().isEmpty() ? TextRole.TEXT : TextRole.WARN));
        }
    }

    private static String codes(List<SmtpSnapshot.Code> codes) {
        return codes.stream()
                .map(code -> code.code() + " ×" + Numbers.count(code.count()))
                .collect(Collectors.joining(", "));
    }

    /* Who is to be stopped is the submitter; the mail system only carries out. */
    private static Line submitter(Talker.Mail mail) {
        String script = mail.script().isEmpty() ? "" : ", script " + SafeText.clean(mail.script());
        return new Line("mail of", MailView.words(mail.origin()) + script, TextRole.STRONG);
    }

    private static void mail(List<Line> lines, Talker.Mail mail) {
        MailSnapshot.Totals counts = mail.counts();
        lines.add(line(
                "its mail",
                Numbers.count(counts.queued()) + " queued, " + Numbers.count(counts.sent()) + " sent, "
                        + Numbers.count(counts.bounced()) + " bounced, " + Numbers.count(counts.deferred())
                        + " deferred; known by " + mail.evidence().word()));
        String ids = mail.queueIds().stream()
                .limit(MOST_REMOTES)
                .map(id -> SafeText.clean(id.id()))
                .collect(Collectors.joining(" "));
        lines.add(line("messages", ids));
    }

    /** Who sends. */
    private static List<Line> who(Talker talker, Instant now, LocalTimes times) {
        Attribution attribution = talker.attribution();
        List<Line> lines = new ArrayList<>();
        TextRole textRole = attribution.quality() == MatchQuality.EXACT ? TextRole.TEXT : TextRole.WARN;
        attribution.knownOwner().ifPresent(owner -> lines.add(line("owner", ownerWords(owner, talker))));
        if (attribution instanceof Attribution.OfUser user) {
            lines.add(line(
                    "owner",
                    "user " + SafeText.clean(user.opener().user()) + " (uid "
                            + Integer.toUnsignedLong(user.opener().uid()) + "), process unknown"));
            if (!user.cgroup().isEmpty()) {
                lines.add(line("cgroup", SafeText.clean(user.cgroup())));
            }
        }
        lines.add(new Line(
                "match",
                Words.match(attribution.quality()) + ": " + SafeText.clean(attribution.matchedBy()),
                textRole));
        attribution
                .knownOwner()
                .flatMap(owner -> times.started(owner.id().startTicks()))
                .ifPresent(start -> lines.add(line("started", times.ago(start, now))));
        attribution.knownOwner().ifPresent(owner -> process(lines, owner));
        return lines;
    }

    private static String ownerWords(Owner owner, Talker talker) {
        StringBuilder words = new StringBuilder("pid ").append(owner.id().number());
        if (talker.pids().size() > 1) {
            words.append(" and ").append(talker.pids().size() - 1).append(" more");
        }
        List<Account> several = talker.attribution().users();
        if (several.size() > 1) {
            words.append(", as ").append(several.size()).append(" users, one after the other: ");
            words.append(several.stream().map(TalkerDetails::userWords).collect(Collectors.joining(", ")));
        } else {
            words.append(", user ").append(userWords(new Account(owner.uid(), owner.user())));
        }
        owner.loginUid().ifPresent(uid -> words.append(", logged in as uid ").append(Integer.toUnsignedLong(uid)));
        return words.toString();
    }

    private static String userWords(Account user) {
        return SafeText.clean(user.user()) + " (uid " + Integer.toUnsignedLong(user.uid()) + ")";
    }

    private static void process(List<Line> lines, Owner owner) {
        String exe = owner.exe().isEmpty() ? "cannot be read" : SafeText.clean(owner.exe());
        lines.add(
                owner.exeDeleted()
                        ? new Line("program", exe + " — its file is deleted", TextRole.WARN)
                        : line("program", exe));
        if (!owner.script().isEmpty()) {
            lines.add(new Line("script", SafeText.clean(owner.script()), TextRole.STRONG));
        }
        String command = owner.commandLine().stream().map(SafeText::clean).collect(Collectors.joining(" "));
        // A daemon's says no more than its name.
        if (!command.isEmpty() && !command.equals(owner.command())) {
            lines.add(line("command", command));
        }
        if (!owner.cwd().isEmpty() && !owner.cwd().equals("/")) {
            lines.add(line("folder", SafeText.clean(owner.cwd())));
        }
        tree(lines, owner);
        String container = owner.container().isEmpty() ? "" : "container " + owner.container();
        String unit = owner.cgroup().endsWith("/" + owner.unit()) ? "" : owner.unit();
        String place = List.of(unit, container, owner.cgroup()).stream()
                .filter(part -> !part.isEmpty())
                .map(SafeText::clean)
                .distinct()
                .collect(Collectors.joining(" · "));
        if (!place.isEmpty()) {
            lines.add(line(owner.unit().isEmpty() ? "cgroup" : "unit", place));
        }
    }

    /* From the oldest ancestor down to the process, as pstree(1) draws it. */
    private static void tree(List<Line> lines, Owner owner) {
        List<Owner.Ancestor> parents =
                owner.parents().stream().limit(MOST_ANCESTORS).toList();
        for (int i = parents.size() - 1; i >= 0; i--) {
            int depth = parents.size() - 1 - i;
            Owner.Ancestor parent = parents.get(i);
            String words = SafeText.clean(parent.command()) + " " + parent.id().number();
            lines.add(line(depth == 0 ? "tree" : "", branch(depth) + words));
        }
        if (!parents.isEmpty()) {
            lines.add(new Line(
                    "",
                    branch(parents.size()) + SafeText.clean(owner.command()) + " "
                            + owner.id().number(),
                    TextRole.STRONG));
        }
    }

    private static String branch(int depth) {
        return depth == 0 ? "" : "  ".repeat(depth - 1) + "└ ";
    }

    /* What is sent. */
    private static List<Line> what(Talker talker, Snapshot snapshot) {
        List<Line> lines = new ArrayList<>();
        Talker.Rates rate = talker.rate();
        lines.add(line(
                "rate",
                Numbers.rate(rate.packets1s()) + " pps, " + Numbers.bits(rate.bits1s()) + " bit/s · 10 s "
                        + Numbers.rate(rate.packets10s()) + " · 60 s " + Numbers.rate(rate.packets60s())));
        lines.add(line(
                "total",
                Numbers.count(talker.packets()) + " packets, " + Numbers.count(talker.bytes()) + " bytes"
                        + (talker.connects() > 0 ? ", " + Numbers.count(talker.connects()) + " connects" : "")
                        + " in " + Durations.words(Duration.between(talker.firstSeen(), talker.lastSeen()))));
        remotes(lines, talker);
        SourceCountLabels.whyNotKernel(snapshot).ifPresent(why -> lines.add(line("kernel", why)));
        return lines;
    }

    private static void remotes(List<Line> lines, Talker talker) {
        int shown = Math.min(talker.remotes().size(), MOST_REMOTES);
        int left = talker.remoteCount() - shown;
        for (int i = 0; i < shown; i++) {
            Talker.RemoteTotal remote = talker.remotes().get(i);
            String more = i == shown - 1 && left > 0 ? "; and " + Numbers.count(left) + " more" : "";
            lines.add(line(
                    i == 0 ? "to" : "",
                    talker.protocol().word() + " " + remote.remote() + "  " + Numbers.count(remote.packets())
                            + " packets" + share(remote.packets(), talker.packets()) + more));
        }
    }

    private static String share(long part, long whole) {
        return whole <= 0 ? "" : " (" + part * 100 / whole + " %)";
    }

    private static void blocks(List<Line> lines, Talker talker, Instant now) {
        talker.blocks().stream().limit(MOST_BLOCKS).forEach(block -> {
            lines.add(new Line("block", blockWords(block, now), BlockLabels.ink(block)));
            if (block.state() == ActiveBlock.State.STANDING) {
                lines.add(line("undo", SafeText.clean(block.plan().undo())));
            }
        });
    }

    private static String blockWords(ActiveBlock block, Instant now) {
        String words = BlockLabels.words(block, now) + ": " + block.target();
        return switch (block.state()) {
            case STANDING ->
                words + "; " + Numbers.count(block.packets()) + " packets dropped, "
                        + Numbers.rate(block.packetsPerSecond()) + " pps now";
            case FAILED -> words + ": " + SafeText.clean(block.detail());
            case STARTING, ENDING -> words;
        };
    }

    private static Line line(String label, String text) {
        return Line.of(label, text);
    }
}
