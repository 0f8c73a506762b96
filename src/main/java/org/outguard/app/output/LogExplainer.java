package org.outguard.app.output;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.outguard.app.mail.MailLogWatch;
import org.outguard.guard.observation.Observation;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Source;
import org.outguard.maillog.line.LineKind;
import org.outguard.text.SafeText;

/** Says of each line of a mail log what was made of it: a line of text each, and one more for each message it changed. */
public final class LogExplainer {

    private static final int BATCH = 1_024;

    private final MailLog log;
    private final PrintWriter out;

    public LogExplainer(MailLog log, PrintWriter out) {
        this.log = log;
        this.out = out;
    }

    /** Explains the line that the source has just taken in, and hands on what it changed. */
    public void explain(Source source, Consumer<Observation> sink) {
        String program = source.words();
        out.println(SafeText.clean(source.name() + ":" + source.number() + ": "
                + (source.kind() == LineKind.READ
                        ? "read"
                        : "line " + source.kind().words())
                + (program.isEmpty() ? "" : " (" + program + ")")));
        List<LoggedMessage> changed = log.changed(BATCH);
        changed.forEach(message -> out.println("  " + SafeText.clean(words(message))));
        if (!changed.isEmpty()) {
            MailLogWatch.handOn(changed, sink);
        }
    }

    private static String words(LoggedMessage m) {
        Provenance root = m.root();
        String derived =
                m.provenance().origin() instanceof MailOrigin.Derived d ? d.kind() + " of " + d.who() + ", " : "";
        String disputed = root.isDisputed() ? " (disputed)" : "";
        String reason = root.origin() instanceof MailOrigin.Unknown unknown ? " (" + unknown.reason() + ")" : "";
        String fates = m.recipients().stream()
                .map(fate -> ", " + fate.address() + " " + fate.status().word())
                .collect(Collectors.joining());
        return (m.id().instance() + " " + m.id().id() + ": " + m.state().word() + ", " + derived
                                + root.origin().kind() + " " + root.origin().who())
                        .stripTrailing()
                + disputed
                + reason
                + fates;
    }

    /** The end of all lines. */
    public void finish() {
        out.flush();
    }
}
