package org.outguard.mta.exim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.exec.BackgroundProgram;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mta.EvidenceMbox;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.MessageActions;
import org.outguard.mta.Problems;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.SpoolLayout.Folder;

/**
 * Acts on queued messages by exim(8), hundreds of ids a call. What is frozen is on hold; {@code -M} and {@code -qff} would
 * deliver it all the same, so neither is used, nor {@code -Mg}, which makes bounces.
 */
final class EximMessages implements MessageActions {

    private static final int IDS_A_CALL = 500;
    private static final int MOST_SHOWN_IDS = 8;
    private static final Pattern DID =
            Pattern.compile("Message \\S+ (?:is now frozen|is already frozen|is no longer frozen|has been removed)");
    private static final Pattern LOCKED = Pattern.compile("Message (\\S+) is locked");

    /**
     * A message is locked while a delivery or a run of the queue looks at it, mostly for some milliseconds, and then takes no
     * change. It is tried again this often; a delivery to a slow host outlasts that, and is told of.
     */
    private static final int TRIES = 100;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final EximProgram program;
    private final EximLayout layout;
    private final ProgramCalls calls;

    EximMessages(EximProgram program, EximLayout layout, ProgramCalls calls) {
        this.program = program;
        this.layout = layout;
        this.calls = calls;
    }

    @Override
    public String commands(MessageStep step) {
        if (step instanceof MessageStep.Hold) {
            return shown(step, "-Mf");
        } else if (step instanceof MessageStep.Release) {
            return shown(step, "-Mt") + "; " + program.shown("-q");
        } else if (step instanceof MessageStep.Requeue) {
            return "(Exim takes nothing in anew)";
        } else if (step instanceof MessageStep.Delete delete) {
            String save = delete.savedTo().isEmpty() ? "" : "(each is appended to " + delete.savedTo() + " first) ";
            return shown(step, "-Mf") + "; " + save + shown(step, "-Mrm");
        }
        return CommandRunner.describe(flushing((MessageStep.Flush) step));
    }

    private String shown(MessageStep step, String option) {
        List<String> ids = step.messages().stream().map(ref -> ref.id().id()).toList();
        String more = ids.size() > MOST_SHOWN_IDS ? " … (" + ids.size() + " ids)" : "";
        return program.shown(option) + " " + ids.stream().limit(MOST_SHOWN_IDS).collect(Collectors.joining(" ")) + more;
    }

    /* -f tries although a retry is not due yet; frozen messages are left alone unless it is given twice. */
    private List<String> flushing(MessageStep.Flush flush) {
        if (!flush.site().isEmpty()) {
            return program.argv("-Rf", flush.site());
        }
        List<MessageRef> messages = flush.messages();
        return messages.isEmpty()
                ? program.argv("-qf")
                : program.argv(
                        "-qf",
                        messages.get(0).id().id(),
                        messages.get(messages.size() - 1).id().id());
    }

    @Override
    public Done run(MessageStep step) {
        if (step instanceof MessageStep.Requeue) {
            return Done.none("Exim takes nothing in anew");
        }
        if (step instanceof MessageStep.Flush flush) {
            return inBackground(flushing(flush), Math.max(1, flush.messages().size()));
        }
        List<String> problems = new ArrayList<>();
        List<MessageRef> same = check(step.messages(), problems);
        int count = 0;
        if (step instanceof MessageStep.Hold) {
            count = exim("-Mf", same, problems);
        } else if (step instanceof MessageStep.Release) {
            count = exim("-Mt", same, problems);
            if (count > 0) {
                problems.addAll(inBackground(program.argv("-q"), 1).problems());
            }
        } else if (step instanceof MessageStep.Delete delete) {
            exim("-Mf", same, new ArrayList<>());
            List<MessageRef> held = check(same, problems);
            List<MessageRef> saved =
                    delete.savedTo().isEmpty() ? held : save(held, Path.of(delete.savedTo()), problems);
            count = exim("-Mrm", saved, problems);
        }
        return new Done(count, problems, problems.stream().anyMatch(problem -> problem.startsWith("exim -")));
    }

    @Override
    public List<MessageRef> found(List<MessageRef> messages, boolean onHold) {
        return check(messages, new ArrayList<>()).stream()
                .filter(ref -> !onHold || isFrozen(ref))
                .toList();
    }

    private boolean isFrozen(MessageRef ref) {
        Optional<Path> file = find(ref);
        try {
            return file.isPresent() && layout.header(file.get()).isFrozen();
        } catch (IOException e) {
            return false;
        }
    }

    private int exim(String option, List<MessageRef> messages, List<String> problems) {
        int count = 0;
        Set<String> locked = new LinkedHashSet<>();
        for (int from = 0; from < messages.size(); from += IDS_A_CALL) {
            List<String> ids = messages.subList(from, Math.min(messages.size(), from + IDS_A_CALL)).stream()
                    .map(ref -> ref.id().id())
                    .toList();
            count += exim(option, ids, locked, problems);
        }
        for (int i = 0; i < TRIES && !locked.isEmpty(); i++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            List<String> again = locked.stream().limit(IDS_A_CALL).toList();
            again.forEach(locked::remove);
            count += exim(option, again, locked, problems);
        }
        if (!locked.isEmpty()) {
            problems.add(locked.size() + " are being delivered at this moment");
        }
        return count;
    }

    /* How many it did; those that were locked are kept for later. */
    private int exim(String option, List<String> ids, Set<String> locked, List<String> problems) {
        List<String> argv = program.argv(option);
        argv.addAll(ids);
        Said said = calls.call(argv, "");
        int did = (int) DID.matcher(said.all()).results().count();
        int kept = locked.size();
        LOCKED.matcher(said.all())
                .results()
                .map(result -> result.group(1))
                .filter(ids::contains)
                .forEach(locked::add);
        if (did + locked.size() - kept < ids.size()) {
            problems.add("exim " + option + ": " + said.complaint());
        }
        return did;
    }

    /* A queue run ends when every delivery has; it goes on without us. */
    private Done inBackground(List<String> argv, int count) {
        BackgroundProgram.Start start = BackgroundProgram.start(calls.background(argv));
        return start instanceof BackgroundProgram.Start.NotStarted failed
                ? Done.none("exim: " + failed.reason())
                : Done.all(count);
    }

    private List<MessageRef> check(List<MessageRef> messages, List<String> problems) {
        List<MessageRef> same = new ArrayList<>();
        int gone = 0;
        int others = 0;
        for (MessageRef ref : messages) {
            Optional<Path> file = EximLayout.isId(ref.id().id()) ? find(ref) : Optional.empty();
            if (file.isEmpty()) {
                gone++;
            } else if (fits(file.get(), ref)) {
                same.add(ref);
            } else {
                others++;
            }
        }
        problems.addAll(Problems.notTheSame(gone, others));
        return same;
    }

    private boolean fits(Path file, MessageRef ref) {
        try {
            SpoolHeader header = layout.header(file);
            return header.arrival().equals(ref.arrival()) && header.sender().equals(ref.sender());
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Path> find(MessageRef ref) {
        for (Folder folder : layout.candidates(ref.id().id())) {
            Path path = folder.path().resolve(ref.id().id() + "-H");
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private List<MessageRef> save(List<MessageRef> messages, Path mbox, List<String> problems) {
        return EvidenceMbox.save(messages, mbox, this::copy, problems::add, problems::add);
    }

    private byte[] all(Path file) throws IOException {
        try (InputStream in = layout.stream(file)) {
            return in.readAllBytes();
        }
    }

    private void copy(MessageRef message, EvidenceMbox to) throws IOException {
        Path headerFile = find(message).orElseThrow(() -> new IOException("it is gone"));
        to.begin(message);
        SpoolHeader header = layout.header(headerFile);
        if (!header.whole()) {
            throw new IOException("its spool file is damaged");
        }
        to.note("Sender", header.sender().getBytes(StandardCharsets.UTF_8));
        for (var recipient : header.recipients()) {
            to.note("Recipient", recipient.address().getBytes(StandardCharsets.UTF_8));
        }
        for (byte[] line : SpoolHeader.fieldLines(all(headerFile))) {
            to.line(line, true);
        }
        to.line(new byte[0], true);
        String name = String.valueOf(headerFile.getFileName());
        Path body = headerFile.resolveSibling(name.substring(0, name.length() - 1) + "D");
        // The first line of a body file is its own name.
        boolean first = true;
        try (var lines = new BodyLines(layout.stream(body))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (!first) {
                    to.line(line, true);
                }
                first = false;
            }
        }
    }
}
