package org.outguard.mta.opensmtpd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.MailHost;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystemContext;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.QueueReader;

/** The OpenSMTPD of a place. Its log is not read. */
public final class OpenSmtpdSystem implements MailSystem {

    private static final List<String> PROGRAMS = List.of("/usr/sbin/smtpctl", "/usr/local/sbin/smtpctl");
    private static final Path QUEUE = Path.of("/var/spool/smtpd/queue");
    private static final int MOST_TEXT = 256 * 1024;

    /** Of Debian and of the portable release (smtpd/smtpd.h, SMTPD_USER). */
    private static final List<String> USERS = List.of("opensmtpd", "_smtpd", "smtpd");

    private final String program;
    private final QueueFolder folder;
    private final MailSystemContext context;
    private final ProgramCalls calls;

    private OpenSmtpdSystem(String program, MailSystemContext context) {
        this.program = program;
        this.context = context;
        this.calls = context.calls();
        this.folder = new QueueFolder(context.host().path(QUEUE), context.host());
    }

    /** OpenSMTPD as a list of one; empty where there is none, or where it was never started. */
    public static List<MailSystem> all(MailSystemContext context) {
        for (String program : PROGRAMS) {
            if (context.host().exists(Path.of(program))
                    && Files.isDirectory(context.host().path(QUEUE))) {
                return List.of(new OpenSmtpdSystem(program, context));
            }
        }
        return List.of();
    }

    @Override
    public String instance() {
        return context.host().instance("opensmtpd");
    }

    @Override
    public MailHost host() {
        return context.host();
    }

    @Override
    public Set<Integer> uids() {
        Set<Integer> uids = new HashSet<>();
        USERS.forEach(user -> context.users().uidOf(user).ifPresent(uids::add));
        return uids;
    }

    @Override
    public QueueReader reader() {
        return new SmtpctlReader(instance(), program, folder, calls, context.ticker());
    }

    @Override
    public String text(QueueId id, boolean body) {
        String all = calls.call(program, "show", "message", id.id()).out();
        int end = all.indexOf("\n\n");
        String text = body || end < 0 ? all : all.substring(0, end + 1);
        return text.substring(0, Math.min(text.length(), MOST_TEXT));
    }

    /* Its processes keep no file of a message open while they deliver it. */
    @Override
    public DeliveryFiles deliveries() {
        return new DeliveryFiles() {
            @Override
            public Set<String> programs() {
                return Set.of();
            }

            @Override
            public Optional<QueueId> id(Path file) {
                return Optional.empty();
            }

            @Override
            public Optional<QueuedMessage> read(Path file, QueueId id) {
                return Optional.empty();
            }
        };
    }

    @Override
    public MessageActions messages() {
        return new OpenSmtpdMessages(program, folder, calls);
    }

    @Override
    public SubmissionActions submission() {
        return new OpenSmtpdSubmission(program, calls);
    }
}
