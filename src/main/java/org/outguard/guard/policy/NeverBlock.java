package org.outguard.guard.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.BlockTarget;

/**
 * Destinations that a rule never blocks or limits, and people only after a second confirmation.
 *
 * @param sources what this machine is asked for
 * @param networks named in the policy itself
 */
public record NeverBlock(Set<Source> sources, List<BlockTarget.Remote> networks) {

    /** All that this machine knows of. */
    public static final NeverBlock DEFAULT = new NeverBlock(EnumSet.allOf(Source.class), List.of());

    public NeverBlock {
        sources = Set.copyOf(sources);
        networks = List.copyOf(networks);
    }

    /** Destinations that this machine can name. */
    public enum Source {
        /** Next hops of its default routes. */
        GATEWAY("the gateway"),
        /** Name servers that it asks. */
        RESOLVERS("a resolver in use"),
        /** The host that the mail system hands its mail to. */
        RELAYHOST("the relay host"),
        /** Where people logged in from last. */
        LOGINS("where somebody logged in from"),
        /** Where the mail system delivers most. */
        DELIVERIES("one of the mail system's busiest destinations");

        private final String words;

        Source(String words) {
            this.words = words;
        }

        /** What such an address is, for people. */
        public String words() {
            return words;
        }

        /** Lower-case name, as in the policy. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The source of this name; empty where there is none. */
        public static Optional<Source> of(String word) {
            return Arrays.stream(values())
                    .filter(one -> one.word().equals(word))
                    .findFirst();
        }
    }
}
