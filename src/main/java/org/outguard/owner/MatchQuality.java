package org.outguard.owner;

/** How sure it is that an owner sent the packets. */
public enum MatchQuality {
    /** The kernel or an unambiguous socket says so. */
    EXACT,
    /** Best of what could be seen; more than one process was possible, or the socket was gone. */
    PROBABLE,
    /** Nobody can be named. */
    NONE
}
