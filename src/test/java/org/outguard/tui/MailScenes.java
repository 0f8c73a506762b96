package org.outguard.tui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.app.demo.LabMail;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.MailSnapshot.Counted;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/** Mail as a guard would show it, and the same each time. */
public final class MailScenes {

    public static final String SCRIPT = "m-1a";
    static final String LOGIN = "m-2b";

    /** What a sender of unwanted mail was heard to say. */
    public static final SmtpSnapshot SAID = new SmtpSnapshot(
            41,
            2,
            List.of(new Counted("spam.example", 40), new Counted("localhost", 1)),
            "win@b.example",
            38,
            40,
            712,
            List.of(new SmtpSnapshot.Code(421, 1), new SmtpSnapshot.Code(550, 311)),
            List.of(new SmtpSnapshot.Code(250, 400), new SmtpSnapshot.Code(550, 312)));

    private MailScenes() {}

    /** The flood, and above it a mail system that delivers what a script has handed in. */
    static Snapshot heard() {
        Talker.Mail mail = new Talker.Mail(
                new MailOrigin.LocalUser(33, "www-data", ""),
                "/var/www/shop/cache/x7.php",
                Provenance.Evidence.QUEUE_FILE,
                List.of(
                        new QueueId("", "postfix", "878D313894B"),
                        new QueueId("", "postfix", "9A1C4138951"),
                        new QueueId("", "postfix", "A02BB138956")),
                script("www-data", "/var/www/shop/cache/x7.php").counts());
        Talker smtp = saying(Scenes.postfix(), Optional.of(mail), SAID);
        return Scenes.withMail(Scenes.snapshot(List.of(smtp, Scenes.slow(), Scenes.dns()), List.of()), picture());
    }

    /** The same talker, with what is known of its mail; it is over a limit by that. */
    public static Talker saying(Talker plain, Optional<Talker.Mail> mail, SmtpSnapshot smtp) {
        return new Talker(
                plain.id(),
                new Talker.Assessment(
                        OffenceKind.SMTP_BURST,
                        Verdict.OFFENDING,
                        "312 of 712 recipients refused in an hour (43 %), limit 50 and 30 %",
                        88,
                        0,
                        OptionalInt.empty()),
                plain.sender(),
                new Talker.Flows(plain.protocol(), plain.remotes(), plain.remoteCount(), Optional.of(smtp)),
                plain.counts(),
                mail,
                plain.blocks(),
                plain.status());
    }

    public static MailSnapshot picture() {
        return new MailSnapshot(
                true,
                List.of(),
                new MailSnapshot.Totals(4_310, 2, 3_877, 0, 9_120, 21_400, 5_020, 611, 1, Optional.of(ago(7_300))),
                List.of(script("www-data", "/var/www/shop/cache/x7.php"), login(), client()),
                3,
                List.of(
                        message("878D313894B", SCRIPT, QueuedMessage.Status.DEFERRED, "Your parcel is waiting"),
                        message("9A1C4138951", SCRIPT, QueuedMessage.Status.ACTIVE, "Your parcel is waiting"),
                        message("A02BB138956", SCRIPT, QueuedMessage.Status.HOLD, "Your parcel is waiting")),
                MailSnapshot.News.NONE,
                LogReading.NONE);
    }

    static MailSnapshot noneInTheDemo() {
        return MailSnapshot.none(List.of("no mail in this demo: " + LabMail.NOT_INSTALLED, LabMail.HOW_TO_INSTALL));
    }

    private static Instant ago(int seconds) {
        return Scenes.NOW.minusSeconds(seconds);
    }

    public static Submitter script(String user, String script) {
        return new Submitter(
                SCRIPT,
                new MailOrigin.LocalUser(33, user, ""),
                Provenance.Evidence.QUEUE_FILE,
                new Submitter.Assessment(
                        OffenceKind.SUBMISSION_BURST,
                        Verdict.OFFENDING,
                        "312 recipients/min, limit 30; 38 % of 13,200 recipients failed",
                        100,
                        Optional.empty(),
                        new Submitter.Proven(Verdict.OFFENDING, "of it")),
                new MailSnapshot.Totals(4_201, 1, 3_800, 0, 8_800, 20_900, 5_012, 0, 0, Optional.of(ago(7_300))),
                new Submitter.Activity(312, 11_840, 9_400, 0, 0, ago(7_300), ago(1)),
                new Submitter.Examples(
                        List.of(new Counted(script, 8_790), new Counted("/var/www/shop/contact.php", 10)),
                        List.of(new Counted("info@shop.example", 8_800)),
                        List.of(new Counted("yahoo.example", 6_100), new Counted("gmx.example", 2_700)),
                        List.of(new Counted("421 4.7.0 temporarily deferred due to user complaints", 3_700)),
                        List.of(new QueueId("", "postfix", "878D313894B"))));
    }

    private static Submitter login() {
        return new Submitter(
                LOGIN,
                new MailOrigin.Login("info@example.org", "198.51.100.7", OptionalInt.of(51_234)),
                Provenance.Evidence.LOG,
                new Submitter.Assessment(
                        OffenceKind.SUBMISSION_BURST,
                        Verdict.SUSPECT,
                        "logged in from 5 networks in an hour, limit 3",
                        40,
                        Optional.empty(),
                        new Submitter.Proven(Verdict.SUSPECT, "of it")),
                new MailSnapshot.Totals(12, 0, 4, 0, 40, 120, 8, 0, 0, Optional.of(ago(600))),
                new Submitter.Activity(9, 110, 96, 5, 0, ago(3_000), ago(20)),
                new Submitter.Examples(
                        List.of(),
                        List.of(new Counted("info@example.org", 40)),
                        List.of(new Counted("example.net", 60)),
                        List.of(),
                        List.of()));
    }

    private static Submitter client() {
        return new Submitter(
                "m-3c",
                new MailOrigin.Client("192.0.2.77", OptionalInt.empty()),
                Provenance.Evidence.LOG,
                new Submitter.Assessment(
                        OffenceKind.BACKSCATTER,
                        Verdict.CLEAN,
                        "4 recipients/min, limit 30",
                        3,
                        Optional.empty(),
                        new Submitter.Proven(Verdict.CLEAN, "of it")),
                new MailSnapshot.Totals(0, 0, 0, 0, 31, 31, 0, 0, 0, Optional.empty()),
                new Submitter.Activity(4, 31, 12, 0, 0, ago(9_000), ago(60)),
                new Submitter.Examples(
                        List.of(), List.of(), List.of(new Counted("example.org", 31)), List.of(), List.of()));
    }

    public static MailSnapshot.Message message(
            String id, String submitter, QueuedMessage.Status status, String subject) {
        Provenance provenance =
                Provenance.of(new MailOrigin.LocalUser(33, "www-data", ""), Provenance.Evidence.QUEUE_FILE);
        return new MailSnapshot.Message(
                new QueueId("", "postfix", id),
                ago(120),
                new MailSnapshot.Message.Submission(submitter, provenance, provenance),
                new MailSnapshot.Message.Envelope("info@shop.example", List.of("a.person@yahoo.example"), 12),
                3_120,
                new QueuedMessage.Attributes("<1@shop.example>", subject, "33:x7.php"),
                new MailSnapshot.Message.Delivery(
                        Optional.of(status),
                        LoggedMessage.State.OPEN,
                        0,
                        0,
                        12,
                        "421 4.7.0 temporarily deferred",
                        List.of()));
    }
}
