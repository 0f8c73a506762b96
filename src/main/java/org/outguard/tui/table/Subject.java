package org.outguard.tui.table;

import org.outguard.guard.action.ActionRow;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;

/** What a key acts on: it names an identity, and holds what was known of it when it was on the screen. */
public sealed interface Subject {

    /** Somebody who sends. */
    record OfTalker(Talker talker) implements Subject {}

    /** One destination of somebody who sends. */
    record OfRemote(Talker talker, Talker.RemoteTotal remote) implements Subject {}

    /** All mail of one submitter. */
    record OfMail(Submitter submitter) implements Subject {}

    /** Something that was done. */
    record OfAction(ActionRow row) implements Subject {}

    /** Nothing that could be acted on. */
    record Nothing() implements Subject {}
}
