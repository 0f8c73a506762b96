package org.outguard.mta.opensmtpd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mta.EvidenceMbox;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.MessageActions;
import org.outguard.mta.Problems;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/** Acts on queued messages by smtpctl(8), a call a message; what is paused is on hold until smtpd(8) is started anew. */
final class OpenSmtpdMessages implements MessageActions {

    private static final int MOST_SHOWN_IDS = 8;
    private static final int MOST_MESSAGE = 64 * 1024 * 1024;
    private static final Pattern DID =
            Pattern.compile("(?m)^[1-9]\\d* envelopes? (?:paused|resumed|removed|scheduled)");

    private final String program;
    private final QueueFolder folder;
    private final ProgramCalls calls;

    OpenSmtpdMessages(String program, QueueFolder folder, ProgramCalls calls) {
        this.program = program;
        this.folder = folder;
        this.calls = calls;
    }

    private List<String> argv(String... words) {
        List<String> argv = new ArrayList<>(List.of(program));
        argv.addAll(List.of(words));
        return argv;
    }

    @Override
    public String commands(MessageStep step) {
        if (step instanceof MessageStep.Hold) {
            return shown(step, "pause", "envelope");
        } else if (step instanceof MessageStep.Release) {
            return shown(step, "resume", "envelope") + "; " + shown(step, "schedule");
        } else if (step instanceof MessageStep.Requeue) {
            return "(OpenSMTPD takes nothing in anew)";
        } else if (step instanceof MessageStep.Delete delete) {
            String save = delete.savedTo().isEmpty() ? "" : "(each is appended to " + delete.savedTo() + " first) ";
            return shown(step, "pause", "envelope") + "; " + save + shown(step, "remove");
        }
        MessageStep.Flush flush = (MessageStep.Flush) step;
        if (!flush.site().isEmpty()) {
            return "(OpenSMTPD cannot flush one domain)";
        }
        return flush.messages().isEmpty() ? CommandRunner.describe(argv("schedule", "all")) : shown(step, "schedule");
    }

    private String shown(MessageStep step, String... words) {
        List<String> ids = step.messages().stream().map(ref -> ref.id().id()).toList();
        String more = ids.size() > MOST_SHOWN_IDS ? " … (" + ids.size() + " ids, a call each)" : "";
        return CommandRunner.describe(argv(words)) + " "
                + ids.stream().limit(MOST_SHOWN_IDS).collect(Collectors.joining(" "))
                + more;
    }

    @Override
    public Done run(MessageStep step) {
        Problems problems = new Problems();
        if (step instanceof MessageStep.Requeue) {
            return Done.none("OpenSMTPD takes nothing in anew");
        }
        if (step instanceof MessageStep.Flush flush && flush.messages().isEmpty()) {
            return flushAll(flush);
        }
        List<MessageRef> same = same(step.messages(), problems);
        int count;
        if (step instanceof MessageStep.Hold) {
            count = each(same, problems, "pause", "envelope").size();
        } else if (step instanceof MessageStep.Release) {
            List<MessageRef> resumed = each(same, problems, "resume", "envelope");
            each(resumed, new Problems(), "schedule");
            count = resumed.size();
        } else if (step instanceof MessageStep.Delete delete) {
            each(same, new Problems(), "pause", "envelope");
            List<MessageRef> held = same(same, problems);
            List<MessageRef> saved =
                    delete.savedTo().isEmpty() ? held : save(held, Path.of(delete.savedTo()), problems);
            count = each(saved, problems, "remove").size();
        } else {
            count = each(same, problems, "schedule").size();
        }
        return problems.done(count);
    }

    private Done flushAll(MessageStep.Flush flush) {
        if (!flush.site().isEmpty()) {
            return Done.none("OpenSMTPD cannot flush one domain: name messages, or flush all of the queue");
        }
        Said said = calls.call(argv("schedule", "all"), "");
        return said.ok() ? Done.all(1) : new Done(0, List.of("smtpctl: " + said.complaint()), true);
    }

    /* Those to which it was done. It ends with 0 also where there was no such message. */
    private List<MessageRef> each(List<MessageRef> messages, Problems problems, String... words) {
        List<MessageRef> done = new ArrayList<>();
        int missed = 0;
        for (MessageRef ref : messages) {
            List<String> argv = argv(words);
            argv.add(ref.id().id());
            Said said = calls.call(argv, "");
            if (!said.ok()) {
                problems.failed("smtpctl " + words[0] + ": " + said.complaint());
                return done;
            }
            if (DID.matcher(said.all()).find()) {
                done.add(ref);
            } else {
                missed++;
            }
        }
        if (missed > 0) {
            problems.add(missed + " were not in a state in which that can be done");
        }
        return done;
    }

    private List<MessageRef> same(List<MessageRef> messages, Problems problems) {
        List<MessageRef> same = new ArrayList<>();
        int gone = 0;
        int others = 0;
        for (MessageRef ref : messages) {
            boolean there = folder.isSame(ref).isPresent();
            if (folder.isSame(ref).orElse(false)) {
                same.add(ref);
            } else {
                gone += there ? 0 : 1;
                others += there ? 1 : 0;
            }
        }
        problems.addAll(Problems.notTheSame(gone, others));
        return same;
    }

    @Override
    public List<MessageRef> found(List<MessageRef> messages, boolean onHold) {
        List<MessageRef> same = same(messages, new Problems());
        if (!onHold || same.isEmpty()) {
            return same;
        }
        Set<String> paused = Set.copyOf(
                SmtpctlReader.paused(calls.call(argv("show", "queue"), "").out()));
        return same.stream().filter(ref -> paused.contains(ref.id().id())).toList();
    }

    private List<MessageRef> save(List<MessageRef> messages, Path mbox, Problems problems) {
        return EvidenceMbox.save(messages, mbox, this::copy, problems::add, problems::failed);
    }

    private void copy(MessageRef message, EvidenceMbox to) throws IOException {
        try (InputStream in = folder.open(message.id().id())) {
            to.begin(message);
            to.note("Sender", message.sender().getBytes(StandardCharsets.UTF_8));
            lines(in.readNBytes(MOST_MESSAGE), to);
            // A message that is saved is deleted: not one of which a part is missing.
            if (in.read() >= 0) {
                throw new IOException("it has more than " + MOST_MESSAGE + " bytes");
            }
        }
    }

    private static void lines(byte[] message, EvidenceMbox file) throws IOException {
        int from = 0;
        for (int i = 0; i <= message.length; i++) {
            if (i == message.length ? from < i : message[i] == '\n') {
                file.line(java.util.Arrays.copyOfRange(message, from, i), true);
                from = i + 1;
            }
        }
    }
}
