package org.outguard.mta;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner;
import org.outguard.mail.QueueId;

/** One mail system of this machine: its queue and what can be done to it. Its methods may wait for programs. */
public interface MailSystem {

    /** See {@link org.outguard.mail.QueueId#instance()}. */
    String instance();

    /** Where it runs. */
    default MailHost host() {
        return ThisMachine.HERE;
    }

    /** A new follower of its queue. */
    QueueReader reader();

    /**
     * The header of a message that is in the queue, or all of it.
     *
     * @param id which one
     * @param body whether its body too; at most the first 256 kB
     * @return empty where it is not there; text from outside
     */
    String text(QueueId id, boolean body);

    /** The file that it logs into by its own settings, where it has one. */
    default Optional<Path> log() {
        return Optional.empty();
    }

    /** Users as which it runs, as far as it says. */
    default Set<Integer> uids() {
        return Set.of();
    }

    /** Hosts that it hands all or most of its mail to, names or addresses, as its settings have them. */
    default Set<String> relayHosts() {
        return Set.of();
    }

    /** What open files of its processes tell of deliveries. */
    DeliveryFiles deliveries();

    /** What acts on messages. */
    MessageActions messages();

    /** What acts on who may hand mail in. */
    SubmissionActions submission();

    /** Acts on messages that are named one by one; each is checked to be still the same before it is touched. */
    interface MessageActions {

        /** The exact commands, as a person would type them. */
        String commands(MessageStep step);

        /** Carries a step out. */
        Done run(MessageStep step);

        /**
         * Those of these messages that are in the queue, unchanged.
         *
         * @param onHold whether only those on hold are meant
         */
        List<MessageRef> found(List<MessageRef> messages, boolean onHold);
    }

    /** Acts on who may hand mail in. */
    interface SubmissionActions {

        /** The exact commands, as a person would type them. */
        String commands(RestrictionStep step);

        /** What is set now of all that the step would change. */
        List<Setting> before(RestrictionStep step);

        /** Carries a step out and looks whether it holds. */
        Done run(RestrictionStep step);

        /**
         * How much of what a restriction sets is set; files that a crash left half written are taken away. Where the mail
         * system may not have read yet what is set, that is a part.
         */
        StepRunner.Extent inForce(MailRestriction on);
    }

    /**
     * How a step went.
     *
     * @param count messages or settings that it did something to
     * @param problems why some or all of it was not done; empty where all was
     * @param failed whether a program of the mail system failed, rather than that messages had gone by then
     */
    record Done(int count, List<String> problems, boolean failed) {
        public Done {
            problems = List.copyOf(problems);
        }

        /** No program failed. */
        public Done(int count, List<String> problems) {
            this(count, problems, false);
        }

        /** All of it. */
        public static Done all(int count) {
            return new Done(count, List.of());
        }

        /** Nothing of it. */
        public static Done none(String reason) {
            return new Done(0, List.of(reason));
        }
    }

    /** Which of these messages are of this mail system. */
    default List<MessageRef> own(List<MessageRef> messages) {
        return messages.stream()
                .filter(ref -> ref.id().instance().equals(instance()))
                .toList();
    }
}
