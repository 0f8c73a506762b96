package org.outguard.mta.postfix;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.EvidenceMbox;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.MessageActions;
import org.outguard.mta.Problems;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * Acts on queued messages by postsuper(1) and postqueue(1), many ids at once through standard input. postsuper ends
 * with status 0 even where it knew none of them, so what it did is counted from what it says.
 */
final class PostfixMessages implements MessageActions {

    /** So many are tried at once, a program each; the others are when the queue is run next. */
    private static final int MOST_SINGLE_RETRIES = 1_000;

    private static final String NOT_CONFIGURED = "not configured for destination";

    private static final int MOST_SHOWN_IDS = 8;
    private static final Set<Status> EVERYWHERE = Set.of(Status.values());
    private static final Set<Status> ON_HOLD = Set.of(Status.HOLD);

    /** What postsuper says of a message, by its option. */
    private static final Map<String, String> DID =
            Map.of("-h", ": placed on hold", "-H", ": released from hold", "-d", ": removed", "-r", ": requeued");

    /* Ids go out so many bytes at once: soon, and not with a call of the kernel for each. */
    private static final int CHUNK = 1_024;

    private final PostfixInstance instance;
    private final PostfixLayout layout;
    private final ProgramCalls calls;

    PostfixMessages(PostfixInstance instance, PostfixLayout layout, ProgramCalls calls) {
        this.instance = instance;
        this.layout = layout;
        this.calls = calls;
    }

    @Override
    public String commands(MessageStep step) {
        if (step instanceof MessageStep.Hold) {
            return withIds(step, postsuper("-h", "-"));
        } else if (step instanceof MessageStep.Release) {
            return withIds(step, postsuper("-H", "-")) + "; " + retries(step.messages());
        } else if (step instanceof MessageStep.Requeue) {
            return withIds(step, postsuper("-r", "-")) + "; " + CommandRunner.describe(postqueue("-f"));
        } else if (step instanceof MessageStep.Delete delete) {
            String save = delete.savedTo().isEmpty() ? "" : "(each is appended to " + delete.savedTo() + " first) ";
            return withIds(step, postsuper("-h", "-")) + "; " + save + withIds(step, postsuper("-d", "-", "hold"));
        }
        MessageStep.Flush flush = (MessageStep.Flush) step;
        return flush.site().isEmpty()
                ? retries(flush.messages())
                : CommandRunner.describe(postqueue("-s", flush.site()));
    }

    private static String withIds(MessageStep step, List<String> argv) {
        List<MessageRef> all = step.messages();
        String shown =
                all.stream().limit(MOST_SHOWN_IDS).map(ref -> ref.id().id()).collect(Collectors.joining(" "));
        String more = all.size() > MOST_SHOWN_IDS ? " … (" + all.size() + " ids)" : "";
        return "printf '%s\\n' " + shown + more + " | " + CommandRunner.describe(argv);
    }

    private String retries(List<MessageRef> messages) {
        String more = messages.size() > 1 ? " (and the same for each other one)" : "";
        return CommandRunner.describe(retryShown(messages)) + more;
    }

    private List<String> retryShown(List<MessageRef> messages) {
        return messages.isEmpty()
                ? postqueue("-f")
                : postqueue("-i", messages.get(0).id().id());
    }

    private List<String> postsuper(String... words) {
        List<String> argv = new ArrayList<>(
                List.of("postsuper", "-c", instance.configuration().toString()));
        argv.addAll(List.of(words));
        return argv;
    }

    private List<String> postqueue(String... words) {
        List<String> argv = new ArrayList<>(
                List.of("postqueue", "-c", instance.configuration().toString()));
        argv.addAll(List.of(words));
        return argv;
    }

    @Override
    public Done run(MessageStep step) {
        if (step instanceof MessageStep.Flush flush && flush.messages().isEmpty()) {
            Said said = calls.call(flush.site().isEmpty() ? postqueue("-f") : postqueue("-s", flush.site()), "");
            return said.ok() ? Done.all(1) : Done.none("postqueue: " + said.complaint() + advice(said, flush.site()));
        }
        Problems problems = new Problems();
        MessageIdentityCheck check = new MessageIdentityCheck(layout, EVERYWHERE);
        int count;
        if (step instanceof MessageStep.Hold) {
            count = postsuper(step.messages(), check, problems, "-h", "-");
        } else if (step instanceof MessageStep.Release) {
            count = postsuper(step.messages(), check, problems, "-H", "-");
            retry(check.same(), problems);
        } else if (step instanceof MessageStep.Requeue) {
            count = postsuper(step.messages(), check, problems, "-r", "-");
            if (count > 0) {
                // Pickup looks into the maildrop once a minute unless it is woken.
                flush(problems);
            }
        } else if (step instanceof MessageStep.Delete delete) {
            count = delete(delete, problems);
        } else {
            step.messages().forEach(check::isSame);
            problems.addAll(check.problems());
            retry(check.same(), problems);
            count = check.same().size();
        }
        return problems.done(count);
    }

    @Override
    public List<MessageRef> found(List<MessageRef> messages, boolean onHold) {
        return MessageIdentityCheck.among(messages, layout, onHold ? ON_HOLD : EVERYWHERE)
                .same();
    }

    /* Each is looked at before its id goes out, while postsuper is at work on those before it. */
    private int postsuper(List<MessageRef> messages, MessageIdentityCheck check, Problems problems, String... words) {
        Said said = calls.call(postsuper(words), to -> {
            StringBuilder ids = new StringBuilder();
            for (MessageRef ref : messages) {
                if (check.isSame(ref)) {
                    ids.append(ref.id().id()).append('\n');
                }
                if (ids.length() >= CHUNK) {
                    send(ids, to);
                }
            }
            send(ids, to);
        });
        problems.addAll(check.problems());
        String did = Objects.requireNonNull(DID.get(words[0]));
        int count = (int) said.all().lines().filter(line -> line.endsWith(did)).count();
        int asked = check.same().size();
        if (!said.ok()) {
            problems.failed("postsuper: " + said.complaint());
        } else if (count < asked) {
            problems.add((asked - count) + " were not in a queue where that can be done");
        }
        return count;
    }

    private static void send(StringBuilder ids, OutputStream to) throws IOException {
        to.write(ids.toString().getBytes(StandardCharsets.US_ASCII));
        to.flush();
        ids.setLength(0);
    }

    /* Never everybody's mail for the sake of some: what others have deferred has its own time. */
    private void retry(List<MessageRef> messages, Problems problems) {
        for (MessageRef ref : messages.subList(0, Math.min(MOST_SINGLE_RETRIES, messages.size()))) {
            Said said = calls.call(postqueue("-i", ref.id().id()), "");
            report(said, problems);
            if (!said.ok()) {
                return;
            }
        }
        int later = messages.size() - MOST_SINGLE_RETRIES;
        if (later > 0) {
            problems.add(later + " of them are tried at the next run of the queue (queue_run_delay)");
        }
    }

    private static String advice(Said said, String site) {
        return said.complaint().contains(NOT_CONFIGURED)
                ? "; add " + site + " to fast_flush_domains in main.cf, which has $relay_domains alone by default, and"
                        + " reload Postfix; or flush all of the queue, without --site"
                : "";
    }

    private void flush(Problems problems) {
        report(calls.call(postqueue("-f"), ""), problems);
    }

    private static void report(Said said, Problems problems) {
        if (!said.ok()) {
            problems.failed("postqueue: " + said.complaint());
        }
    }

    /*
     * On hold nothing moves any more, so what is saved is what is deleted. An active message is delivered to its end all
     * the same (qmgr has it open); then nothing of it is left to be served.
     */
    private int delete(MessageStep.Delete delete, Problems problems) {
        MessageIdentityCheck listed = new MessageIdentityCheck(layout, EVERYWHERE);
        Problems unheld = new Problems();
        postsuper(delete.messages(), listed, unheld, "-h", "-");
        problems.addAll(listed.problems());
        List<MessageRef> kept = listed.same();
        if (!delete.savedTo().isEmpty()) {
            MessageIdentityCheck held = MessageIdentityCheck.among(kept, layout, ON_HOLD);
            problems.addAll(held.problems());
            kept = save(held.same(), Path.of(delete.savedTo()), problems);
        }
        return kept.isEmpty()
                ? 0
                : postsuper(kept, new MessageIdentityCheck(layout, ON_HOLD), problems, "-d", "-", "hold");
    }

    private List<MessageRef> save(List<MessageRef> messages, Path mbox, Problems problems) {
        return EvidenceMbox.save(messages, mbox, this::copy, problems::add, problems::failed);
    }

    private void copy(MessageRef message, EvidenceMbox to) throws IOException {
        Path path = instance.queue().resolve("hold").resolve(message.id().id());
        try (SeekableByteChannel channel = layout.open(path)) {
            to.begin(message);
            MessageReader.copy(channel, to);
        }
    }
}
