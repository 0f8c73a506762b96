package org.outguard.app;

/** What the program ends with. */
final class ExitStatus {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** Offenders are present. */
    static final int OFFENDERS = 3;
    /** Not done, for a reason that was said. */
    static final int REFUSED = 4;
    /** A privilege is lacking; named on standard error. */
    static final int NO_PRIVILEGE = 77;

    private ExitStatus() {}
}
