package org.outguard.guard.action;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an action does. One family for each room that can carry it out; each names identities (a target, a process with
 * its start time, queue ids with their arrival), never rows.
 */
public sealed interface Step permits NetworkStep, ProcessStep, MailStep, FileStep {

    /** The word in NDJSON, the journal and on the screen: {@code "block"}. Unique over all families. */
    String word();

    /** What it is about, for people: {@code "uid 33 to 192.0.2.1"}. Text from outside may be in it. */
    String subject();

    /** Both, as one speaks of it: {@code "block of uid 33 to 192.0.2.1"}, {@code "block to 192.0.2.1"}. */
    default String named() {
        return named(word(), subject());
    }

    /** The same of what is no step any more. */
    static String named(String word, String subject) {
        return word + (subject.startsWith("to ") ? " " : " of ") + subject;
    }

    /**
     * The thing whose state it changes. There is one state a key in the kernel or the mail system, so of two steps with
     * one key the newer says what stands.
     */
    String key();

    /** What is left when it is done. */
    Effect effect();

    /** For how long it stands; empty where that has no end, or where nothing stands. */
    default Optional<Duration> length() {
        return Optional.empty();
    }

    /** Id of the action that it undoes; empty where it was asked for by itself. */
    default String undoes() {
        return "";
    }

    /**
     * The step that takes this one back.
     *
     * @param actionId the action of this step
     * @return empty where nothing can
     */
    Optional<Step> undo(String actionId);

    /**
     * All that {@link StepFields#read} needs to make it again: texts, whole numbers, lists and maps of those. No name is
     * one of those that an action has itself.
     */
    Map<String, Object> fields();

    /** What an action leaves behind. */
    enum Effect {
        /** Something stands until it is undone or expires. */
        STANDS,
        /** What stood stands no more. */
        ENDS,
        /** It is done and that is that. */
        ONCE
    }
}
