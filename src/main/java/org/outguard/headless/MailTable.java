package org.outguard.headless;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.LogReading;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;

/** Who sends too much mail, as a part of a table to be printed once: figures, why, by which way, and what to run. */
final class MailTable {

    private static final int VERDICT = 9;
    private static final int KIND = 17;
    private static final int COUNT = 8;
    private static final int MOST_IDS = 4;
    private static final int MOST_ROWS = 12;

    private final MailSnapshot mail;
    private final int columns;

    MailTable(MailSnapshot mail, int columns) {
        this.mail = mail;
        this.columns = columns;
    }

    /** Whether somebody is over the limits. */
    boolean found() {
        return mail.submitters().stream().anyMatch(s -> s.verdict() != Verdict.CLEAN);
    }

    /** All submitters over the limits, worst first. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (found()) {
            lines.add(row("VERDICT", "KIND", "MESSAGES", "SENT", "FAILED", "QUEUED", "SUBMITTER"));
        }
        mail.submitters().stream()
                .filter(s -> s.verdict() != Verdict.CLEAN)
                .limit(MOST_ROWS)
                .forEach(submitter -> add(lines, submitter));
        long more = mail.submitters().stream()
                        .filter(s -> s.verdict() != Verdict.CLEAN)
                        .count()
                - MOST_ROWS;
        if (more > 0) {
            lines.add("and " + Numbers.count(more) + " more; --json lists them all");
        }
        return lines;
    }

    private void add(List<String> lines, Submitter submitter) {
        MailSnapshot.Totals counts = submitter.counts();
        lines.add(row(
                submitter.verdict().name(),
                Words.kind(submitter.kind()),
                Numbers.count(counts.messages()),
                Numbers.count(counts.sent()),
                Numbers.count(counts.bounced()),
                Numbers.count(counts.queued()),
                QueueReport.name(submitter.origin()) + account(submitter.origin())));
        lines.add(cut("  why: " + SafeText.clean(submitter.reason())
                + submitter
                        .peakAt()
                        .map(at -> "; at " + at.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("")));
        lines.add(cut("  way: " + way(submitter)));
        if (!submitter.scripts().isEmpty()) {
            lines.add(cut("  script: " + listed(submitter.scripts())));
        }
        if (!submitter.domains().isEmpty()) {
            lines.add(cut("  to: " + listed(submitter.domains())));
        }
        List<String> ids =
                submitter.queueIds().stream().limit(MOST_IDS).map(QueueId::id).toList();
        Set<String> containers = submitter.queueIds().stream()
                .map(QueueId::container)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!containers.isEmpty()) {
            lines.add(cut("  in container " + SafeText.clean(String.join(", ", containers))));
        }
        if (!ids.isEmpty()) {
            lines.add(cut("  queued: " + SafeText.clean(String.join(" ", ids))));
        } else {
            List<String> newest = newest(submitter);
            if (!newest.isEmpty()) {
                lines.add(cut("  messages: " + SafeText.clean(String.join(" ", newest)) + " are the newest"));
            }
        }
        lines.add(cut("  let in: " + letIn(submitter)));
        command(submitter.origin()).forEach(command -> lines.add("  run: " + command));
    }

    private String account(MailOrigin origin) {
        return mail.account(origin)
                .map(account -> ", account " + SafeText.clean(account))
                .orElse("");
    }

    /* Of those that have left the queue. */
    private List<String> newest(Submitter submitter) {
        return mail.messages().stream()
                .filter(message -> message.submitterId().equals(submitter.id()))
                .limit(MOST_IDS)
                .map(message -> message.id().id())
                .toList();
    }

    /** What of the set-up lets such mail out; {@code doctor} looks whether it is so, and has the command that mends it. */
    private static String letIn(Submitter submitter) {
        MailOrigin origin = submitter.origin();
        if (submitter.kind() == OffenceKind.BACKSCATTER) {
            return "mail to unknown recipients is taken and bounced later: 'outguard doctor'";
        } else if (origin instanceof MailOrigin.LocalUser) {
            return "every local user may run sendmail(1): 'outguard doctor'";
        } else if (origin instanceof MailOrigin.Login) {
            return "whoever knows its password may send without a limit: change it";
        }
        return origin instanceof MailOrigin.Client ? "it may relay without a login: 'outguard doctor'" : "not known";
    }

    private static String way(Submitter submitter) {
        String mail = submitter.kind() == OffenceKind.BACKSCATTER
                ? "backscatter, bounces to senders that may be forged; "
                : "its own mail; ";
        MailOrigin origin = submitter.origin();
        if (origin instanceof MailOrigin.LocalUser) {
            return mail + "submitted on this machine, by sendmail(1) or SMTP";
        }
        if (origin instanceof MailOrigin.Login) {
            return mail + "submitted with a login, from " + submitter.networks() + " networks in the last hour";
        }
        return origin instanceof MailOrigin.Client ? mail + "by SMTP without a login" : mail + "way not known";
    }

    /** What holds its queued mail and takes no more of it. */
    private static List<String> command(MailOrigin origin) {
        String who = quoted(origin.who());
        if (origin instanceof MailOrigin.LocalUser) {
            return List.of("outguard hold --uid " + who + "; outguard ban " + who);
        }
        if (origin instanceof MailOrigin.Login) {
            return List.of("outguard hold --sasl " + who + "; outguard ban " + who);
        }
        return origin instanceof MailOrigin.Client ? List.of("outguard hold --client " + who) : List.of();
    }

    /** For a shell, where it holds anything that a shell reads. */
    private static String quoted(String who) {
        String clean = SafeText.clean(who);
        return clean.matches("[\\w@.:%+-]+") ? clean : "'" + clean.replace("'", "'\\''") + "'";
    }

    /** Nobody is over the limits: who has sent most. */
    String busiest() {
        long messages = mail.totals().messages();
        if (mail.submitters().isEmpty() || messages == 0) {
            return "no mail";
        }
        Submitter most = mail.submitters().get(0);
        for (Submitter one : mail.submitters()) {
            most = one.counts().messages() > most.counts().messages() ? one : most;
        }
        return Numbers.count(messages) + " messages of " + Numbers.count(mail.submitterCount()) + " submitters, "
                + Numbers.count(most.counts().messages()) + " of them " + QueueReport.name(most.origin());
    }

    /** What the reading of the logs leaves open; whole, whatever its length. */
    List<String> limits() {
        List<String> lines = new ArrayList<>();
        LogReading reading = mail.reading();
        if (reading.lines() > 0) {
            lines.add(read(reading));
        }
        for (String system : reading.unsupported()) {
            String rest = system.equals("OpenSMTPD")
                    ? "flows, blocks and its queue work; its logs are not read"
                    : "flows and blocks work, its queue and its logs are not read";
            lines.add(SafeText.clean(system) + ": its log was seen; " + rest);
        }
        return lines;
    }

    private static String read(LogReading reading) {
        StringBuilder line = new StringBuilder("mail log: " + Numbers.count(reading.lines()) + " lines read, "
                + Numbers.count(reading.notUnderstood()) + " not understood");
        reading.first()
                .ifPresent(first -> line.append(" (first: line ")
                        .append(first.line())
                        .append(first.file().isEmpty() ? "" : " of " + SafeText.clean(first.file()))
                        .append(')'));
        for (LogReading.Kind kind : reading.kinds()) {
            line.append("; ").append(Numbers.count(kind.count())).append(' ').append(kind.words());
        }
        if (reading.forged() > 0) {
            line.append("; ").append(Numbers.count(reading.forged())).append(" forged, left out");
        }
        return line.toString();
    }

    private static String listed(List<MailSnapshot.Counted> all) {
        return all.stream()
                .limit(MOST_IDS)
                .map(one -> SafeText.clean(one.text()) + " (" + Numbers.count(one.count()) + ")")
                .collect(Collectors.joining(", "));
    }

    private String row(
            String verdict, String kind, String messages, String sent, String failed, String queued, String who) {
        return cut(String.join(
                        " ",
                        Columns.fit(verdict, VERDICT),
                        Columns.fit(kind, KIND),
                        Columns.fitLeft(messages, COUNT),
                        Columns.fitLeft(sent, COUNT),
                        Columns.fitLeft(failed, COUNT),
                        Columns.fitLeft(queued, COUNT),
                        who)
                .stripTrailing());
    }

    private String cut(String line) {
        return Columns.cut(line, columns);
    }
}
