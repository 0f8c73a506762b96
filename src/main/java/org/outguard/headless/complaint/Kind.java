package org.outguard.headless.complaint;

/** What a complaint is about. */
public enum Kind {
    DDOS("ddos"),
    NETSCAN("netscan"),
    BRUTE_FORCE("bruteforce"),
    /** A service of ours answers requests with a forged source. */
    REFLECTOR("reflector"),
    /** A complaint about one message: a feedback report (RFC 5965), SpamCop, or the message itself. */
    SPAM_MESSAGE("spam-arf"),
    /** Notice of a block list; no packet and no message is shown. */
    SPAM_LISTING("spam-listing"),
    OTHER("other");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** As in JSON. */
    public String word() {
        return word;
    }
}
