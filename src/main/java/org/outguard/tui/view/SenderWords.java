package org.outguard.tui.view;

import java.util.List;
import org.outguard.guard.snapshot.MailSnapshot.Counted;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;
import org.outguard.tui.table.Abbreviator;

/** What the columns of the first view say of a row. All of it is safe to print. */
final class SenderWords {

    private SenderWords() {}

    /** For sorting and filtering. */
    static String process(SenderRow row) {
        if (row instanceof SenderRow.Mail mail) {
            return handedIn(mail.submitter(), Integer.MAX_VALUE);
        }
        return row instanceof SenderRow.Parent parent
                ? parent.command()
                : row.traffic().map(Words::process).orElse("?");
    }

    static String process(SenderRow row, int width) {
        if (row instanceof SenderRow.Mail mail) {
            return handedIn(mail.submitter(), width);
        }
        if (row instanceof SenderRow.Parent parent) {
            return parent.branch() + parent.command();
        }
        int room = Math.max(1, width - Columns.width(row.branch()));
        return row.branch() + row.traffic().map(talker -> process(talker, room)).orElse("");
    }

    /** Several processes are named by the file that they run: each could have given itself a name. */
    static String process(Talker talker, int width) {
        int pids = talker.pids().size();
        String count = pids > 1 ? pids + "× " : "";
        return talker.attribution()
                .knownOwner()
                .map(owner -> {
                    String program = owner.exe().substring(owner.exe().lastIndexOf('/') + 1);
                    boolean many = pids > 1 && owner.script().isEmpty() && !program.isEmpty();
                    int room = width - Columns.width(count);
                    return count + (many ? SafeText.clean(program) : Abbreviator.process(owner, room));
                })
                .orElse("unknown sender");
    }

    /* "x7.php → Postfix": what handed it in, and who sends it. */
    private static String handedIn(Submitter submitter, int width) {
        String to = submitter.queueIds().stream()
                .findFirst()
                .map(id -> " → " + mailSystem(id))
                .orElse("");
        String script = submitter.scripts().stream()
                .findFirst()
                .map(Counted::text)
                .map(SafeText::clean)
                .orElse(
                        submitter.origin() instanceof MailOrigin.Login
                                ? "login"
                                : submitter.origin().kind());
        return Abbreviator.path(script, Math.max(8, width - Columns.width(to))) + to;
    }

    private static String mailSystem(QueueId id) {
        String name = id.instance().replaceFirst("@.*", "");
        return switch (name) {
            case "postfix" -> "Postfix";
            case "exim" -> "Exim";
            case "opensmtpd" -> "OpenSMTPD";
            default -> SafeText.clean(name);
        };
    }

    static String user(SenderRow row) {
        if (row instanceof SenderRow.Mail mail) {
            return SafeText.clean(mail.submitter().origin().who());
        }
        return row.traffic().map(SenderWords::user).orElse("");
    }

    static String user(Talker talker) {
        return talker.attribution().knownOwner().isPresent() ? Words.user(talker) : "-";
    }

    static String destination(SenderRow row) {
        return row instanceof SenderRow.Mail mail
                ? String.join(" ", destinations(mail))
                : row.traffic().map(Words::destination).orElse("");
    }

    static String destination(SenderRow row, int width) {
        return row instanceof SenderRow.Mail mail
                ? mailState(mail.submitter(), width)
                : Abbreviator.destination(destination(row), width);
    }

    /* What is longer than its place gives way to fewer words. */
    private static String mailState(Submitter submitter, int width) {
        long queued = submitter.counts().queued();
        long held = submitter.counts().held();
        String queue = held > 0 && held == queued
                ? Numbers.rate((double) held) + " held"
                : Numbers.rate((double) queued) + " queued";
        String rate = Numbers.count(submitter.recipientsPerMinute());
        String bounced = ", " + Numbers.rate((double) submitter.counts().bounced()) + " bounced";
        for (String text :
                List.of(rate + " rcpt/min, " + queue + bounced, rate + " rcpt/min, " + queue, rate + "/min " + queue)) {
            if (Columns.width(text) <= width) {
                return text;
            }
        }
        return queue;
    }

    static List<String> destinations(SenderRow row) {
        return row instanceof SenderRow.Mail mail
                ? mail.submitter().domains().stream().map(Counted::text).toList()
                : row.traffic()
                        .map(talker -> talker.remotes().stream()
                                .map(remote -> remote.remote().toString())
                                .toList())
                        .orElse(List.of());
    }

    static List<String> ports(SenderRow row) {
        return row.traffic()
                .map(talker -> talker.remotes().stream()
                        .map(remote -> Integer.toString(remote.remote().port()))
                        .toList())
                .orElse(List.of());
    }

    static String kind(SenderRow row) {
        return row instanceof SenderRow.Mail mail
                ? mail.submitter().kind().name()
                : row.traffic().map(talker -> talker.kind().name()).orElse("");
    }

    /** Members of a group of processes, for its page: {@code "pid 812 813 814"}. */
    static String members(Talker talker) {
        return talker.pids().stream()
                .map(id -> id.number())
                .limit(64)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
