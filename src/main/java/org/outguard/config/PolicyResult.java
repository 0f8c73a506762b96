package org.outguard.config;

import java.util.List;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.notify.Target;

/** What came of reading a policy. */
public sealed interface PolicyResult {

    /**
     * It could be read.
     *
     * @param policy defaults and what the file changes
     * @param rules what is done without being asked, where that is wanted, in the order of the file
     * @param history whether and how much of what left is kept
     * @param notified who is told of what
     * @param feeds lists of addresses that others publish
     */
    record Read(Policy policy, List<ResponseRule> rules, HistoryPolicy history, List<Target> notified, FeedPolicy feeds)
            implements PolicyResult {
        public Read {
            rules = List.copyOf(rules);
            notified = List.copyOf(notified);
        }

        /** A policy that does nothing without being asked. */
        public Read(Policy policy) {
            this(policy, List.of(), HistoryPolicy.DEFAULT, List.of(), FeedPolicy.NONE);
        }
    }

    /**
     * It could not, and nothing of it counts.
     *
     * @param errors at least one, in the order of the file
     */
    record Invalid(List<Fault> errors) implements PolicyResult {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }

    /**
     * One error.
     *
     * @param file which file
     * @param line its line from 1 on; 0 where the whole file is meant
     * @param key dotted key, empty where none is meant; as the file has it, so not safe to print uncleaned
     * @param text what is wrong and what would be right; not safe to print uncleaned
     */
    record Fault(String file, int line, String key, String text) {
        /** {@code file:line: key: text}, as compilers have it. */
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + text;
        }
    }
}
