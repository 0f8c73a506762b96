package org.outguard.guard.action;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a mail system can be told to do otherwise until it is undone. */
public sealed interface MailRestriction {

    /** Word of the step that imposes it. */
    String word();

    /** Word of the step that lifts it. */
    String endWord();

    /** What it is about, for people. */
    String subject();

    /** There is one state of it a key, see {@link Step#key()}. */
    String key();

    /** What is to be known to make it again. */
    default Map<String, Object> fields() {
        return new LinkedHashMap<>();
    }

    /** All new mail goes on hold. */
    record AllHeld() implements MailRestriction {

        @Override
        public String word() {
            return "hold-all";
        }

        @Override
        public String endWord() {
            return "accept-all";
        }

        @Override
        public String subject() {
            return "all new mail";
        }

        @Override
        public String key() {
            return "hold-all";
        }
    }

    /**
     * A user may not submit mail, on any way in.
     *
     * @param user a local user or a SASL login
     */
    record Banned(String user) implements MailRestriction {

        @Override
        public String word() {
            return "ban";
        }

        @Override
        public String endWord() {
            return "unban";
        }

        @Override
        public String subject() {
            return "mail of user " + user;
        }

        @Override
        public String key() {
            return "ban " + user;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("user", user);
            return fields;
        }
    }

    /**
     * Deliveries to one destination wait for each other.
     *
     * @param seconds least time between two of them
     */
    record Slowed(long seconds) implements MailRestriction {

        /** What is asked for where nothing is said: six messages a minute to one domain. */
        public static final long USUAL_SECONDS = 10;

        /** An hour: what is slower is better held. */
        public static final long MOST_SECONDS = 3_600;

        @Override
        public String word() {
            return "slow-down";
        }

        @Override
        public String endWord() {
            return "full-speed";
        }

        @Override
        public String subject() {
            return "deliveries to one destination";
        }

        @Override
        public String key() {
            return "slow-down";
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seconds", seconds);
            return fields;
        }
    }

    /** The restriction that a step of this word imposes or lifts; empty where there is none such. */
    static Optional<MailRestriction> read(String word, StepFields fields) {
        return switch (word) {
            case "hold-all", "accept-all" -> Optional.of(new AllHeld());
            case "ban", "unban" -> Optional.of(new Banned(fields.text("user")));
            case "slow-down", "full-speed" -> Optional.of(new Slowed(fields.number("seconds")));
            default -> Optional.empty();
        };
    }
}
