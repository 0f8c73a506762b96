package org.outguard.maillog;

/** Programs of Postfix whose lines are told apart; see master(8). */
enum PostfixProgram {
    PICKUP,
    SMTPD,
    CLEANUP,
    QMGR,
    BOUNCE,
    LOCAL,
    PIPE,
    POSTSUPER,
    /** Agents and clients that only say what became of a recipient: smtp, lmtp, virtual, error, discard … */
    DELIVERY,
    /** Nothing of it concerns one message. */
    OTHER;

    /** By the name of its executable, which is the last part of the tag. */
    static PostfixProgram of(String name) {
        return switch (name) {
            case "pickup" -> PICKUP;
            case "smtpd" -> SMTPD;
            case "cleanup" -> CLEANUP;
            case "qmgr", "oqmgr", "nqmgr" -> QMGR;
            case "bounce", "defer", "trace" -> BOUNCE;
            case "local" -> LOCAL;
            case "pipe" -> PIPE;
            case "postsuper" -> POSTSUPER;
            case "smtp", "lmtp", "virtual", "error", "retry", "discard", "verify" -> DELIVERY;
            default -> OTHER;
        };
    }

    /** Whether it writes under the plain {@code syslog_name} of its instance, without a service's name behind it. */
    static boolean namesInstance(String name) {
        return switch (name) {
            case "qmgr", "oqmgr", "nqmgr", "pickup", "postsuper", "master", "postfix-script" -> true;
            default -> false;
        };
    }
}
