package org.outguard.guard.mail;

import java.util.ArrayDeque;
import java.util.Deque;

/** A queue that is read. */
final class QueueLook {
    int unread;

    /** What the log has in it and the queue has not shown, oldest line first. */
    final Deque<TrackedMessage> byLogAlone = new ArrayDeque<>();
}
