package org.outguard.guard.policy;

/** What the policy says of a talker, in rising order. */
public enum Verdict {
    CLEAN,
    SUSPECT,
    OFFENDING
}
