package org.outguard.guard;

/** What the policy says of a talker, in rising order. */
public enum Verdict {
    CLEAN,
    SUSPECT,
    OFFENDING
}
