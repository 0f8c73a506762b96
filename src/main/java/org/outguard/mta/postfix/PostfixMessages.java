package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.MessageStep;
import org.outguard.guard.MessageStep.MessageRef;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.EvidenceMbox;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.MessageActions;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.SpoolLayout.Folder;

/**
 * Acts on queued messages by postsuper(1) and postqueue(1), many ids at once through standard input. postsuper ends
 * with status 0 even where it knew none of them, so what it did is counted from what it says.
 */
final class PostfixMessages implements MessageActions {

    /** Beyond these, one run over the whole queue costs less than a program a message. */
    private static final int MOST_SINGLE_RETRIES = 50;

    private static final int MOST_SHOWN_IDS = 8;
    private static final Pattern DID =
            Pattern.compile("postsuper: [0-9A-Za-z]+: (?:placed on hold|released from hold|removed|requeued)");

    private final PostfixInstance instance;
    private final PostfixLayout layout;
    private final ProgramCalls calls;
    private final Executor second;

    PostfixMessages(PostfixInstance instance, PostfixLayout layout, ProgramCalls calls, Executor second) {
        this.instance = instance;
        this.layout = layout;
        this.calls = calls;
        this.second = second;
    }

    @Override
    public String commands(MessageStep step) {
        if (step instanceof MessageStep.Hold) {
            return withIds(step, postsuper("-h", "-"));
        } else if (step instanceof MessageStep.Release) {
            return withIds(step, postsuper("-H", "-")) + "; " + CommandRunner.describe(retryShown(step.messages()));
        } else if (step instanceof MessageStep.Requeue) {
            return withIds(step, postsuper("-r", "-")) + "; " + CommandRunner.describe(postqueue("-f"));
        } else if (step instanceof MessageStep.Delete delete) {
            String save = delete.savedTo().isEmpty() ? "" : "(each is appended to " + delete.savedTo() + " first) ";
            return withIds(step, postsuper("-h", "-")) + "; " + save + withIds(step, postsuper("-d", "-", "hold"));
        }
        MessageStep.Flush flush = (MessageStep.Flush) step;
        return CommandRunner.describe(
                flush.site().isEmpty() ? retryShown(flush.messages()) : postqueue("-s", flush.site()));
    }

    private static String withIds(MessageStep step, List<String> argv) {
        List<String> ids = step.messages().stream().map(ref -> ref.id().id()).toList();
        String shown = ids.stream().limit(MOST_SHOWN_IDS).collect(Collectors.joining(" "));
        String more = ids.size() > MOST_SHOWN_IDS ? " … (" + ids.size() + " ids)" : "";
        return "printf '%s\\n' " + shown + more + " | " + CommandRunner.describe(argv);
    }

    private List<String> retryShown(List<MessageRef> messages) {
        return messages.size() == 1 ? postqueue("-i", messages.get(0).id().id()) : postqueue("-f");
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
            return said.ok() ? Done.all(1) : Done.none("postqueue: " + said.complaint());
        }
        if (step instanceof MessageStep.Hold) {
            return hold(step.messages());
        }
        Checked checked = check(step.messages(), Set.of(Status.values()));
        List<String> problems = new ArrayList<>(checked.problems());
        List<MessageRef> same = checked.same();
        if (same.isEmpty()) {
            return new Done(0, problems);
        }
        int count;
        if (step instanceof MessageStep.Release) {
            count = postsuper(same, problems, "-H", "-");
            retry(same, problems);
        } else if (step instanceof MessageStep.Requeue) {
            count = postsuper(same, problems, "-r", "-");
            // Pickup looks into the maildrop once a minute unless it is woken.
            retry(List.of(), problems);
        } else if (step instanceof MessageStep.Delete delete) {
            count = delete(same, delete.savedTo(), problems);
        } else {
            retry(same, problems);
            count = same.size();
        }
        return new Done(count, problems);
    }

    @Override
    public List<MessageRef> found(List<MessageRef> messages, boolean onHold) {
        return check(messages, onHold ? Set.of(Status.HOLD) : Set.of(Status.values()))
                .same();
    }

    /*
     * Checked while postsuper works, since it takes about as long, and a hold can be taken back: a message that has the
     * id of one that is gone is let go at once.
     */
    private Done hold(List<MessageRef> messages) {
        List<MessageRef> whole = messages.stream()
                .filter(ref -> PostfixLayout.isId(ref.id().id()))
                .toList();
        FutureTask<Checked> check = new FutureTask<>(() -> check(messages, Set.of(Status.values())));
        second.execute(check);
        List<String> problems = new ArrayList<>();
        int count = postsuper(whole, problems, "-h", "-");
        Checked checked;
        try {
            checked = check.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            checked = check(messages, Set.of(Status.values()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the check of queue files broke", e.getCause());
        }
        problems.addAll(checked.problems());
        if (!checked.others().isEmpty()) {
            count -= postsuper(checked.others(), problems, "-H", "-");
        }
        return new Done(count, problems);
    }

    private int postsuper(List<MessageRef> messages, List<String> problems, String... words) {
        String ids = messages.stream().map(ref -> ref.id().id() + "\n").collect(Collectors.joining());
        Said said = calls.call(postsuper(words), ids);
        int count = (int) DID.matcher(said.all()).results().count();
        if (!said.ok()) {
            problems.add("postsuper: " + said.complaint());
        } else if (count < messages.size()) {
            problems.add((messages.size() - count) + " were not in a queue where that can be done");
        }
        return count;
    }

    private void retry(List<MessageRef> messages, List<String> problems) {
        if (messages.isEmpty() || messages.size() > MOST_SINGLE_RETRIES) {
            report(calls.call(postqueue("-f"), ""), problems);
            return;
        }
        messages.forEach(ref -> report(calls.call(postqueue("-i", ref.id().id()), ""), problems));
    }

    private static void report(Said said, List<String> problems) {
        if (!said.ok()) {
            problems.add("postqueue: " + said.complaint());
        }
    }

    /*
     * On hold nothing moves any more, so what is saved is what is deleted. An active message is delivered to its end all
     * the same (qmgr has it open); then nothing of it is left to be served.
     */
    private int delete(List<MessageRef> messages, String savedTo, List<String> problems) {
        List<String> unheld = new ArrayList<>();
        postsuper(messages, unheld, "-h", "-");
        Checked held = check(messages, Set.of(Status.HOLD));
        List<MessageRef> same = held.same();
        problems.addAll(held.problems());
        if (!savedTo.isEmpty()) {
            same = save(same, Path.of(savedTo), problems);
        }
        return same.isEmpty() ? 0 : postsuper(same, problems, "-d", "-", "hold");
    }

    private List<MessageRef> save(List<MessageRef> messages, Path mbox, List<String> problems) {
        List<MessageRef> saved = new ArrayList<>();
        try (EvidenceMbox file = EvidenceMbox.append(mbox)) {
            for (MessageRef ref : messages) {
                Path path = instance.queue().resolve("hold").resolve(ref.id().id());
                try (SeekableByteChannel channel = open(path)) {
                    file.begin(ref);
                    WholeMessage.copy(channel, file);
                    file.end();
                    saved.add(ref);
                } catch (IOException e) {
                    file.abandon();
                    problems.add(ref.id() + " is kept, since it could not be saved: " + e.getMessage());
                }
            }
            file.sync();
            return saved;
        } catch (IOException e) {
            problems.add("nothing is deleted, since " + mbox + " cannot be written: " + e.getMessage());
            return List.of();
        }
    }

    private static SeekableByteChannel open(Path path) throws IOException {
        return Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * What is still what it was.
     *
     * @param same messages that are there, with the arrival and sender that were listed
     * @param others those whose id another message has
     * @param problems what of those that are not the same
     */
    private record Checked(List<MessageRef> same, List<MessageRef> others, List<String> problems) {}

    private Checked check(List<MessageRef> messages, Set<Status> where) {
        List<MessageRef> same = new ArrayList<>(messages.size());
        // Most lie together: where the last one lay is looked at first.
        Status[] likely = {Status.DEFERRED};
        int gone = 0;
        List<MessageRef> others = new ArrayList<>();
        for (MessageRef ref : messages) {
            Optional<Boolean> fits = PostfixLayout.isId(ref.id().id()) ? fits(ref, where, likely) : Optional.empty();
            if (fits.isEmpty()) {
                gone++;
            } else if (fits.get()) {
                same.add(ref);
            } else {
                others.add(ref);
            }
        }
        List<String> problems = new ArrayList<>();
        if (gone > 0) {
            problems.add(gone + " no longer there");
        }
        if (!others.isEmpty()) {
            problems.add(others.size() + " left alone, since another message has the id by now");
        }
        return new Checked(same, others, problems);
    }

    /* Whether a file of this name is that message; empty where there is no such file. */
    private Optional<Boolean> fits(MessageRef ref, Set<Status> where, Status[] likely) {
        for (Folder folder : layout.candidates(ref.id().id(), likely[0])) {
            if (where.contains(folder.status())) {
                try (SeekableByteChannel channel =
                        open(folder.path().resolve(ref.id().id()))) {
                    QueueFile file = QueueFile.readEnvelope(channel);
                    likely[0] = folder.status();
                    return Optional.of(file.arrival().equals(ref.arrival())
                            && file.sender().equals(ref.sender()));
                } catch (IOException e) {
                    // Not in this queue.
                }
            }
        }
        return Optional.empty();
    }
}
