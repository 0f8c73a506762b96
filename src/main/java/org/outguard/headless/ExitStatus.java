package org.outguard.headless;

/** What the program tells its caller when it ends. */
public enum ExitStatus {
    DONE(0),
    FAILED(1),
    /** The command line could not be understood. */
    USAGE(2),
    /** Offenders or findings are present. */
    FOUND(3),
    /** Refused, with the reason. */
    REFUSED(4),
    /** As automake and dpkg's tests have it for "cannot be run here". */
    LACKS_PRIVILEGE(77);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** The number that exit(3) gets. */
    public int code() {
        return code;
    }
}
