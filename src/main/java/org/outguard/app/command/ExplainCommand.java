package org.outguard.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.outguard.app.host.Confining;
import org.outguard.app.host.LocalNetworks;
import org.outguard.app.host.LocalUsers;
import org.outguard.app.mail.MailReplay;
import org.outguard.app.option.RecordOptions;
import org.outguard.app.output.ActionLogLines;
import org.outguard.app.output.Records;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.MailObservation;
import org.outguard.headless.AbuseExplanation;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.ExplanationReport;
import org.outguard.headless.PastMessage;
import org.outguard.headless.PastOffender;
import org.outguard.headless.ProviderReply;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.ComplaintReader;
import org.outguard.headless.complaint.Kind;
import org.outguard.headless.ndjson.MessageBook;
import org.outguard.procfs.PasswdFile;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard explain}: who did what an abuse mail shows. */
@Command(
        name = "explain",
        description = "read an abuse mail, and say who did that from what was recorded",
        footer = "Exit status 1: the sender of something in the mail is unknown.")
public final class ExplainCommand implements Callable<Integer> {

    private static final int MAX_MAIL_BYTES = 16 << 20;

    /* For a listing the top senders of the week before; for one message how many like it around it. */
    private static final int DAYS_BEFORE_LISTING = 7;
    private static final int DAYS_AROUND_MESSAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE|-",
            description = "the mail as it came, or its text; - for standard input")
    String mail = "-";

    @Option(
            names = "--local",
            paramLabel = "ADDR[/LEN]",
            converter = LocalNetworks.Word.class,
            description = "which addresses are this machine's, repeatable; those of its interfaces if not given")
    List<LocalNetworks.Network> local = new ArrayList<>();

    @Option(
            names = "--mail-log",
            paramLabel = "FILE",
            description = "mail log to look the message up in, gzip or not; repeatable")
    List<Path> mailLogs = new ArrayList<>();

    @Option(names = "--json", description = "one object: kind, zone, rows, mail, answers")
    boolean json;

    @Option(names = "--reply", description = "print a draft of the answer to who complained, and nothing else")
    boolean reply;

    @Mixin
    final RecordOptions recorded = new RecordOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        if (json && reply) {
            throw new ParameterException(spec.commandLine(), "--json and --reply exclude each other");
        }
        Instant now = Clock.systemUTC().instant();
        Predicate<IpAddress> ours = LocalNetworks.ours(local);
        // What follows reads a stranger's mail.
        Confining.toReading(null, !mailLogs.isEmpty());
        Complaint complaint = ComplaintReader.read(bytes(err), ours, now);
        boolean nothing =
                complaint.rows().isEmpty() && complaint.message().isEmpty() && complaint.kind() != Kind.SPAM_LISTING;
        if (nothing) {
            err.println("outguard: there is no row in this mail that names a packet, and no message;"
                    + " give it as it came, with its attachments");
            complaint.notes().forEach(note -> err.println("outguard: " + SafeText.clean(note)));
            if (!json) {
                return ExitStatus.FAILED.code();
            }
        }
        AbuseExplanation abuseExplanation = new AbuseExplanation(complaint, ours, now);
        int days = complaint.message().isPresent() ? DAYS_AROUND_MESSAGE : DAYS_BEFORE_LISTING;
        MessageBook book = new MessageBook(complaint, days, now);
        try (Records records = Records.open(recorded.given(), recorded.store())) {
            return answer(abuseExplanation, book, nothing, records, err);
        }
    }

    private int answer(
            AbuseExplanation abuseExplanation, MessageBook book, boolean nothing, Records records, PrintWriter err)
            throws IOException {
        Complaint complaint = abuseExplanation.complaint();
        boolean aboutMail = complaint.message().isPresent() || complaint.kind() == Kind.SPAM_LISTING;
        if (aboutMail) {
            records.messages(book.from(), book.until(), book::add);
        }
        List<PastOffender> offenders = records.offenders(
                abuseExplanation::concerns, abuseExplanation.now(), aboutMail ? book::add : message -> {});
        boolean whole = !aboutMail || readLogs(book, err);
        warn(records, book, err);
        List<PastOffender> quiet = records.quiet(abuseExplanation.asked(), abuseExplanation.now());
        AbuseExplanation.Result result =
                abuseExplanation.answer(offenders, quiet, book, ActionLogLines.of(recorded.journal()));
        if (result.named() < result.asked()) {
            records.gaps(abuseExplanation.asked()).forEach(gap -> err.println("outguard: " + SafeText.clean(gap)));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                json
                        ? ExplanationReport.json(complaint, result)
                        : reply
                                ? ProviderReply.of(abuseExplanation, result)
                                : ExplanationReport.text(abuseExplanation, result));
        out.flush();
        return (whole && !nothing && result.named() == result.asked() ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }

    private void warn(Records records, MessageBook book, PrintWriter err) {
        if (!records.nothing() || mailLogs.isEmpty()) {
            records.warn(err);
        }
        if (book.full()) {
            err.println("outguard: there were more messages than fit: the sums are too low");
        }
    }

    private boolean readLogs(MessageBook book, PrintWriter err) {
        LocalUsers users = new LocalUsers(new PasswdFile(Path.of("/etc/passwd")));
        try (MailReplay logs = new MailReplay(
                mailLogs,
                users,
                seen -> {
                    if (seen instanceof MailObservation.MailLogged logged) {
                        logged.messages().forEach(message -> book.add(PastMessage.of(message)));
                    }
                },
                err,
                null)) {
            logs.finish(now -> {});
            return logs.whole();
        }
    }

    private byte[] bytes(PrintWriter err) throws IOException {
        try (InputStream in = mail.equals("-") ? System.in : Files.newInputStream(Path.of(mail))) {
            byte[] bytes = in.readNBytes(MAX_MAIL_BYTES);
            if (bytes.length == MAX_MAIL_BYTES) {
                err.println("outguard: " + SafeText.clean(mail) + ": only the first " + (MAX_MAIL_BYTES >> 20)
                        + " MiB were read");
            }
            return bytes;
        }
    }
}
