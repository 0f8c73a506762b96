package org.outguard.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.mail.QueueListing;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.QueueFilters;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.Step;
import org.outguard.headless.ExitStatus;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.MessageBatches;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands on queued messages: those of the ids or filters that are given, as the queue is at that moment. */
public final class MessageCommands {

    private MessageCommands() {}

    /** What they have in common. */
    abstract static class OnMessages implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        CommandSpec spec;

        @Mixin
        final QueueFilters filters = new QueueFilters();

        @Mixin
        final ActingOptions acting = new ActingOptions();

        @Mixin
        final PlaceOptions place = new PlaceOptions();

        abstract Step step(List<MessageRef> messages);

        /** What is to be said of messages that are there, of which none suits. */
        String unsuited() {
            return "none of them can be meant";
        }

        /** Whether it makes sense for a message. */
        boolean suits(QueuedMessage message) {
            return true;
        }

        @Override
        public Integer call() {
            if (filters.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "needs queue ids or a filter, such as --uid 33");
            }
            PrintWriter err = spec.commandLine().getErr();
            Optional<CliActionExecutor> executor = place.acting(spec, acting);
            if (executor.isEmpty()) {
                return ExitStatus.FAILED.code();
            }
            QueueListing queue = QueueListing.read(place.mail().systems());
            queue.limits().forEach(limit -> err.println("outguard: " + SafeText.clean(limit)));
            List<MessageRef> refs = new ArrayList<>();
            List<QueuedMessage> there =
                    filters.of(queue.messages(), place.clock().instant());
            for (QueuedMessage message : there) {
                if (suits(message)) {
                    refs.add(new MessageRef(message.id(), message.arrival(), message.sender()));
                }
            }
            if (refs.isEmpty()) {
                err.println("outguard: refused: "
                        + (there.isEmpty()
                                ? "no such message is in the queue"
                                : there.size() + " such messages are in the queue, and " + unsuited()));
                return ExitStatus.REFUSED.code();
            }
            List<Step> steps = new ArrayList<>();
            MessageBatches.of(refs).forEach(batch -> steps.add(step(batch)));
            return executor.get().act(steps, acting);
        }
    }

    /** {@code outguard hold}. */
    @Command(name = "hold", description = "put messages on hold")
    public static final class HoldCommand extends OnMessages {
        @Override
        Step step(List<MessageRef> messages) {
            return new MessageStep.Hold(messages);
        }

        @Override
        boolean suits(QueuedMessage message) {
            return message.status() != Status.HOLD;
        }

        @Override
        String unsuited() {
            return "all of them are on hold already";
        }
    }

    /** {@code outguard release}. */
    @Command(name = "release", description = "take messages off hold and try to deliver them")
    public static final class ReleaseCommand extends OnMessages {
        @Override
        Step step(List<MessageRef> messages) {
            return new MessageStep.Release(messages, "");
        }

        @Override
        boolean suits(QueuedMessage message) {
            return message.status() == Status.HOLD;
        }

        @Override
        String unsuited() {
            return "none of them is on hold";
        }
    }

    /** {@code outguard requeue}. */
    @Command(name = "requeue", description = "let the mail system take messages in anew")
    public static final class RequeueCommand extends OnMessages {
        @Override
        Step step(List<MessageRef> messages) {
            return new MessageStep.Requeue(messages);
        }
    }

    /** {@code outguard delete}. */
    @Command(name = "delete", description = "save messages to a file, then delete them")
    public static final class DeleteCommand extends OnMessages {

        @Option(names = "--evidence", paramLabel = "FILE", description = "mbox file that they are saved to")
        @Nullable
        Path evidence;

        @Option(names = "--no-evidence", description = "do not save them")
        boolean noEvidence;

        @Override
        Step step(List<MessageRef> messages) {
            String file = evidence == null
                    ? MessageStep.USUAL_FILE
                    : evidence.toAbsolutePath().toString();
            return new MessageStep.Delete(messages, noEvidence ? "" : file);
        }

        /* A file that is damaged, or that may not be read, names nobody: it stays for a person to look at. */
        @Override
        boolean suits(QueuedMessage message) {
            boolean byId = filters.ids.contains(message.id().id());
            return byId
                    || message.root().evidence().trusted() && !message.root().isDisputed();
        }

        @Override
        String unsuited() {
            return "whose they are is not certain: name their ids";
        }
    }

    /** {@code outguard flush}. */
    @Command(name = "flush", description = "try to deliver at once: all, one site, or some messages")
    public static final class FlushCommand extends OnMessages {

        @Option(names = "--site", paramLabel = "DOMAIN", description = "only what goes there")
        @Nullable
        String site;

        @Override
        Step step(List<MessageRef> messages) {
            return new MessageStep.Flush(messages, "");
        }

        @Override
        boolean suits(QueuedMessage message) {
            return message.status() != Status.HOLD;
        }

        @Override
        String unsuited() {
            return "all of them are on hold";
        }

        @Override
        public Integer call() {
            if (!filters.isEmpty()) {
                return super.call();
            }
            MessageStep.Flush all = new MessageStep.Flush(List.of(), site == null ? "" : site);
            return place.acting(spec, acting)
                    .map(executor -> executor.act(List.of(all), acting))
                    .orElse(ExitStatus.FAILED.code());
        }
    }
}
