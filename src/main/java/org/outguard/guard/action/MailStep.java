package org.outguard.guard.action;

import java.util.Optional;

/** Steps on mail: on messages that are named one by one, or on how all mail is taken in and sent. */
public sealed interface MailStep extends Step permits MessageStep, RestrictionStep {

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return MessageStep.read(word, fields).or(() -> RestrictionStep.read(word, fields));
    }
}
