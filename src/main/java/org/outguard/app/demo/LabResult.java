package org.outguard.app.demo;

/** What came of the wish for a lab. */
public sealed interface LabResult {

    /**
     * It stands.
     *
     * @param lab to be closed by whoever asked for it
     */
    record Ready(Lab lab) implements LabResult {}

    /**
     * It does not, and nothing of it is left.
     *
     * @param lacksPrivilege whether root, or CAP_SYS_ADMIN and CAP_NET_ADMIN, would have been enough
     * @param reason what failed, for a person; has text of other programs in it
     */
    record NotBuilt(boolean lacksPrivilege, String reason) implements LabResult {}
}
