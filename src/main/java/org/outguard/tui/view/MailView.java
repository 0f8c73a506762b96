package org.outguard.tui.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.MailSnapshot.Counted;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Abbreviator;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.StatusCell;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/** Mail by who sends it: one row for each submitter, with all that its bounces and forwards make of it. */
public final class MailView {

    private static final int MOST_MESSAGES = 8;
    private static final int LONGEST_STATUS = 8;
    private static final int LONGEST_AGE = 6;

    private MailView() {}

    /** @param times by the clock in the header */
    static View<Submitter> make(LocalTimes times) {
        return new View<>(
                "Mail",
                snapshot -> snapshot.mail().submitters(),
                Submitter::id,
                columns(times),
                Comparator.comparing(Submitter::verdict).reversed(),
                fields(),
                MailView::notice,
                MailView::empty,
                Subject.OfMail::new,
                MailView::details,
                false,
                (row, snapshot, lookups, tab) -> tabs(row, snapshot),
                Set.of(Keys.Act.HOLD, Keys.Act.RELEASE, Keys.Act.DELETE, Keys.Act.FLUSH, Keys.Act.BAN, Keys.Act.UNDO));
    }

    private static List<Column<Submitter>> columns(LocalTimes times) {
        Comparator<Submitter> severity =
                Comparator.comparing(Submitter::verdict).thenComparingInt(Submitter::score);
        return List.of(
                Column.text(
                                "state",
                                Column.Width.fixed(1, StatusCell.LEAST),
                                severity,
                                (place, row, snapshot) -> place.line(StatusCell.of(
                                        RowStatus.of(row, snapshot.actions()),
                                        row.verdict(),
                                        snapshot.at(),
                                        times,
                                        place.width())))
                        .fallingFirst(),
                Column.text(
                        "origin",
                        new Column.Width(2, 12, 26, 40),
                        Comparator.comparing(row -> words(row.origin())),
                        (place, row, snapshot) -> place.text(words(row.origin()), name(row))),
                count("queued", 3, row -> row.counts().queued()),
                count("held", 6, row -> row.counts().held()),
                count("defer", 8, row -> row.counts().deferred()),
                count("rcpt/m", 5, Submitter::recipientsPerMinute),
                count("sent", 10, row -> row.counts().sent()),
                count("bounce", 9, row -> row.counts().bounced()),
                Column.text(
                        "oldest",
                        Column.Width.fixed(11, 6),
                        Comparator.comparing(row -> row.counts().oldest().orElse(Instant.MAX)),
                        (place, row, snapshot) -> place.text(age(row, snapshot.at()), TextRole.DIM)),
                Column.text(
                        "script",
                        new Column.Width(7, 14, 24, 50),
                        Comparator.comparing(row -> script(row)),
                        (place, row, snapshot) ->
                                place.text(Abbreviator.path(script(row), place.width()), TextRole.TEXT)),
                Column.text(
                        "evidence",
                        Column.Width.fixed(12, 10),
                        Comparator.comparing(Submitter::evidence),
                        (place, row, snapshot) -> place.text(row.evidence().word(), evidence(row))),
                Column.unsorted(
                        "to",
                        new Column.Width(13, 14, 20, 40),
                        (place, row, snapshot) -> place.text(
                                row.domains().stream()
                                        .findFirst()
                                        .map(Counted::text)
                                        .map(SafeText::clean)
                                        .orElse(""),
                                TextRole.DIM)));
    }

    private static TextRole name(Submitter row) {
        return switch (row.verdict()) {
            case OFFENDING -> TextRole.STRONG;
            case SUSPECT -> TextRole.TEXT;
            case CLEAN -> TextRole.DIM;
        };
    }

    private interface Count {
        long of(Submitter row);
    }

    private static Column<Submitter> count(String title, int rank, Count count) {
        return Column.number(
                title,
                Column.Width.fixed(rank, 6),
                Comparator.comparingLong(count::of),
                (place, row, snapshot) -> place.right(Numbers.rate((double) count.of(row)), TextRole.TEXT));
    }

    private static List<Field<Submitter>> fields() {
        return List.of(
                Field.text("origin", row -> words(row.origin())),
                Field.text("user", row -> row.origin().who()),
                Field.text("kind", row -> row.origin().kind()),
                Field.texts("script", row -> texts(row.scripts())),
                Field.texts("sender", row -> texts(row.senders())),
                Field.texts("to", row -> texts(row.domains())),
                Field.text("verdict", row -> row.verdict().name()),
                Field.number("queued", row -> row.counts().queued()),
                Field.number("held", row -> row.counts().held()),
                Field.number("deferred", row -> row.counts().deferred()),
                Field.number("sent", row -> row.counts().sent()),
                Field.number("bounced", row -> row.counts().bounced()),
                Field.number("rcpt", Submitter::recipientsPerMinute));
    }

    private static List<String> texts(List<Counted> counted) {
        return counted.stream().map(Counted::text).toList();
    }

    private static Optional<Line> notice(Snapshot snapshot) {
        MailSnapshot mail = snapshot.mail();
        if (!mail.watched() || mail.submitters().isEmpty()) {
            return Optional.empty();
        }
        MailSnapshot.Totals all = mail.totals();
        StringJoiner queue = new StringJoiner(", ", "queue " + Numbers.count(all.queued()) + ": ", "")
                .setEmptyValue("queue " + Numbers.count(all.queued()));
        // What is not there takes no room from what is.
        addTo(queue, "", all.held(), " held");
        addTo(queue, "", all.deferred(), " deferred");
        addTo(queue, "", all.unread(), " not read yet");
        all.oldest().ifPresent(at -> queue.add("oldest " + Durations.age(Duration.between(at, snapshot.at()))));
        StringJoiner fate = new StringJoiner(", ", " · ", "").setEmptyValue("");
        addTo(fate, "sent ", all.sent(), "");
        addTo(fate, "bounced ", all.bounced(), "");
        addTo(fate, "backscatter ", all.backscatter(), "");
        return Optional.of(new Line("", queue.toString() + fate, TextRole.DIM));
    }

    private static void addTo(StringJoiner words, String before, long count, String after) {
        if (count > 0) {
            words.add(before + Numbers.count(count) + after);
        }
    }

    private static List<Line> empty(Snapshot snapshot) {
        List<String> why = snapshot.mail().unwatched();
        if (!why.isEmpty()) {
            return IntStream.range(0, why.size())
                    .mapToObj(i -> i == 0
                            ? new Line("", "· " + SafeText.clean(why.get(i)), TextRole.TEXT)
                            : Line.dim(SafeText.clean(why.get(i))))
                    .toList();
        }
        return snapshot.mail().watched()
                ? List.of(
                        new Line("", "✓ the queue is empty and nobody has handed mail in", TextRole.GOOD),
                        Line.dim(
                                "Each user, login, client and script that sends mail has a row here; h holds all of it."))
                : List.of(
                        new Line("", "· no mail is watched: no queue and no mail log was found", TextRole.TEXT),
                        Line.dim("Postfix and Exim are found by themselves, their logs in /var/log or the journal."));
    }

    /** {@code "user www-data"}, {@code "login info@example.org"}, {@code "client 192.0.2.1"}. */
    public static String words(MailOrigin origin) {
        String who = SafeText.clean(origin.who());
        if (origin instanceof MailOrigin.LocalUser) {
            return "user " + who;
        }
        if (origin instanceof MailOrigin.Login) {
            return "login " + who;
        }
        return who.isEmpty() ? SafeText.clean(origin.kind()) : SafeText.clean(origin.kind()) + " " + who;
    }

    private static String script(Submitter row) {
        return row.scripts().stream()
                .findFirst()
                .map(Counted::text)
                .map(SafeText::clean)
                .orElse("");
    }

    private static TextRole ink(Submitter row) {
        return switch (row.verdict()) {
            case OFFENDING -> TextRole.BAD;
            case SUSPECT -> TextRole.WARN;
            case CLEAN -> TextRole.DIM;
        };
    }

    private static TextRole evidence(Submitter row) {
        return row.evidence().trusted() || row.verdict() == Verdict.CLEAN ? TextRole.DIM : TextRole.WARN;
    }

    private static String age(Submitter row, Instant now) {
        return row.counts()
                .oldest()
                .map(at -> Durations.age(Duration.between(at, now)))
                .orElse("");
    }

    static Details details(Submitter row, Snapshot snapshot) {
        List<Line> who = new ArrayList<>();
        snapshot.mail()
                .account(row.origin())
                .ifPresent(account -> who.add(Line.of("account", SafeText.clean(account))));
        who.add(new Line(
                "evidence",
                row.evidence().word() + (row.evidence().trusted() ? "" : ": may be forged"),
                evidence(row)));
        listed(who, "script", row.scripts());
        listed(who, "sender", row.senders());
        if (row.networks() > 1) {
            who.add(Line.of("networks", "logged in from " + row.networks() + " networks in the last hour"));
        }
        if (row.failedLogins() > 0) {
            who.add(Line.of("refused", Numbers.count(row.failedLogins()) + " failed logins in the last hour"));
        }
        List<Line> what = new ArrayList<>();
        what.add(Line.of(
                "rate",
                Numbers.count(row.recipientsPerMinute()) + " recipients/min, "
                        + Numbers.count(row.recipientsPerHour()) + "/h, " + Numbers.count(row.distinctRecipients())
                        + " different"));
        listed(what, "to", row.domains());
        listed(what, "deferred", row.deferrals());
        List<Line> first = List.of(new Line("reason", SafeText.clean(row.reason()), ink(row)));
        return new Details(
                words(row.origin()), row.id(), first, Optional.empty(), List.of(), who, what, messages(row, snapshot));
    }

    private static void listed(List<Line> lines, String label, List<Counted> counted) {
        if (!counted.isEmpty()) {
            lines.add(Line.of(
                    label,
                    counted.stream()
                            .limit(3)
                            .map(each -> SafeText.clean(each.text(), 60) + " (" + Numbers.count(each.count()) + ")")
                            .collect(Collectors.joining(" · "))));
        }
    }

    static List<Page.Tab> tabs(Submitter row, Snapshot snapshot) {
        Details details = details(row, snapshot);
        List<Line> who = new ArrayList<>(details.first());
        who.addAll(details.who());
        who.addAll(details.what());
        List<Page.Listed> listed = listed(row, snapshot);
        List<Line> above = List.of(
                listed.isEmpty()
                        ? Line.of("messages", "none of this submitter's is known now")
                        : Line.dim("↑ ↓ choose a message, Enter reads it"));
        return List.of(Page.Tab.of("Who", who), new Page.Tab("Messages", above, listed));
    }

    private static List<Line> messages(Submitter row, Snapshot snapshot) {
        List<Line> lines = new ArrayList<>();
        String label = "messages";
        for (Page.Listed listed : listed(row, snapshot)) {
            if (lines.size() == MOST_MESSAGES) {
                break;
            }
            lines.add(new Line(label, listed.line().text(), listed.line().ink()));
            label = "";
        }
        if (!lines.isEmpty()) {
            lines.add(Line.dim("Enter opens the page with all of them; there Enter reads one"));
        }
        return lines;
    }

    /** The messages of a submitter, newest first. */
    static List<Page.Listed> listed(Submitter row, Snapshot snapshot) {
        List<MailSnapshot.Message> shown = snapshot.mail().messages().stream()
                .filter(message -> message.submitterId().equals(row.id()))
                .toList();
        int width = shown.stream()
                .mapToInt(message -> Columns.width(SafeText.clean(message.id().id())))
                .max()
                .orElse(0);
        return shown.stream().map(message -> listed(message, snapshot, width)).toList();
    }

    private static Page.Listed listed(MailSnapshot.Message message, Snapshot snapshot, int width) {
        String to =
                message.recipients().stream().findFirst().map(SafeText::clean).orElse("nobody");
        String more = message.recipientCount() > 1 ? " +" + (message.recipientCount() - 1) : "";
        String subject = SafeText.clean(message.attributes().subject(), 40);
        boolean disputed = message.provenance().isDisputed();
        return new Page.Listed(
                message.id(),
                new Line(
                        "",
                        Columns.fit(SafeText.clean(message.id().id()), width) + " "
                                + Columns.fit(message.status(), LONGEST_STATUS) + " "
                                + Columns.fitLeft(
                                        Durations.age(Duration.between(message.arrival(), snapshot.at())), LONGEST_AGE)
                                + " to " + to + more
                                + (subject.isEmpty() ? "" : " \"" + subject + "\"")
                                + (disputed ? " disputed" : ""),
                        disputed ? TextRole.WARN : TextRole.TEXT));
    }

    /** Whether somebody may be punished on what is known of it. */
    public static boolean trusted(Submitter row) {
        return row.evidence() != Provenance.Evidence.NONE && row.evidence().trusted();
    }
}
