package org.outguard.tui.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.MailSnapshot.Message;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueuedMessage;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Subject;
import org.outguard.tui.view.MailView;

/** What can be done with mail: each message is named by id, arrival and sender, so that no other is touched. */
final class MailOffer {

    private MailOffer() {}

    static Proposal.Answer of(Keys.Act act, List<Subject> subjects, Snapshot snapshot, String by) {
        List<Submitter> rows = subjects.stream()
                .filter(Subject.OfMail.class::isInstance)
                .map(subject -> ((Subject.OfMail) subject).submitter())
                .toList();
        if (rows.isEmpty()) {
            return new Proposal.No(act == Keys.Act.BAN ? "no user is selected in Mail" : "no mail is selected in Mail");
        }
        return switch (act) {
            case HOLD -> messages(rows, snapshot, by, new Kind("Hold", TextRole.WARN, false));
            case RELEASE -> messages(rows, snapshot, by, new Kind("Release", TextRole.WARN, false));
            case FLUSH -> messages(rows, snapshot, by, new Kind("Flush", TextRole.WARN, false));
            case DELETE -> delete(rows, snapshot, by);
            default -> ban(rows, by);
        };
    }

    private record Kind(String verb, TextRole ink, boolean typed) {

        boolean fits(Message message) {
            boolean held = message.queue().equals(Optional.of(QueuedMessage.Status.HOLD));
            return message.inQueue()
                    && switch (verb) {
                        case "Hold", "Flush" -> !held;
                        default -> held;
                    };
        }

        boolean deletes() {
            return typed;
        }

        /* How many of a sender's messages fit. */
        long of(MailSnapshot.Totals counts) {
            return switch (verb) {
                case "Hold", "Flush" -> counts.queued() - counts.held();
                default -> counts.held();
            };
        }

        String none() {
            return switch (verb) {
                case "Hold" -> "none of its messages in the queue is known that is not on hold";
                case "Flush" -> "none of its messages in the queue is known that could be tried";
                case "Delete" -> "only what is on hold is deleted: hold it first, and look again";
                default -> "none of its messages is on hold";
            };
        }

        String effect(int count) {
            String messages = Numbers.count(count) + (count == 1 ? " message" : " messages");
            return switch (verb) {
                case "Hold" -> "keeps " + messages + " in the queue, undelivered, until released";
                case "Flush" -> "tries to deliver " + messages + " at once";
                case "Delete" -> "deletes " + messages + " after each was saved whole";
                default -> "lets " + messages + " be delivered again";
            };
        }

        Step step(List<MessageStep.MessageRef> refs) {
            return switch (verb) {
                case "Hold" -> new MessageStep.Hold(refs);
                case "Flush" -> new MessageStep.Flush(refs, "");
                case "Delete" -> new MessageStep.Delete(refs, MessageStep.USUAL_FILE);
                default -> new MessageStep.Release(refs, "");
            };
        }
    }

    private static Proposal.Answer delete(List<Submitter> rows, Snapshot snapshot, String by) {
        Optional<Submitter> doubtful =
                rows.stream().filter(row -> !MailView.trusted(row)).findFirst();
        if (doubtful.isPresent()) {
            return new Proposal.No(
                    "who sent it rests on " + doubtful.get().evidence().word()
                            + " alone, which can be forged; delete by queue id in the console");
        }
        return messages(rows, snapshot, by, new Kind("Delete", TextRole.BAD, true));
    }

    private static Proposal.Answer messages(List<Submitter> rows, Snapshot snapshot, String by, Kind kind) {
        Set<String> ids = rows.stream().map(Submitter::id).collect(Collectors.toSet());
        List<Message> listed = fitting(ids, snapshot, kind);
        if (listed.isEmpty()) {
            return new Proposal.No(kind.none());
        }
        return new Proposal.Yes(new Mailing(kind, who(rows), ids, listed, snapshot, by).offer());
    }

    private static List<Message> fitting(Set<String> ids, Snapshot snapshot, Kind kind) {
        return snapshot.mail().messages().stream()
                .filter(message -> ids.contains(message.submitterId()))
                .filter(kind::fits)
                .filter(message -> !kind.typed
                        || message.root().evidence().trusted()
                                && !message.root().isDisputed())
                .toList();
    }

    /**
     * What is done with messages of some submitters.
     *
     * @param listed those that there were when the dialog opened
     * @param opened what was known then
     */
    private record Mailing(Kind kind, String who, Set<String> ids, List<Message> listed, Snapshot opened, String by)
            implements Proposal.Maker {

        private static final int NEWER_TOO = 1;

        Proposal offer() {
            long all = inQueue(opened);
            String count = Numbers.count(listed.size());
            String of = all > listed.size() ? count + " of " + Numbers.count(all) : count;
            return new Proposal(
                    kind.verb + " mail of " + who + "?",
                    kind.ink,
                    kind.verb,
                    List.of(
                            "these " + of + (listed.size() == 1 ? " message" : " messages") + ", none that is newer",
                            "these, and those that come until you confirm"),
                    false,
                    this,
                    kind.typed ? Optional.of(who.substring(who.indexOf(' ') + 1)) : Optional.empty(),
                    known(ids),
                    "mail of " + who + " is no longer known; nothing was done");
        }

        private long inQueue(Snapshot snapshot) {
            return snapshot.mail().submitters().stream()
                    .filter(row -> ids.contains(row.id()))
                    .mapToLong(row -> kind.deletes() ? row.counts().queued() : kind.of(row.counts()))
                    .sum();
        }

        @Override
        public Proposal.Draft make(Proposal.Pick pick) {
            return draft(listed, opened, pick);
        }

        @Override
        public Proposal.Draft make(Proposal.Pick pick, Snapshot live) {
            return pick.choice() == NEWER_TOO ? draft(fitting(ids, live, kind), live, pick) : make(pick);
        }

        private Proposal.Draft draft(List<Message> messages, Snapshot snapshot, Proposal.Pick pick) {
            Step step = kind.step(messages.stream().map(Message::ref).toList());
            long left = inQueue(snapshot) - messages.size();
            String newer = pick.choice() == NEWER_TOO ? ", and those that come until you confirm" : "";
            return new Proposal.Draft(
                    kind.effect(messages.size()) + newer,
                    left <= 0 ? Optional.empty() : Optional.of(left(left)),
                    List.of(new Proposal.Errand(step, new Command.Perform(step, "mail of " + who, by))));
        }

        private String left(long left) {
            String others = Numbers.count(left) + (left == 1 ? " other is" : " others are");
            return kind.deletes()
                    ? others + " in the queue, not on hold or not listed: h holds them first"
                    : others + " in the queue and not listed here; 'outguard " + kind.verb.toLowerCase(Locale.ROOT)
                            + "' reaches them";
        }
    }

    private static Predicate<Snapshot> known(Set<String> ids) {
        return snapshot -> snapshot.mail().submitters().stream().anyMatch(row -> ids.contains(row.id()));
    }

    private static String who(List<Submitter> rows) {
        return rows.size() == 1 ? MailView.words(rows.get(0).origin()) : rows.size() + " tagged";
    }

    private static Proposal.Answer ban(List<Submitter> rows, String by) {
        List<Proposal.Errand> errands = new ArrayList<>();
        List<String> users = new ArrayList<>();
        for (Submitter row : rows) {
            if (!(row.origin() instanceof MailOrigin.LocalUser || row.origin() instanceof MailOrigin.Login)) {
                return new Proposal.No("a ban is for a user or a login; this is a "
                        + row.origin().kind());
            }
            if (!MailView.trusted(row)) {
                return new Proposal.No("who sent it rests on " + row.evidence().word() + " alone, which can be forged");
            }
            String user = row.origin().who();
            Step step = new RestrictionStep.Impose(new MailRestriction.Banned(user));
            users.add(user);
            errands.add(new Proposal.Errand(step, new Command.Perform(step, row.id() + ": " + row.reason(), by)));
        }
        String who = who(rows);
        return new Proposal.Yes(new Proposal(
                "Ban " + who + "?",
                TextRole.BAD,
                "Ban",
                users.stream().map(SafeText::clean).limit(1).toList(),
                false,
                pick -> new Proposal.Draft(
                        who + " may not submit mail until the ban is lifted", Optional.empty(), errands),
                Optional.empty(),
                known(rows.stream().map(Submitter::id).collect(Collectors.toSet())),
                who + " is no longer known; nothing was done"));
    }
}
